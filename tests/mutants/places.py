"""Where the rules are, and putting a changed function in its place while the program runs."""

import ast
import copy
import functools
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from intervision.prepared import Question
from tests.mutants import taken_out, ways
from tests.mutants.taken_out import Change

ROOMS = (
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
)
#: Files of which every function is a rule.
RULES = (
    "*/rules.py",
    "accounts/access.py",
    "accounts/factors.py",
    "accounts/middleware.py",
    "accounts/once_more.py",
    "programs/independence.py",
    "surveys/releasing.py",
    "vault/door.py",
    "vault/doors.py",
)
MODELS = ("*/models.py", "*/models/*.py")
#: Functions and methods beside the query sets that say what somebody may.
IN_MODELS = (
    "standing_of",
    "holds",
    "is_open",
    "current_q",
    "groups_to_report_about",
    "groups_with_evaluated",
)
VIEWS = ("*/views/*.py",)


@dataclass(frozen=True)
class Mutant:
    """One thing taken out of one function. ``name`` is stable as long as the function's text is."""

    place: str
    number: int
    kind: str
    what: str
    line: int

    @property
    def room(self) -> str:
        return self.place.split(".", 1)[0]

    @property
    def name(self) -> str:
        return f"{self.place}: {' '.join(self.what.split())}"


@cache
def mutants() -> tuple[Mutant, ...]:
    found = [
        Mutant(place, number, change.kind, change.what, change.line)
        for place, path in places().items()
        for number, change in enumerate(changes_of(place, _parsed(path)))
    ]
    return (*found, *of_decorators())


@cache
def places() -> dict[str, Path]:
    """Every function that decides what somebody may, as ``module:function``, with its file."""
    return {
        f"{module_of(path)}:{name}": path
        for patterns, chosen in ((RULES, every), (MODELS, of_models), (VIEWS, every))
        for path in files(patterns)
        for name in chosen(ast.parse(path.read_text()))
    }


def files(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            if path.relative_to(settings.BASE_DIR).parts[0] in ROOMS:
                yield path


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts).removesuffix(".__init__")


def every(tree: ast.Module) -> list[str]:
    return [name for name, _ in functions(tree)]


def of_models(tree: ast.Module) -> list[str]:
    names = [name for name, _ in functions(tree)]
    return [name for name in names if "QuerySet." in name or name.split(".")[-1] in IN_MODELS]


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    yield f"{node.name}.{part.name}", part


@cache
def scopes() -> frozenset[str]:
    """The names of the queries that find less than everything."""
    trees = [ast.parse(path.read_text()) for path in files(MODELS)]
    names = {name.split(".")[-1] for tree in trees for name, _ in functions(tree) if "QuerySet." in name}
    return frozenset(name for name in names if not name.startswith(("with_", "by_", "shown_")))


def tree_of(place: str) -> ast.Module:
    return copy.deepcopy(_parsed(places()[place]))


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def changes_of(place: str, tree: ast.Module) -> list[Change]:
    function = dict(functions(tree))[place.split(":")[1]]
    if ".views." in place and not place.startswith(
        ("programs.views.find", "sessions.views.find", "surveys.views.find")
    ):
        return taken_out.in_a_view(function, scopes())
    return taken_out.changes(function, scopes())


def function_of(place: str) -> FunctionType:
    """The function itself, under whatever decorators put around it."""
    module, name = place.split(":")
    found: Any = import_module(module)
    for part in name.split("."):
        found = found.__dict__[part] if isinstance(found, type) else getattr(found, part)
    for wrapping in ("__func__", "fget", "func", "__wrapped__"):
        while hasattr(found, wrapping):
            found = getattr(found, wrapping)
    assert isinstance(found, FunctionType), place
    return found


def put(place: str, tree: ast.Module) -> None:
    """Let the function of ``tree`` run in place of the one it was, also where a decorator made one of it before."""
    held = held_at(place)
    keep_free(dict(functions(tree))[place.split(":")[1]], {code.co_name: code for _, code in held[1:]})
    module = compile(ast.fix_missing_locations(tree), str(places()[place]), "exec")
    written = {code.co_qualname: code for code in codes(module)}
    for function, code in held:
        function.__code__ = written.get(code.co_qualname, code)


def put_back(place: str) -> None:
    for function, code in held_at(place):
        function.__code__ = code


@cache
def held_at(place: str) -> tuple[tuple[FunctionType, CodeType], ...]:
    """The function, and every living one that it made within itself, with their code as it is written."""
    function = function_of(place)
    within = (made for code in codes(function.__code__) for made in made_within().get(code, ()))
    return tuple((each, each.__code__) for each in (function, *within))


@cache
def made_within() -> dict[CodeType, list[FunctionType]]:
    """Living functions that another one made, by their code. All pages first: those around them are made with them."""
    get_resolver().url_patterns  # noqa: B018
    found: dict[CodeType, list[FunctionType]] = {}
    for each in gc.get_objects():
        if type(each) is FunctionType and "<locals>" in each.__code__.co_qualname:
            found.setdefault(each.__code__, []).append(each)
    return found


def and_within(function: ast.FunctionDef) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef)]


def keep_free(function: ast.FunctionDef, written: dict[str, CodeType]) -> None:
    """Let each function within name all it had from around it: another code must ask for the same."""
    for within in and_within(function)[1:]:
        if within.name in written and (names := written[within.name].co_freevars):
            within.body.insert(0, ast.parse(f"if 0: {', '.join(names)}").body[0])


def codes(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from codes(part)


@contextmanager
def in_place(mutant: Mutant) -> Iterator[None]:
    """``mutant`` instead of its function, for all who hold that function or one it made, until the end."""
    if mutant.kind == "decorator":
        with without_decorator(mutant):
            yield
        return
    tree = tree_of(mutant.place)
    changes_of(mutant.place, tree)[mutant.number].make()
    put(mutant.place, tree)
    forget_prepared()
    try:
        yield
    finally:
        put_back(mutant.place)
        forget_prepared()


@cache
def _questions() -> list[Question[Any]]:
    return [found for found in gc.get_objects() if issubclass(type(found), Question)]


def forget_prepared() -> None:
    """Statements that were written with the function as it was."""
    for question in _questions():
        question.__dict__.pop("asked", None)


@contextmanager
def noting(seen: ways.Seen) -> Iterator[None]:
    """Write into ``seen`` which of the places run and which way, and under ``url:`` which addresses are asked."""
    for place in places():
        tree = tree_of(place)
        ways.marked(dict(functions(tree))[place.split(":")[1]], place)
        function_of(place).__globals__[ways.SEEN] = seen
        put(place, tree)
    patterns = {pattern: pattern.callback for pattern in all_patterns()}
    for pattern, view in patterns.items():
        pattern.callback = noted(view, f"url:{place_of(view)}", seen)
    try:
        yield
    finally:
        for place in places():
            put_back(place)
        for pattern, view in patterns.items():
            pattern.callback = view
        forget_prepared()


def noted(view: Callable[..., Any], name: str, seen: set[str]) -> Callable[..., Any]:
    @functools.wraps(view)
    def noting_view(*args: Any, **kwargs: Any) -> Any:
        seen.add(name)
        return view(*args, **kwargs)

    return noting_view


def all_patterns(inside: Any = None) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if inside is None else inside:
        if isinstance(pattern, URLResolver):
            yield from all_patterns(pattern.url_patterns)
        else:
            yield pattern


def place_of(view: Any) -> str:
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return f"{view.__module__}:{getattr(view, '__qualname__', '')}"


def of_decorators() -> Iterator[Mutant]:
    """Each decorator of each page: what it is open to, which methods it answers, whether it asks again who it is."""
    ours = dict.fromkeys(place_of(pattern.callback) for pattern in all_patterns())
    for place in ours:
        if place in places():
            function = dict(functions(_parsed(places()[place])))[place.split(":")[1]]
            for number, decorator in enumerate(function.decorator_list):
                what = f"without @{ast.unparse(decorator)}"
                yield Mutant(place, number, "decorator", what, decorator.lineno)


@contextmanager
def without_decorator(mutant: Mutant) -> Iterator[None]:
    """The same function under one decorator less, at its addresses. Marks on the function itself go too."""
    inner = function_of(mutant.place)
    marks, name = dict(inner.__dict__), mutant.place.split(":")[1]
    inner.__dict__.clear()
    tree = tree_of(mutant.place)
    function = dict(functions(tree))[name]
    del function.decorator_list[mutant.number]
    bare = FunctionType(inner.__code__, inner.__globals__, name, inner.__defaults__, inner.__closure__)
    bare.__kwdefaults__, bare.__module__ = inner.__kwdefaults__, inner.__module__
    view: Any = bare
    for decorator in reversed(function.decorator_list):
        expression = ast.Expression(decorator)
        view = eval(compile(ast.fix_missing_locations(expression), "decorator", "eval"), inner.__globals__)(
            view
        )
    inner.__dict__.update(marks)
    kept = {
        pattern: pattern.callback for pattern in all_patterns() if place_of(pattern.callback) == mutant.place
    }
    for pattern in kept:
        pattern.callback = view
    try:
        yield
    finally:
        for pattern, before in kept.items():
            pattern.callback = before
