"""What others sign and encrypt, before our eyes: requests by signxml, xmlsec1 and python3-saml, an assertion encrypted by
xmlsec1."""

import base64
import subprocess
import urllib.parse
import zlib

from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner

from oracle import Refused

DS = "http://www.w3.org/2000/09/xmldsig#"
ISSUER = b"https://sp.example.com/metadata"
REQUEST = (
    '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="_req1" '
    'Version="2.0" IssueInstant="2026-11-21T20:00:00Z" Destination="https://idp.example.com/sso?a=1&amp;b=2" '
    'AssertionConsumerServiceURL="https://sp.example.com/acs">\n  <saml:Issuer>https://sp.example.com/metadata</saml:Issuer>'
    '%s\n  <samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" AllowCreate="true"/>'
    "</samlp:AuthnRequest>"
)
PLACEHOLDER = f'<ds:Signature xmlns:ds="{DS}" Id="placeholder"></ds:Signature>'
TEMPLATE = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
  <ds:SignedInfo>
    <ds:CanonicalizationMethod Algorithm="{c14n}"/>
    <ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
    <ds:Reference URI="#_req1"><ds:Transforms><ds:Transform Algorithm="{ds}enveloped-signature"/>{transform}</ds:Transforms>
      <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>
  </ds:SignedInfo>
  <ds:SignatureValue/>
  <ds:KeyInfo><ds:X509Data/></ds:KeyInfo>
</ds:Signature>"""
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
LISTED = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="xs xsi saml #default"/>'


def check(oracle, keys):
    """Has each verified, and refused after a change; gives how many checks there were."""
    messages = [*by_signxml(keys), *by_xmlsec1(keys), by_python3_saml(keys)]
    for name, xml in messages:
        if oracle.ask("verify-post", keys.sp.certificate, xml) != ISSUER:
            raise AssertionError(f"{name}: another issuer")
        must_refuse(oracle, name, "verify-post", keys.rsa.certificate, xml)
        must_refuse(oracle, name, "verify-post", keys.sp.certificate, xml.replace(b"/acs", b"/evil"))
    return 3 * len(messages) + detached(oracle, keys) + encrypted(oracle, keys)


def must_refuse(oracle, name, *question):
    try:
        oracle.ask(*question)
    except Refused:
        return
    raise AssertionError(f"{name}: taken although it is wrong")


def by_signxml(keys):
    for method, digest in ((SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256), (SignatureMethod.RSA_SHA512, DigestAlgorithm.SHA512), (SignatureMethod.RSA_SHA384, DigestAlgorithm.SHA384)):
        for form in (CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0, CanonicalizationMethod.CANONICAL_XML_1_0):
            signer = XMLSigner(signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=form)
            root = etree.fromstring(REQUEST % PLACEHOLDER)
            signed = signer.sign(root, key=keys.sp.key, cert=keys.sp.certificate, reference_uri="_req1", id_attribute="ID")
            yield f"signxml {method.name} {form.name}", etree.tostring(signed)


def by_xmlsec1(keys):
    forms = {
        "exclusive": (EXCLUSIVE, f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'),
        "exclusive with a list": (EXCLUSIVE, f'<ds:Transform Algorithm="{EXCLUSIVE}">{LISTED}</ds:Transform>'),
        "inclusive": (INCLUSIVE, f'<ds:Transform Algorithm="{INCLUSIVE}"/>'),
        "inclusive by default": (INCLUSIVE, ""),
    }
    for name, (c14n, transform) in forms.items():
        template = REQUEST % TEMPLATE.format(c14n=c14n, transform=transform, ds=DS)
        path = keys.write("template.xml", template.encode())
        command = ["xmlsec1", "--sign", "--privkey-pem", f"{keys.sp.key_path},{keys.sp.certificate_path}",
                   "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest", path]
        signed = subprocess.run(command, capture_output=True, check=True).stdout
        yield f"xmlsec1 {name}", signed
        # As if it had passed through a system with other line ends.
        yield f"xmlsec1 {name}, other line ends", signed.replace(b"\n", b"\r\n")


def by_python3_saml(keys):
    signed = OneLogin_Saml2_Utils.add_sign(
        REQUEST % "", keys.sp.key, keys.sp.certificate,
        sign_algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        digest_algorithm="http://www.w3.org/2001/04/xmlenc#sha256",
    )
    return "python3-saml", signed if isinstance(signed, bytes) else signed.encode()


def detached(oracle, keys):
    """A query signed by python3-saml."""
    algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    packed = zlib.compress((REQUEST % "").encode())[2:-4]
    query = "&".join(
        f"{name}={urllib.parse.quote_plus(value)}"
        for name, value in (("SAMLRequest", base64.b64encode(packed)), ("RelayState", "a b/ü"), ("SigAlg", algorithm))
    )
    value = OneLogin_Saml2_Utils.sign_binary(query, keys.sp.key)
    signed = f"{query}&Signature={urllib.parse.quote_plus(base64.b64encode(value))}"
    if oracle.ask("verify-query", keys.sp.certificate, signed) != ISSUER:
        raise AssertionError("a query of python3-saml: another issuer")
    must_refuse(oracle, "a query", "verify-query", keys.sp.certificate, signed.replace("%C3%BC", "%C3%BD"))
    return 2


def encrypted(oracle, keys):
    """An assertion of ours, encrypted by xmlsec1 with its random padding, read by us."""
    now = "2026-11-21T20:00:00Z"
    xml = oracle.ask("response", keys.rsa.key, keys.rsa.certificate, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                     "assertion", "", keys.sp.certificate, now, "zoe@example.com", "x")
    ciphers = {"http://www.w3.org/2009/xmlenc11#aes256-gcm": "aes-256",
               "http://www.w3.org/2001/04/xmlenc#aes128-cbc": "aes-128"}
    for cipher, session in ciphers.items():
        template = (
            f'<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="{DS}" '
            'Type="http://www.w3.org/2001/04/xmlenc#Element">'
            f'<xenc:EncryptionMethod Algorithm="{cipher}"/><ds:KeyInfo><xenc:EncryptedKey>'
            '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>'
            "<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>"
            "<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>"
        )
        path = keys.write("encrypt.xml", template.encode())
        # The response as we wrote it, so that the assertion stands in its context; xmlsec1 puts the data in its place.
        data = keys.write("data.xml", xml)
        command = ["xmlsec1", "--encrypt", "--pubkey-cert-pem", keys.sp.certificate_path, "--session-key", session,
                   "--xml-data", data, "--node-xpath", "//*[local-name()='Assertion']", path]
        made = subprocess.run(command, capture_output=True)
        if made.returncode:
            raise AssertionError(made.stderr.decode())
        inner = etree.tostring(etree.fromstring(made.stdout).find(".//{http://www.w3.org/2001/04/xmlenc#}EncryptedData"), with_tail=False)
        start, end = xml.index(b"<saml:Assertion "), xml.index(b"</saml:Assertion>") + len(b"</saml:Assertion>")
        wrapped = b'<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">' + inner + b"</saml:EncryptedAssertion>"
        whole = xml[:start] + wrapped + xml[end:]
        if oracle.ask("accept", keys.rsa.certificate, keys.sp.key, now, whole) != b"zoe@example.com":
            raise AssertionError(f"{cipher}: another name")
    return len(ciphers)
