import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

import tests.access
from tests.access.world import House

SIGN_IN, FORBIDDEN, NOT_FOUND, OK, REDIRECT = 302, 403, 404, 200, 302


@dataclass(frozen=True)
class Row:
    """What one URL answers to each visitor. The defaults are those of a coordinator's page.

    ``at`` makes the URL's arguments from a house; ``by`` is who may (an attribute of House), ``wrong`` somebody of
    the same house whom the rule refuses, ``elsewhere`` the answer to ``by`` of another house.
    """

    name: str
    at: Callable[[House], dict[str, Any]] = lambda house: {}
    by: str = "coordinator"
    wrong: str = "resident"
    method: str = "get"
    data: Callable[[House], dict[str, Any]] = lambda house: {}
    headers: dict[str, str] = field(default_factory=dict)
    anonymous: int = SIGN_IN
    #: The purpose whose personal link opens it, where the answer alone does not show it (a redirect, as to sign-in).
    link: str = ""
    #: Who came by a personal link as the house's resident (about the membership) or intervisor (about the group).
    take_part: int = SIGN_IN
    guide: int = SIGN_IN
    elsewhere: int = NOT_FOUND
    wrong_role: int = FORBIDDEN
    right: int = OK

    def __str__(self) -> str:
        return f"{self.name} {self.method}"


def open_page(name: str, status: int = OK, **changes: Any) -> Row:
    """A page that answers everybody alike, signed in or not."""
    everybody = ("anonymous", "take_part", "guide", "elsewhere", "wrong_role", "right")
    return Row(name, **(dict.fromkeys(everybody, status) | changes))


def own_page(name: str, status: int = OK, **changes: Any) -> Row:
    """A page about whoever is signed in: everybody gets their own."""
    signed_in = ("elsewhere", "wrong_role", "right")
    return Row(name, **(dict.fromkeys(signed_in, status) | changes))


def rows() -> list[Row]:
    modules = (module.name for module in pkgutil.iter_modules(tests.access.__path__))
    tables = (name for name in modules if not name.startswith("test_") and name not in ("table", "world"))
    return [row for name in tables for row in importlib.import_module(f"tests.access.{name}").ROWS]


def views(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Name and view of every URL there is."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from views(pattern.url_patterns, inside)
        else:
            yield f"{prefix}{pattern.name}", pattern.callback
