"""Asks our own code: one question a line, one answer a line. Never here: what the answer should be."""

import base64
import subprocess


class Oracle:
    """The example program of crates/saml, kept running."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, question, *words):
        """The answer as bytes, or a Refused with the words of the library."""
        line = " ".join([question, *(base64.b64encode(as_bytes(word)).decode() for word in words)])
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer:
            raise SystemExit("the oracle program ended")
        text = base64.b64decode(answer[1]) if len(answer) > 1 else b""
        if answer[0] == b"no":
            raise Refused(text.decode())
        return text


class Refused(Exception):
    """Our code refuses."""


def as_bytes(word):
    return word if isinstance(word, bytes) else word.encode()
