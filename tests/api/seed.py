"""Makes one object of each kind over the API and names their ids in a schemathesis.toml, so that the calls of
`/{id}` reach what they are about. Usage: seed.py BASE KEY ORG > schemathesis.toml"""

import json
import sys
import urllib.request

base, key, org = sys.argv[1:]


def call(method: str, path: str, body: dict | None = None) -> dict:
    headers = {"x-api-key": key, "x-org-id": org, "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


user = call("POST", "/api/systemusers", {"username": "ana", "email": "ana@fuzz.example"})["_id"]
ssh_key = call("POST", f"/api/systemusers/{user}/sshkeys", {"name": "laptop", "public_key": "ssh-ed25519 AAAA ana"})
# Not the administrator whose key the run uses: that one could be suspended on the way.
admin = call("POST", "/api/users", {"email": "second@fuzz.example", "roleName": "Administrator"})["_id"]
group = call("POST", "/api/v2/usergroups", {"name": "Sales"})["id"]
app = call("POST", "/api/applications", {"name": "oidc", "displayLabel": "Wiki"})["_id"]
sso = {"type": "oidc", "oidc": {"redirectUris": ["https://wiki.example/callback"]}}
secret = call("POST", f"/api/v2/applications/{app}/sso", sso)["oidc"]["secrets"][0]["id"]
provider = {"name": "Okta", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://okta.example"}}
idp = call("POST", "/api/v2/identity-providers", provider)["id"]
policy = call("POST", "/api/v2/identity-provider/policies", {"name": "p", "identityProviderId": idp})["id"]
device = call("POST", "/api/systems", {"displayName": "Desk", "serialNumber": "S1", "os": "Ubuntu"})["_id"]
call("POST", f"/api/v2/systems/{device}/associations", {"op": "add", "type": "user", "id": user})
msp = call("GET", f"/api/organizations/{org}")["provider"]

for path, parameters in [
    ("^/api/(systemusers|v2/users)/{id}", {"path.id": user, "path.key": ssh_key.get("_id") or ssh_key["id"]}),
    ("^/api/(v2/)?systems/{id}", {"path.id": device}),
    ("^/api/users/{id}", {"path.id": admin}),
    ("^/api/v2/usergroups/{id}", {"path.id": group}),
    ("^/api/(v2/)?applications/{id}", {"path.id": app, "path.secret": secret}),
    ("^/api/v2/identity-providers/{id}", {"path.id": idp}),
    ("^/api/v2/identity-provider/policies/{id}", {"path.id": policy}),
    ("^/api/(v2/)?organizations/{id}", {"path.id": org}),
    ("^/api/v2/providers/{id}", {"path.id": msp}),
]:
    values = ", ".join(f'"{name}" = "{value}"' for name, value in parameters.items())
    regex = path.replace("{", r"\{").replace("}", r"\}")
    print(f"[[operations]]\ninclude-path-regex = '{regex}'\nparameters = {{ {values} }}\n")
