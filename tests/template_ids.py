"""Fails when one template writes the same literal id twice: ``python -m tests.template_ids``."""

import re
import sys
from collections import Counter
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
LITERAL_ID = re.compile(r"""\sid=["']([^"'{}]+)["']""")


def repeated() -> list[str]:
    """One line per id that a template repeats."""
    lines = []
    for template in sorted(TEMPLATES.rglob("*.html")):
        counts = Counter(LITERAL_ID.findall(template.read_text()))
        lines += [f"{template}: id {name!r} {count} times" for name, count in counts.items() if count > 1]
    return lines


if __name__ == "__main__":
    sys.exit("\n".join(repeated()) or None)
