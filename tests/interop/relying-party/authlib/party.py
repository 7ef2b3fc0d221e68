"""An application written with authlib, as its users write one: Flask with `oauth.register` for people, `OAuth2Session` for
programs. It is told what to do by lines of JSON on its input, and answers each with one: {"ok": ...} or {"error": ...}.
Never here: what is expected of the answers."""

import json
import os
import sys

# Plain http: the server under test is on loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.discovery import OpenIDProviderMetadata
from flask import Flask, jsonify, request, session
from joserfc.jwk import ECKey, OKPKey, RSAKey

DISCOVERY = "/.well-known/openid-configuration"
KEYS = {"RS256": lambda: RSAKey.generate_key(2048), "ES256": lambda: ECKey.generate_key("P-256"), "EdDSA": lambda: OKPKey.generate_key("Ed25519")}

applications = {}


def told(token):
    """What came from the token endpoint, as far as the tests look at it."""
    names = ("access_token", "refresh_token", "id_token", "token_type", "scope", "userinfo")
    return {name: token[name] for name in names if name in token}


def website(client_id, client_secret, issuer, redirect_uri, scope, method):
    """A site whose visitors sign in with the provider, and its test client: the browser between it and the provider."""
    app = Flask("application")
    app.secret_key = os.urandom(32)
    oauth = OAuth(app)
    provider = oauth.register(
        "muster",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=issuer + DISCOVERY,
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "token_endpoint_auth_method": method},
    )

    @app.get("/login")
    def login():
        return provider.authorize_redirect(redirect_uri, **request.args.to_dict())

    @app.get("/callback")
    def callback():
        token = provider.authorize_access_token()
        session["id_token"] = token["id_token"]
        return jsonify({**told(token), "asked": provider.userinfo(token=token)})

    @app.get("/logout")
    def logout():
        return provider.logout_redirect(request.args["to"], id_token_hint=session["id_token"])

    @app.get("/signed-out")
    def signed_out():
        return jsonify(provider.validate_logout_response())

    app.testing = True
    return app.test_client()


class Program:
    """OAuth2Session with the endpoints of the discovery document, which authlib checks first."""

    def __init__(self, issuer, client_id, client_secret=None, method=None, alg=None, key=None):
        self.metadata = OpenIDProviderMetadata(requests.get(issuer + DISCOVERY, timeout=30).json())
        self.metadata.validate()
        if self.metadata["issuer"] != issuer:
            raise ValueError(f"the document is of {self.metadata['issuer']}")
        secret = keys[key] if key else client_secret
        self.session = OAuth2Session(client_id, secret, token_endpoint_auth_method=method, revocation_endpoint_auth_method=method)
        if method == "private_key_jwt":
            self.session.register_client_auth_method(PrivateKeyJWT(self.metadata["token_endpoint"], alg=alg, headers={"kid": secret.thumbprint()}))

    def token(self, **parameters):
        return told(self.session.fetch_token(self.metadata["token_endpoint"], **parameters))

    def refresh(self, refresh_token):
        return told(self.session.refresh_token(self.metadata["token_endpoint"], refresh_token=refresh_token))

    def introspect(self, token):
        return self.session.introspect_token(self.metadata["introspection_endpoint"], token=token).json()

    def revoke(self, token):
        return self.session.revoke_token(self.metadata["revocation_endpoint"], token=token).status_code

    def device(self, scope):
        answer = requests.post(self.metadata["device_authorization_endpoint"], {"client_id": self.session.client_id, "scope": scope}, timeout=30)
        return answer.json()


keys = {}


def make_key(alg):
    """A key pair of the application's own; the public half, as it is registered."""
    key = KEYS[alg]()
    keys[key.thumbprint()] = key
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": alg, "use": "sig"}


def call(name, where, arguments):
    if name == "key":
        return make_key(**arguments)
    if name in ("website", "program"):
        applications[where] = website(**arguments) if name == "website" else Program(**arguments)
        return None
    at = applications[where]
    if name == "visit":
        answer = at.get(arguments["path"])
        return answer.headers["Location"] if answer.status_code == 302 else answer.get_json()
    return getattr(at, name)(**arguments)


for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = {"ok": call(asked["name"], asked.get("where"), asked.get("arguments", {}))}
    except OAuthError as refused:
        answer = {"error": {"error": refused.error, "description": refused.description}}
    except Exception as failed:
        answer = {"error": {"error": type(failed).__name__, "description": str(failed)}}
    print(json.dumps(answer), flush=True)
