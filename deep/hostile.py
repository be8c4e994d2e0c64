"""What nobody means well with: values for any field, and the forms of a page to put them in."""

from html.parser import HTMLParser

VALUES = [
    "",
    " ",
    "\0",
    "\x1b[31m\x7f",
    "\ud83d",
    "\u202e\u200b\ufeff",
    "a" * 5000,
    "é" * 300,
    "-1",
    "0",
    "1",
    "2",
    "3.5",
    "1e400",
    "NaN",
    "-Infinity",
    "9" * 40,
    "9" * 5000,
    "2147483648",
    "9223372036854775808",
    "٣",
    "²",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-03-29",
    "10000-01-01",
    "2026-12-07",
    "2027-01-04T10:00",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "9999-12-31T23:59:59+14:00",
    "00:00",
    "23:59",
    "24:00",
    "02:30",
    "true",
    "on",
    "null",
    "[]",
    '{"a": [1]}',
    "not-a-uuid",
    "00000000-0000-0000-0000-000000000000",
    "a@b",
    "a@example.org\r\nBcc: x@example.org",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}",
    "%(name)s %s {0}",
    "' or 1=1 --",
    "../../etc/passwd",
    "//evil.example/",
    "https://evil.example/",
    "javascript:alert(1)",
]
QUERIES = (
    "page",
    "q",
    "sort",
    "next",
    "on",
    "day",
    "month",
    "from",
    "group",
    "step",
    "state",
    "language",
    "format",
    "show",
)


class Forms(HTMLParser):
    """The forms of a page: where each goes and what it holds, field by field."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[tuple[str, list[str]]]]] = []
        self.choices: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((said.get("action", ""), said.get("method", "get").lower(), []))
        elif tag == "option" and self.choices is not None:
            self.choices.append(said.get("value", ""))
        elif self.found and said.get("name") and tag in ("input", "select", "textarea", "button"):
            values = [said["value"]] if "value" in said else []
            self.found[-1][2].append((said["name"], values))
            self.choices = values if tag == "select" else None
