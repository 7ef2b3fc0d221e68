"""Keys and certificates for one run, in a folder that goes with it."""

import os
import subprocess


class Party:
    def __init__(self, folder, name, algorithm):
        self.key_path = os.path.join(folder, name + ".key")
        self.certificate_path = os.path.join(folder, name + ".crt")
        command = ["openssl", "req", "-x509", "-newkey", *algorithm, "-nodes", "-keyout", self.key_path,
                   "-out", self.certificate_path, "-days", "30", "-subj", f"/CN={name}"]
        subprocess.run(command, check=True, capture_output=True)
        with open(self.key_path, encoding="ascii") as file:
            self.key = file.read()
        with open(self.certificate_path, encoding="ascii") as file:
            self.certificate = file.read()


class Keys:
    """An identity provider's keys (`rsa`, `p256`) and a service provider's (`sp`)."""

    def __init__(self, folder):
        self.folder = folder
        self.rsa = Party(folder, "rsa", ["rsa:2048"])
        self.p256 = Party(folder, "p256", ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        self.sp = Party(folder, "sp", ["rsa:2048"])

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path
