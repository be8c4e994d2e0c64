"""Fails when a page could write the same literal id twice: ``python -m tests.template_ids``.

Pieces count where they are included, branches of an if count once, and what stands in a loop counts twice.
"""

import os
import re
import sys
from collections import Counter
from pathlib import Path

import django
from django.template import Node, NodeList
from django.template.base import TextNode
from django.template.defaulttags import ForNode, IfNode
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
LITERAL_ID = re.compile(r"""\sid=["']([^"'{}\s]+)["']""")


def ids(nodes: NodeList) -> Counter[str]:
    """The literal ids of ``nodes`` and how often the worst case writes each."""
    found: Counter[str] = Counter()
    for node in nodes:
        found += ids_of(node)
    return found


def ids_of(node: Node) -> Counter[str]:
    if isinstance(node, TextNode):
        return Counter(LITERAL_ID.findall(node.s))
    if isinstance(node, IfNode):
        worst: Counter[str] = Counter()
        for _, branch in node.conditions_nodelists:
            worst |= ids(branch)
        return worst
    if isinstance(node, ForNode):
        once = ids(node.nodelist_loop)
        return (once + once) | ids(node.nodelist_empty)
    if isinstance(node, IncludeNode):
        name = node.template.var
        return ids(get_template(name).template.nodelist) if isinstance(name, str) else Counter()
    given = getattr(getattr(node, "kwargs", {}).get("id"), "var", None)  # {% card id="…" %}
    found: Counter[str] = Counter([given] if isinstance(given, str) else [])
    for name in {*node.child_nodelists, "nodelist"}:  # a block tag names none
        found += ids(getattr(node, name, NodeList()))
    return found


def repeated() -> list[str]:
    """One line per id that a template may repeat."""
    lines = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        counts = ids(get_template(name).template.nodelist)
        lines += [f"{name}: id {id_!r} may stand twice" for id_, count in counts.items() if count > 1]
    return lines


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.exit("\n".join(repeated()) or None)
