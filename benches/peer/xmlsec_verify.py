"""libxmlsec1 (PyPI xmlsec) verifying one signed response again and again, each time parsed anew: verifications of one
core-second. Usage: xmlsec_verify.py RESPONSE.xml CERTIFICATE.pem COUNT"""

import sys
import time

import xmlsec
from lxml import etree

text = open(sys.argv[1], "rb").read()
key = xmlsec.Key.from_file(sys.argv[2], xmlsec.constants.KeyDataFormatCertPem)
count = int(sys.argv[3])
parser = etree.XMLParser(resolve_entities=False, no_network=True)
before = time.process_time()
for _ in range(count):
    root = etree.fromstring(text, parser)
    node = xmlsec.tree.find_node(root, xmlsec.constants.NodeSignature)
    assertion = node.getparent()
    context = xmlsec.SignatureContext()
    context.key = key
    context.register_id(assertion, "ID")
    context.verify(node)
print(count / (time.process_time() - before))
