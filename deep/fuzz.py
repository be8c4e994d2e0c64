"""The demonstration's pages as each visitor, every part of an address, query and form spoilt in turn.

First the pages are found by their links, a few of each kind. Then each attack goes to the real web server, and
whatever comes back must be an answer that was meant. ``DEEP_MINUTES`` is the time for one visitor; the attacks are
mixed, always in the same way, so that a shorter time leaves out some of every kind.
"""

import os
import random
import re
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from deep.findings import Finding, report
from deep.hostile import QUERIES, VALUES, Forms
from deep.site import ENDING, FORM, VISITORS, Answer, Site, Visitor, demonstration

MINUTES = float(os.environ.get("DEEP_MINUTES", "3"))
EACH = 2  # pages of a kind
VARIABLE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|[\w-]{20,}(?:\.[\w.-]+)?")
MEANT = {200, 204, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 411, 413, 414, 422, 429, 431}
#: What would show that a value was run, or written into a page or a header as it is.
RUN = ("<script>alert(31)", "9401194011", '" onmouseover=alert(31)')
METHODS = ("HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "POST", "PROPFIND", "X" * 30)
SPOILT = [
    *VALUES,
    "<script>alert(31)</script>",
    '" onmouseover=alert(31) x="',
    "{{ 3133731337*3 }}{% widthratio 3133731337 1 3 %}${3133731337*3}",
    "x\r\nX-Spoilt: yes\r\n\r\n<p>",
    "x" * 100_000,
]


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.found += [value for name in ("href", "hx-get", "src") if (value := said.get(name))]


Fields = list[tuple[str, list[str]]]


@dataclass
class Map:
    """What was found: one address of each kind with the query it was seen with, and one form of each kind."""

    addresses: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[tuple[str, tuple[str, ...]], tuple[str, str, Fields]] = field(default_factory=dict)


def kind_of(address: str) -> str:
    parts = urlsplit(address)
    return (
        VARIABLE.sub("*", parts.path) + "?" + ",".join(sorted({name for name, _ in parse_qsl(parts.query)}))
    )


def explore(visitor: Visitor, starts: list[str], until: float) -> Map:
    found, waiting = Map(), deque(starts)
    while waiting and time.monotonic() < until:
        address = waiting.popleft()
        known = found.addresses.setdefault(kind_of(address), [])
        if address in known or len(known) >= EACH:
            continue
        known.append(address)
        answer = visitor.ask("GET", address)
        waiting.extend(onward(address, answer))
        for action, method, fields in Forms(answer.text).found if is_page(answer) else ():
            target = urljoin(address, action)
            if not ENDING.match(urlsplit(target).path):
                key = (kind_of(target), tuple(sorted({name for name, _ in fields})))
                found.forms.setdefault(key, (target, method, fields))
    return found


def is_page(answer: Answer) -> bool:
    return answer.header("content-type").startswith("text/html")


def onward(address: str, answer: Answer) -> Iterator[str]:
    links = Links(answer.text).found if is_page(answer) else []
    for link in [*links, answer.header("location")]:
        parts = urlsplit(urljoin(address, link))
        ours = not parts.netloc and not parts.scheme and not parts.path.startswith("/static/")
        if ours and not ENDING.match(parts.path):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass
class Attack:
    """``body`` makes what is sent only when it is: some are ten megabytes."""

    method: str
    address: str
    about: str
    body: Callable[[], bytes] | None = None
    kind: str = FORM


def encoded(value: str) -> str:
    return quote(value[:6000], safe="", errors="surrogatepass")


def on_address(address: str, chance: random.Random) -> Iterator[Attack]:
    """Each part that varies and each name of a query, with a few values; and every method."""
    parts = urlsplit(address)
    for place in VARIABLE.finditer(parts.path):
        for value in chance.sample(SPOILT, 8):
            spoilt = parts.path[: place.start()] + encoded(value) + parts.path[place.end() :]
            yield Attack("GET", spoilt, f"path {value[:40]!r}")
    for name in sorted({name for name, _ in parse_qsl(parts.query)} | set(QUERIES)):
        for value in chance.sample(SPOILT, 3):
            yield Attack("GET", f"{parts.path}?{name}={encoded(value)}", f"query {name} {value[:40]!r}")
    for method in METHODS:
        yield Attack(method, address, method, lambda: b"")


def usual(fields: Fields, chance: random.Random) -> list[tuple[str, str]]:
    """As the page has them, but for the token against forgery: each attack brings that of its own sign-in."""
    ours = [(name, values) for name, values in fields if name != "csrfmiddlewaretoken"]
    return [(name, chance.choice(values) if values else "") for name, values in ours]


def on_form(target: str, method: str, fields: Fields, chance: random.Random) -> Iterator[Attack]:
    """Each field in turn with every value, the others as the page has them; and the whole form, too much of it."""
    names = sorted({name for name, _ in fields} - {"csrfmiddlewaretoken"})
    for name in names:
        for value in SPOILT:
            data = [(key, value if key == name else said) for key, said in usual(fields, chance)]
            yield filled(target, method, data, f"field {name} {value[:40]!r}")
    for value in SPOILT:
        yield filled(target, method, [(name, value) for name in names], f"every field {value[:40]!r}")
    if method == "post":
        kept = usual(fields, chance)
        yield filled(target, method, [], "no field")
        yield filled(target, method, kept * 2, "every field twice")
        yield Attack(
            "POST", target, "10,000 fields", lambda: b"&".join(b"more%d=" % each for each in range(10_000))
        )
        yield Attack("POST", target, "9.9 MB", lambda: b"more=" + b"x" * 9_900_000)
        yield Attack("POST", target, "more than 10 MB", lambda: b"more=" + b"x" * 10_600_000)
        yield Attack(
            "POST", target, "files", lambda: multipart(kept, names), "multipart/form-data; boundary=x"
        )


def filled(target: str, method: str, data: list[tuple[str, str]], about: str) -> Attack:
    body = urlencode(data, errors="surrogatepass")
    if method == "get":
        return Attack("GET", f"{urlsplit(target).path}?{body[:8000]}", about)
    return Attack("POST", target, about, body.encode)


def multipart(data: list[tuple[str, str]], names: list[str]) -> bytes:
    """Every field as text, and once more as a file with a name that nobody's file has."""
    begin, file = "--x\r\nContent-Disposition: form-data; name=", "../../x\0\u202e.xlsx"
    texts = [f'{begin}"{name}"\r\n\r\n{value}\r\n' for name, value in data]
    kind = "Content-Type: text/html\r\n\r\nPK\x03\x04"
    files = [f'{begin}"{name}"; filename="{file}"\r\n{kind}\r\n' for name in names]
    return ("".join(texts + files) + "--x--\r\n").encode()


def judge(attack: Attack, answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.status not in MEANT:
        yield f"status {answer.status}", ""
    if is_page(answer) and (run := [mark for mark in RUN if mark in answer.text]):
        yield "injection", str(run)
    if answer.header("x-spoilt"):
        yield "header injection", ""
    if urlsplit(answer.header("location").replace("\\", "/")).netloc not in ("", "127.0.0.1"):
        yield "open redirect", answer.header("location")[:100]


def attacks(found: Map, chance: random.Random) -> list[Attack]:
    """On addresses and on forms by turns, each mixed, as long as there are both."""
    addresses = [attack for known in found.addresses.values() for attack in on_address(known[0], chance)]
    forms = [attack for form in found.forms.values() for attack in on_form(*form, chance)]
    chance.shuffle(addresses)
    chance.shuffle(forms)
    return [attack for pair in zip_longest(forms, addresses) for attack in pair if attack]


def fuzz(site: Site, as_: str) -> tuple[list[Finding], str]:
    began = time.monotonic()
    visitor, starts = site.come_in(as_)
    found = explore(visitor, starts, began + 60 * MINUTES / 3)
    every = attacks(found, random.Random(as_))
    findings: list[Finding] = []
    sent: Counter[int] = Counter()
    for attack in every:
        if time.monotonic() - began > 60 * MINUTES:
            break
        if sent.total() % 200 == 199:
            visitor, _start = site.come_in(as_)
        answer = strike(visitor, attack)
        sent[answer.status] += 1
        where = f"{attack.method} {kind_of(attack.address)[:200]}"
        findings += [
            Finding("fuzz", kind, where, f"{as_}: {attack.about} {says}")
            for kind, says in judge(attack, answer)
        ]
    findings += [Finding("log", "error", as_, line) for line in site.faults()]
    told = ", ".join(f"{count} x {status}" for status, count in sorted(sent.items()))
    kinds = f"{len(found.addresses)} kinds of address, {len(found.forms)} of form"
    return findings, f"{as_}: {kinds}; {sent.total()} of {len(every)} attacks: {told}."


def strike(visitor: Visitor, attack: Attack) -> Answer:
    """Send it with the token that its cookie asks for. A server that hangs up on too much has refused it."""
    body = attack.body() if attack.body else None
    token = visitor.cookies.get("csrftoken", "")
    try:
        return visitor.ask(attack.method, attack.address, body, attack.kind, **{"X-CSRFToken": token})
    except ConnectionError:
        return Answer(413, [], b"")


def main() -> None:
    found, figures = [], []
    for as_ in sys.argv[1:] or VISITORS:
        with demonstration() as site:
            here, figure = fuzz(site, as_)
        print(figure, *here, sep="\n", flush=True)
        found += here
        figures.append(figure)
    report("fuzz", found, figures)


if __name__ == "__main__":
    main()
