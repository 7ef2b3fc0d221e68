"""Runs the comparisons: check.py PROGRAM [DOCUMENTS [SEED]]. Fails at the first difference, with the document."""

import sys
import tempfile

import canonical_forms
import foreign
import issued
from keys import Keys
from oracle import Oracle


def main():
    oracle = Oracle(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    print(f"canonical forms beside libxml2: {canonical_forms.check(oracle, count, seed)} compared")
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(folder)
        print(f"what we issue, by xmlsec1, signxml and python3-saml: {issued.check(oracle, keys)} checks")
        print(f"what they sign and encrypt, by us: {foreign.check(oracle, keys)} checks")


main()
