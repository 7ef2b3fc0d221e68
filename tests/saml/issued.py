"""What we issue, before foreign eyes: xmlsec1, signxml and python3-saml in strict mode."""

import base64
import datetime
import subprocess
import urllib.parse

from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from signxml import SignatureConfiguration, XMLVerifier

NAME = "zoë&co@example.com"
VALUES = ["plain", "<b>\"Zoë\" & 'co'</b>", "tab\tline\nreturn\r😀", "]]>", "--><!DOCTYPE x>"]
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
CIPHERS = {
    "aes128-gcm": "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "aes256-gcm": "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "aes128-cbc": "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    "aes256-cbc": "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
}


def check(oracle, keys):
    """Has every combination checked; gives how many checks there were."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    checks = 0
    for party, name in ((keys.rsa, "rsa-sha256"), (keys.rsa, "rsa-sha512"), (keys.p256, "ecdsa-sha256")):
        for parts in ("assertion", "response", "assertion response"):
            for value in VALUES:
                xml = ask(oracle, party, MORE + name, parts, "", keys.sp, now, value)
                checks += signatures(xml, party, parts, keys) + claims(xml, party, parts, keys, value, False)
    for cipher, uri in CIPHERS.items():
        xml = ask(oracle, keys.rsa, MORE + "rsa-sha256", "assertion response", uri + " sha1", keys.sp, now, VALUES[1])
        checks += decrypted(xml, keys) + claims(xml, keys.rsa, "response", keys, VALUES[1], True)
    return checks + detached(oracle, keys, now)


def ask(oracle, party, algorithm, parts, encrypt, sp, now, value):
    return oracle.ask(
        "response", party.key, party.certificate, algorithm, parts, encrypt, sp.certificate, now, NAME, value
    )


def signatures(xml, party, parts, keys):
    """Each signature by xmlsec1 and by signxml; and not after a change."""
    path = keys.write("issued.xml", xml)
    places = {"assertion": f"//*[local-name()='Assertion']/*[local-name()='Signature']",
              "response": "/*/*[local-name()='Signature']"}
    for part in parts.split():
        command = ["xmlsec1", "--verify", "--pubkey-cert-pem", party.certificate_path, "--node-xpath", places[part],
                   "--id-attr:ID", SAML + ":Assertion", "--id-attr:ID", SAMLP + ":Response"]
        run(command + [path])
        location = "./" if part == "response" else ".//{%s}Assertion/" % SAML
        XMLVerifier().verify(
            xml, x509_cert=party.certificate, id_attribute="ID", expect_config=SignatureConfiguration(location=location)
        )
        changed = keys.write("changed.xml", xml.replace(b">second<", b">sec0nd<"))
        if subprocess.run(command + [changed], capture_output=True).returncode == 0:
            raise AssertionError("xmlsec1 takes a changed value")
    return 3 * len(parts.split())


def claims(xml, party, parts, keys, value, encrypted):
    """The whole validation of python3-saml, and the values that it reads."""
    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": "https://sp.example.com/metadata",
                "assertionConsumerService": {"url": "https://sp.example.com/acs"},
                "x509cert": keys.sp.certificate,
                "privateKey": keys.sp.key,
            },
            "idp": {
                "entityId": "https://idp.example.com/saml",
                "singleSignOnService": {"url": "https://idp.example.com/sso"},
                "x509cert": party.certificate,
            },
            "security": {
                "wantMessagesSigned": "response" in parts,
                "wantAssertionsSigned": "assertion" in parts,
                "wantAssertionsEncrypted": encrypted,
                "rejectDeprecatedAlgorithm": True,
            },
        },
        sp_validation_only=False,
    )
    response = OneLogin_Saml2_Response(settings, base64.b64encode(xml).decode())
    request = {"https": "on", "http_host": "sp.example.com", "script_name": "/acs", "server_port": "443"}
    if not response.is_valid(request, "_q1"):
        raise AssertionError(f"python3-saml: {response.get_error()}")
    got = response.get_nameid(), response.get_attributes()["username"]
    if got != (NAME, [value, "second"]):
        raise AssertionError(f"python3-saml reads {got!r}")
    return 1


def decrypted(xml, keys):
    """The assertion by xmlsec1's decryption."""
    element = etree.fromstring(xml).find(".//{http://www.w3.org/2001/04/xmlenc#}EncryptedData")
    path = keys.write("encrypted.xml", etree.tostring(element, with_tail=False))
    plain = run(["xmlsec1", "--decrypt", "--privkey-pem", keys.sp.key_path, path])
    if b"Assertion" not in plain or "zoë&amp;co@example.com".encode() not in plain.replace(b"&#xEB;", "ë".encode()):
        raise AssertionError(f"xmlsec1 decrypts to {plain!r}")
    return 1


def detached(oracle, keys, now):
    """The query's signature by python3-saml."""
    address = oracle.ask("request", keys.rsa.key, keys.rsa.certificate, MORE + "rsa-sha256", now).decode()
    signed, signature = address.split("?")[1].split("&Signature=")
    value = base64.b64decode(urllib.parse.unquote(signature))
    arguments = (signed.encode(), value, keys.rsa.certificate, MORE + "rsa-sha256")
    if not OneLogin_Saml2_Utils.validate_binary_sign(*arguments):
        raise AssertionError("python3-saml refuses the query's signature")
    return 1


def run(command):
    result = subprocess.run(command, capture_output=True)
    if result.returncode:
        raise AssertionError(f"{' '.join(command)}: {result.stderr.decode()}")
    return result.stdout
