"""The Dutch of every room, kept in step with the code without the system's gettext.

A message belongs to the room whose folder, or whose folder under ``templates/`` or ``templates/emails/``, it stands
in; what stands at the top of ``templates/`` belongs to ``intervision``. Each room has one catalog,
``locale/<room>/nl/LC_MESSAGES/django.po``, sorted and without line numbers, so that it changes only when words do.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

LANGUAGE = "nl"
ROOMS = (
    "catalogue",
    "vault",
    "outbox",
    "accounts",
    "programs",
    "sessions",
    "concerns",
    "planning",
    "surveys",
    "checklist",
    "desk",
    "intervision",
)
METADATA = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
#: Which arguments of each function are the message, its plural and its context.
FUNCTIONS = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
IN_TEMPLATE = re.compile(
    r"""(?<![\w.])(?:_|n?p?gettext)\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)"""
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^>]+>")


@dataclass(frozen=True, order=True, slots=True)
class Message:
    text: str
    plural: str = ""
    context: str = ""


def po_path(root: Path, room: str) -> Path:
    return root / "locale" / room / LANGUAGE / "LC_MESSAGES" / "django.po"


def collect(root: Path) -> dict[str, set[Message]]:
    """Every message of the project by room. Raises ValueError, with the place, for one that is not plain text."""
    found: dict[str, set[Message]] = {room: set() for room in ROOMS}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            found[room].update(_in_python(path.read_text(), str(path.relative_to(root))))
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            found[_room_of(path.relative_to(root / "templates"))].update(_in_template(path))
    return {room: messages for room, messages in found.items() if messages}


def _room_of(template: Path) -> str:
    return next((part for part in template.parts[:2] if part in ROOMS), "intervision")


def _in_template(path: Path) -> Iterator[Message]:
    for call in IN_TEMPLATE.findall(templatize(path.read_text(), origin=str(path))):
        yield from _in_python(call, path.name)


def _in_python(source: str, place: str) -> Iterator[Message]:
    tree = ast.parse(source, place)
    names = _names(tree)
    for node in ast.walk(tree):
        function = names.get(_called(node.func)) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and function and (message := _message(node, function, place)):
            yield message


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _names(tree: ast.Module) -> dict[str, str]:
    """What the functions are called in this module; ``_`` where nothing says otherwise."""
    names = {name: name for name in FUNCTIONS} | {"_": "gettext"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names.update({alias.asname or alias.name: alias.name for alias in node.names})
    return {name: real for name, real in names.items() if real in FUNCTIONS}


def _message(call: ast.Call, function: str, place: str) -> Message | None:
    def text(position: int | None) -> str:
        if position is None:
            return ""
        argument = call.args[position]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
        raise ValueError(f"{place}:{call.lineno}: {function} needs its words as plain text")

    message, plural, context = FUNCTIONS[function]
    if not call.args or isinstance(call.args[message], ast.Name | ast.Attribute | ast.Subscript):
        return None  # words from elsewhere, marked where they stand
    return Message(text(message), text(plural), text(context))


def write(root: Path, rooms: Iterable[str]) -> dict[str, int]:
    """Bring the catalogs of ``rooms`` in step; return how many messages of each still have no Dutch."""
    messages = collect(root)
    return {room: _write_room(po_path(root, room), messages.get(room, set())) for room in rooms}


def _write_room(path: Path, messages: set[Message]) -> int:
    known = {_key(entry): entry for entry in _load(path)}
    catalog = polib.POFile(wrapwidth=100)
    catalog.metadata = dict(METADATA)
    for message in sorted(messages, key=lambda message: (message.text, message.context)):
        catalog.append(_entry(message, known.get((message.text, message.context))))
    if messages or path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog.save(str(path))
    return len(catalog.untranslated_entries())


def _load(path: Path) -> polib.POFile:
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgid, entry.msgctxt or ""


def _entry(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if "%(" in message.text:
        entry.flags.append("python-format")
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = dict(known.msgstr_plural) if known and known.msgid_plural else {0: "", 1: ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    return entry


def problems(root: Path) -> list[str]:
    """What keeps the Dutch from being complete, one line each."""
    messages = collect(root)
    found = [line for room in ROOMS for line in _room_problems(room, root, messages.get(room, set()))]
    return found + _differing(root)


def _room_problems(room: str, root: Path, messages: set[Message]) -> Iterator[str]:
    entries = {_key(entry): entry for entry in _load(po_path(root, room))}
    wanted = {(message.text, message.context) for message in messages}
    yield from (f"{room}: not in the catalog: {text!r}" for text, _context in sorted(wanted - entries.keys()))
    yield from (f"{room}: no longer used: {text!r}" for text, _context in sorted(entries.keys() - wanted))
    for entry in entries.values():
        if complaint := complaint_about(entry):
            yield f"{room}: {complaint}: {entry.msgid!r}"


def complaint_about(entry: polib.POEntry) -> str:
    """What is wrong with one entry, or nothing."""
    if entry.obsolete or entry.fuzzy:
        return "fuzzy or obsolete"
    if not entry.translated():
        return "no Dutch"
    said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    allowed = [set(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural or entry.msgid)]
    if any(set(PLACEHOLDER.findall(text)) not in allowed for text in said):
        return "other placeholders or tags"
    return ""


def _differing(root: Path) -> list[str]:
    """The same words in two rooms share one Dutch: Django reads all catalogs as one."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for room in ROOMS:
        for entry in _load(po_path(root, room)):
            if entry.translated():
                said[_key(entry)].add(entry.msgstr or str(sorted(entry.msgstr_plural.items())))
    return [
        f"two translations of {text!r}" for (text, _context), ways in sorted(said.items()) if len(ways) > 1
    ]


def compile_all(root: Path) -> None:
    """Write the .mo beside every .po; they are made where the application starts and not kept."""
    for path in sorted((root / "locale").rglob("*.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
