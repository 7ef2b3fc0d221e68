"""Random documents with everything that canonical forms differ in. Never here: comparing."""

# Absolute ASCII names only: a relative one has no canonical form, and libxml2 takes no other letters. None has an
# ampersand: libxml2 leaves it unescaped there.
NAMES = ["urn:a", "urn:b", "urn:c", "http://x/y?z=1"]
PREFIXES = ["", "a", "b", "c", "saml", "ds"]
TEXT = [
    "x", "&amp;", "&lt;", "&gt;", "&#13;", "&#xD;\n", "\t", "\n", '"', "'", "é", "😀", "&#x1F600;", "&quot;", "]]&gt;",
    "&#9;", "&#10;", " ", "  ", "\r\n", "\r", '<![CDATA[<x>&"\r\n]]>', "<!-- c -->", "<?pi  d ?>", "<?p?>", "&#x85;",
    "\u2028", "&#x2028;", "\x85",
]
VALUES = ["x", "&amp;", "&lt;", ">", "&#13;", "&#10;", "&#9;", "\t", "\n", "\r\n", "é", "&quot;", "'", "😀", "  ", " "]


class Maker:
    """Makes documents from a random source."""

    def __init__(self, random):
        self.random = random
        self.has_part = False

    def document(self):
        """What stands before the root, the root, what stands behind. Most have an element with ID="part" inside."""
        pick = self.random.choice
        self.has_part = False
        head = pick(["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\r\n'])
        before = pick(["", "<!-- before -->\n", "<?pi a?>"])
        return head + before, self.element({"": ""}, 0), pick(["", "\n", "<!-- behind -->", "\n<?q?>\n"])

    def pieces(self, of):
        return "".join(self.random.choice(of) for _ in range(self.random.randint(0, 4)))

    def element(self, scope, depth):
        random, pick = self.random, self.random.choice
        scope, written = dict(scope), []
        for prefix in random.sample(PREFIXES, random.randint(0, 3)):
            scope[prefix] = "" if prefix == "" and random.random() < 0.35 else pick(NAMES)
            written.append('xmlns%s="%s"' % (":" + prefix if prefix else "", scope[prefix]))
        usable = [prefix for prefix in scope if prefix == "" or scope[prefix]]
        prefix = pick(usable)
        name = (prefix + ":" if prefix else "") + pick(["e", "f", "g"])
        seen = set()
        for _ in range(random.randint(0, 4)):
            prefix, local = pick(usable), pick(["k", "l", "ID2", "Z", "é"])
            key = (scope[prefix] if prefix else None, local)
            if key not in seen:
                seen.add(key)
                written.append((prefix + ":" if prefix else "") + local + '="%s"' % self.pieces(VALUES))
        if random.random() < 0.1:
            written.append('xml:lang="en"')
        if random.random() < 0.1:
            written.append('xml:space="preserve"')
        if depth > 0 and not self.has_part and random.random() < 0.5:
            written.append('ID="part"')
            self.has_part = True
        random.shuffle(written)
        space = pick([" ", "  ", "\n ", "\t"])
        body = ""
        for _ in range(random.randint(0, 3) if depth < 5 else 0):
            body += self.pieces(TEXT)
            if random.random() < 0.8:
                body += self.element(scope, depth + 1)
        body += self.pieces(TEXT)
        tag = "<" + name + "".join(space + item for item in written)
        if not body:
            return tag + pick(["/>", " />", "></%s>" % name])
        return tag + ">" + body + "</" + name + pick(["", " ", "\n"]) + ">"
