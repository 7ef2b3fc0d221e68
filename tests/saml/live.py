"""The running server before foreign eyes: people sign in over HTTP, service providers are written with python3-saml (strict),
requests are signed by signxml, xmlsec1 and openssl, answers verified and decrypted by xmlsec1."""

import base64
import datetime
import http.cookiejar
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib

import lxml.html
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner
from lxml import etree

import foreign
from keys import Keys
from server import Server

PASSWORD = "seven copper kettles sing"
SP = "https://sp.example.com/metadata"
ACS = "https://sp.example.com/acs"
SLO = "https://sp.example.com/slo"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
ATTRIBUTES = [{"name": "mail", "value": "email"}, {"name": "urn:oid:2.5.4.42", "value": "firstname"}]


class World:
    """An application, and Ana who may use it."""

    def __init__(self, server, keys):
        self.server, self.keys = server, keys
        self.ana = f"ana@{server.slug}.example"
        person = {"username": "ana", "email": self.ana, "password": PASSWORD, "firstname": "Zoë <&>"}
        ana = server.ask("POST", "/api/systemusers", person)["_id"]
        made = {"name": "saml2", "displayLabel": "Profit", "active": True}
        self.app = server.ask("POST", "/api/applications", made)["_id"]
        server.ask("POST", f"/api/v2/applications/{self.app}/associations", {"op": "add", "type": "user", "id": ana})

    def set(self, **more):
        """Sets the application up; gives what the service provider has to know."""
        settings = {"spEntityId": SP, "acs": [{"url": ACS}], "userAttributes": ATTRIBUTES,
                    "spCertificates": [self.keys.sp.certificate], "requireSignedRequests": True,
                    "logout": {"url": SLO}, **more}
        return self.server.ask("PUT", f"/api/v2/applications/{self.app}/saml", settings)

    def metadata(self, shown):
        return urllib.request.urlopen(shown["metadataUrl"]).read()


class Browser:
    """Follows redirects inside the server and stops where the browser is sent elsewhere, or at a form that posts itself."""

    def __init__(self, server):
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, Stay)

    def open(self, url, form=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        headers = {"Origin": self.server.base, "Sec-Fetch-Site": "same-origin", "User-Agent": "Proof/1"}
        try:
            answer = self.opener.open(urllib.request.Request(url, data, headers))
        except urllib.error.HTTPError as error:
            answer = error
        to = answer.headers.get("location")
        if to is None:
            return answer.status, url, lxml.html.fromstring(answer.read() or b"<html></html>")
        to = urllib.parse.urljoin(url, to)
        return self.open(to) if to.startswith(self.server.base) else (answer.status, to, None)

    def sign_in(self, who, url, form=None):
        """Opens an address of the server and signs in where it asks; gives what the service provider is posted."""
        status, url, page = self.open(url, form)
        for typed in ({"username": who}, {"username": who, "password": PASSWORD}):
            if page is None or page.forms == [] or "SAMLResponse" in page.forms[0].fields:
                break
            fields = dict(page.forms[0].fields)
            fields.update({name: value for name, value in typed.items() if name in fields})
            status, url, page = self.open(urllib.parse.urljoin(url, page.forms[0].action or url), fields)
        if page is None or page.forms == [] or "SAMLResponse" not in page.forms[0].fields:
            words = page.text_content() if page is not None else url
            raise Refused(f"{status} {' '.join(words.split())}")
        return page.forms[0].action, dict(page.forms[0].fields)


class Refused(Exception):
    """The server shows a page instead of an answer."""


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def check(server, keys):
    world = World(server, keys)
    checks = python3_saml(world) + python3_saml(world, nameIdFormat=PERSISTENT, signResponse=True)
    checks += python3_saml(world, encryption="AES256-GCM") + python3_saml(world, signatureAlgorithm="ECDSA-SHA256")
    return checks + signed_requests(world) + answers(world) + sha1(world)


def settings(world, shown, encrypted):
    idp = OneLogin_Saml2_IdPMetadataParser.parse(world.metadata(shown))
    ours = {
        "strict": True,
        "sp": {"entityId": SP, "assertionConsumerService": {"url": ACS}, "singleLogoutService": {"url": SLO},
               "x509cert": world.keys.sp.certificate, "privateKey": world.keys.sp.key},
        "security": {"authnRequestsSigned": True, "logoutRequestSigned": True, "logoutResponseSigned": True,
                     "wantAssertionsSigned": True, "wantAssertionsEncrypted": encrypted, "wantNameId": True,
                     "requestedAuthnContext": True, "rejectDeprecatedAlgorithm": True,
                     "signatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                     "digestAlgorithm": "http://www.w3.org/2001/04/xmlenc#sha256"},
    }
    merged = OneLogin_Saml2_IdPMetadataParser.merge_settings(ours, idp)
    merged["sp"].pop("NameIDFormat", None)
    return merged


def at(path, get=None, post=None, query=""):
    """A request as it arrives at the service provider."""
    return {"https": "on", "http_host": "sp.example.com", "script_name": path, "server_port": "443",
            "get_data": get or {}, "post_data": post or {}, "query_string": query}


def python3_saml(world, **more):
    """A whole round: its signed request, our answer in strict mode, its signed logout, our answer."""
    of = settings(world, world.set(**more), "encryption" in more)
    browser = Browser(world.server)
    begins = OneLogin_Saml2_Auth(at("/acs"), of)
    action, fields = browser.sign_in(world.ana, begins.login(return_to="/deep?a=1&b=ü"))
    expect(action, ACS)
    expect(fields["RelayState"], "/deep?a=1&b=ü")
    ends = OneLogin_Saml2_Auth(at("/acs", post=fields), of)
    ends.process_response(request_id=begins.get_last_request_id())
    expect(ends.get_errors(), [])
    expect(ends.is_authenticated(), True)
    attributes = ends.get_attributes()
    expect(attributes["mail"], [world.ana])
    expect(attributes["urn:oid:2.5.4.42"], ["Zoë <&>"])
    if "nameIdFormat" not in more:
        expect(ends.get_nameid(), world.ana)
    # The same answer is not taken for another request, nor a moment too late, nor by another audience.
    for wrong in (dict(request_id="_another"), None):
        again = OneLogin_Saml2_Auth(at("/acs", post=fields), of if wrong else {**of, "sp": {**of["sp"], "entityId": "urn:x"}})
        again.process_response(**(wrong or dict(request_id=begins.get_last_request_id())))
        expect(bool(again.get_errors()), True)
    if more.get("signatureAlgorithm", "").startswith("ECDSA"):
        return 7  # python3-saml knows no ECDSA for the signature of a query.
    logout = ends.logout(name_id=ends.get_nameid(), session_index=ends.get_session_index(), return_to="bye")
    _, to, _ = browser.open(logout)
    expect(to.split("?")[0], SLO)
    query = to.split("?", 1)[1]
    over = OneLogin_Saml2_Auth(at("/slo", get=dict(urllib.parse.parse_qsl(query)), query=query), of)
    over.process_slo(keep_local_session=True, request_id=ends.get_last_request_id())
    expect(over.get_errors(), [])
    return 10


def request(world, **changes):
    """An AuthnRequest for now; unsigned."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    xml = foreign.REQUEST.replace("2026-11-21T20:00:00Z", now)
    xml = xml.replace("https://idp.example.com/sso?a=1&amp;b=2", world.sso).replace("_req1", f"_r{time.monotonic_ns()}")
    for old, new in changes.items():
        xml = xml.replace(old, new)
    return xml


def by_post(world, xml):
    packed = base64.b64encode(xml if isinstance(xml, bytes) else xml.encode()).decode()
    return Browser(world.server).sign_in(world.ana, world.sso, {"SAMLRequest": packed, "RelayState": "r"})


def signed_requests(world):
    """Requests signed inside by signxml and xmlsec1, posted to the running server; changed ones are not taken."""
    world.sso = world.set()["ssoUrl"]
    checks = 0
    for name, xml in (*by_signxml(world), *by_xmlsec1(world)):
        action, fields = by_post(world, xml)
        expect((name, action, fields["RelayState"]), (name, ACS, "r"))
        refused(world, name, xml.replace(b"/acs", b"/evil"))
        checks += 2
    refused(world, "unsigned", (request(world) % "").encode())
    return checks + 1


def refused(world, name, xml):
    try:
        by_post(world, xml)
    except Refused as page:
        if not str(page).startswith("400 "):
            raise AssertionError(f"{name}: {page}") from page
        return
    raise AssertionError(f"{name}: taken although it is wrong")


def by_signxml(world):
    for form in (CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0, CanonicalizationMethod.CANONICAL_XML_1_0):
        signer = XMLSigner(signature_algorithm=SignatureMethod.RSA_SHA256, digest_algorithm=DigestAlgorithm.SHA256, c14n_algorithm=form)
        root = etree.fromstring(request(world) % foreign.PLACEHOLDER)
        sp = world.keys.sp
        signed = signer.sign(root, key=sp.key, cert=sp.certificate, reference_uri=root.get("ID"), id_attribute="ID")
        yield f"signxml {form.name}", etree.tostring(signed)


def by_xmlsec1(world):
    for c14n in (foreign.EXCLUSIVE, foreign.INCLUSIVE):
        xml = request(world)
        identifier = xml.split('ID="')[1].split('"')[0]
        transform = f'<ds:Transform Algorithm="{c14n}"/>'
        template = foreign.TEMPLATE.format(c14n=c14n, transform=transform, ds=foreign.DS).replace("_req1", identifier)
        path = world.keys.write("template.xml", (xml % template).encode())
        sp = world.keys.sp
        command = ["xmlsec1", "--sign", "--privkey-pem", f"{sp.key_path},{sp.certificate_path}",
                   "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest", path]
        yield f"xmlsec1 {c14n}", subprocess.run(command, capture_output=True, check=True).stdout


def answers(world):
    """Live answers by xmlsec1: each signature verified, and encrypted assertions decrypted."""
    checks = 0
    saml, protocol = "urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:protocol"
    for more in ({"signResponse": True}, {"signatureAlgorithm": "RSA-SHA512", "signResponse": True},
                 {"signatureAlgorithm": "ECDSA-SHA256", "signResponse": True},
                 {"signatureAlgorithm": "RSA-SHA1", "signResponse": True}):
        shown = world.set(requireSignedRequests=False, **more)
        xml = base64.b64decode(by_post(world, request(world) % "")[1]["SAMLResponse"])
        certificate = world.keys.write("idp.crt", shown["certificates"][0]["certificate"].encode())
        for place in ("/*/*[local-name()='Signature']", "//*[local-name()='Assertion']/*[local-name()='Signature']"):
            command = ["xmlsec1", "--verify", "--pubkey-cert-pem", certificate, "--node-xpath", place,
                       "--id-attr:ID", saml + ":Assertion", "--id-attr:ID", protocol + ":Response"]
            run(command + [world.keys.write("live.xml", xml)])
            changed = world.keys.write("changed.xml", xml.replace(world.ana.encode(), b"eve@example.com"))
            if subprocess.run(command + [changed], capture_output=True).returncode == 0:
                raise AssertionError("xmlsec1 takes a changed answer")
            checks += 2
    for cipher in ("AES256-GCM", "AES128-GCM", "AES256-CBC", "AES128-CBC"):
        world.set(requireSignedRequests=False, encryption=cipher)
        xml = base64.b64decode(by_post(world, request(world) % "")[1]["SAMLResponse"])
        if world.ana.encode() in xml:
            raise AssertionError(f"{cipher}: the name is in the clear")
        element = etree.fromstring(xml).find(".//{http://www.w3.org/2001/04/xmlenc#}EncryptedData")
        path = world.keys.write("encrypted.xml", etree.tostring(element, with_tail=False))
        plain = run(["xmlsec1", "--decrypt", "--privkey-pem", world.keys.sp.key_path, path])
        expect(world.ana.encode() in plain, True)
        checks += 2
    return checks


def sha1(world):
    """A query signed with RSA-SHA1 by openssl: taken where the application allows it, and nowhere else."""
    algorithm = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    for allowed in (False, True):
        world.set(allowSha1Requests=allowed)
        packed = base64.b64encode(zlib.compress((request(world) % "").encode())[2:-4]).decode()
        query = f"SAMLRequest={urllib.parse.quote_plus(packed)}&SigAlg={urllib.parse.quote_plus(algorithm)}"
        path = world.keys.write("query", query.encode())
        value = run(["openssl", "dgst", "-sha1", "-sign", world.keys.sp.key_path, path])
        url = f"{world.sso}?{query}&Signature={urllib.parse.quote_plus(base64.b64encode(value).decode())}"
        try:
            Browser(world.server).sign_in(world.ana, url)
            taken = True
        except Refused as page:
            expect("SHA-1 is not accepted" in str(page), True)
            taken = False
        expect(taken, allowed)
    return 2


def expect(is_value, should):
    if is_value != should:
        raise AssertionError(f"{is_value!r} instead of {should!r}")


def run(command):
    result = subprocess.run(command, capture_output=True)
    if result.returncode:
        raise AssertionError(f"{' '.join(command)}: {result.stderr.decode()}")
    return result.stdout


def main():
    with tempfile.TemporaryDirectory() as folder, Server(sys.argv[1], folder) as server:
        print(f"the running server, by python3-saml, signxml, xmlsec1 and openssl: {check(server, Keys(folder))} checks")


if __name__ == "__main__":
    main()
