"""Our canonical forms beside libxml2's, over random documents."""

import io
import random

from lxml import etree

from documents import Maker
from oracle import Refused

LISTS = ["", "a", "a b #default", "saml ds c", "#default nowhere"]


def check(oracle, count, seed):
    """Compares `count` documents; gives how many forms were compared."""
    source = random.Random(seed)
    maker = Maker(source)
    compared = 0
    for number in range(count):
        before, element, behind = maker.document()
        xml = before + element + behind
        try:
            # The root alone: beside comments and instructions lxml canonicalizes a copy that lost its context.
            tree = etree.parse(io.BytesIO(element.encode()), etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError:
            # Two attributes of the same name by two prefixes: both must refuse.
            try:
                oracle.ask("c14n", "exclusive", "", "", xml)
            except Refused:
                continue
            raise AssertionError(f"seed {seed}, document {number}: libxml2 refuses what we take:\n{xml!r}") from None
        parts = tree.xpath("//*[@ID='part']")
        for part, apex in (("", tree.getroot()), ("part", parts[0] if parts else None)):
            if apex is None:
                continue
            prefixes = source.choice(LISTS)
            for method, listed in (("exclusive", ""), ("exclusive", prefixes), ("inclusive", "")):
                wanted = libxml2(tree, apex, part, method, listed)
                if wanted is None:
                    continue
                got = oracle.ask("c14n", method, listed, part, xml)
                compared += 1
                if got != wanted:
                    raise AssertionError(
                        f"seed {seed}, document {number}, {method} [{listed}] {part}: {first_difference(got, wanted)}\n{xml!r}"
                    )
    return compared


def libxml2(tree, apex, part, method, listed):
    """The form by libxml2. Of a part it knows the exclusive one without a list only, as the context is lost otherwise."""
    names = listed.split()
    # Its list has no word for the default namespace.
    if (part and (method == "inclusive" or names)) or "#default" in names:
        return None
    options = {"exclusive": method == "exclusive", "with_comments": False}
    if names:
        options["inclusive_ns_prefixes"] = names
    if part:
        return etree.tostring(apex, method="c14n", with_tail=False, **options)
    out = io.BytesIO()
    tree.write_c14n(out, **options)
    return out.getvalue()


def first_difference(ours, theirs):
    place = next((at for at, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), min(len(ours), len(theirs)))
    return f"ours {ours[place - 40 : place + 40]!r}, theirs {theirs[place - 40 : place + 40]!r}"
