"""``manage.py check``: every kind that the code tells or starts is one that a room registered."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from outbox import jobs, kinds

REGISTERS = {"enqueue": kinds.find, "start_job": jobs.find}


@register()
def kinds_are_registered(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"{path}:{line}: no room registered the kind {kind!r} of {function}().", id="outbox.E001")
        for path in our_modules()
        for function, kind, line in kinds_named_in(path.read_text(encoding="utf-8"))
        if REGISTERS[function](kind) is None
    ]


def our_modules() -> Iterator[Path]:
    """The Python files of the rooms: the apps that live in this project's own folder."""
    for config in apps.get_app_configs():
        if Path(config.path).parent == Path(settings.BASE_DIR):
            yield from sorted(Path(config.path).rglob("*.py"))


def kinds_named_in(source: str) -> Iterator[tuple[str, str, int]]:
    """Function, kind and line of each call that names its kind as a plain string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in REGISTERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield name, first.value, node.lineno
