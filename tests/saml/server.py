"""A server of our own for one run, with an organization and its administrator's key. Never here: what is tested."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request


class Server:
    """Runs while the `with` block does."""

    def __init__(self, program, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.data = os.path.join(folder, "data")
        self.log = open(os.path.join(folder, "log"), "wb")
        command = [program, "serve", "--dev", "--data", self.data, "--listen", f"127.0.0.1:{port}", "--public-url", self.base]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log)
        self.program, self.folder = program, folder

    def __enter__(self):
        self.ready()
        password = os.path.join(self.folder, "password")
        with open(password, "w", encoding="ascii") as file:
            file.write("vast-ocean-lantern-77")
        command = [self.program, "setup", "--data", self.data, "--org", "Proofs", "--admin-email", "admin@proofs.example",
                   "--admin-password-file", password, "--json"]
        made = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        self.key, self.org, self.slug = made["api_key"], made["org_id"], "proofs"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def ready(self):
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{self.base}/readyz")
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise SystemExit("the server does not answer")

    def ask(self, method, path, body=None):
        headers = {"x-api-key": self.key, "x-org-id": self.org, "content-type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        try:
            answer = urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers, method=method))
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.status} {error.read().decode()}") from error
        text = answer.read()
        return json.loads(text) if text else None
