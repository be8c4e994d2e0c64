"""Which way through a function somebody took: which of its blocks ran, and which of its conditions held."""

import ast
from collections.abc import Iterator
from typing import Any

SEEN = "_ways_that_were_taken"


class Seen(set[str]):
    """Places that ran, as ``place``, and how, as ``place#mark``."""

    def judged(self, mark: str, value: Any) -> Any:
        """``value`` as it is; noted where it is a plain yes or no. Whether a query holds would have to be asked."""
        if isinstance(value, bool):
            self.add(f"{mark} {value}")
        return value

    def ways(self) -> dict[str, frozenset[str]]:
        """Each place that ran, with the marks of the way through it."""
        found: dict[str, set[str]] = {place: set() for place in self if "#" not in place}
        for mark in self:
            place, _, way = mark.partition("#")
            if way and place in found:
                found[place].add(way)
        return {place: frozenset(marks) for place, marks in found.items()}


def marked(function: ast.FunctionDef, place: str) -> None:
    """Let ``function`` and those within it note in SEEN that they ran and which way."""
    nodes = list(ast.walk(function))
    for number, node in enumerate(nodes):
        for judged in conditions(node):
            at = nodes.index(judged)
            put(node, judged, ast.parse(f"{SEEN}.judged('{place}#{at}', 0)", mode="eval").body)
        for name in ("body", "orelse"):
            if isinstance(node, ast.stmt) and isinstance(block := getattr(node, name, None), list) and block:
                mark = place if isinstance(node, ast.FunctionDef) else f"{place}#{number}{name}"
                block.insert(0, ast.parse(f"{SEEN}.add({mark!r})").body[0])


def conditions(node: ast.AST) -> Iterator[ast.expr]:
    """What decides in ``node``: its operands, its condition, what it answers."""
    if isinstance(node, ast.BoolOp):
        yield from node.values
    if isinstance(node, ast.If | ast.IfExp):
        yield node.test
    if isinstance(node, ast.Return) and node.value is not None:
        yield node.value


def put(parent: ast.AST, child: ast.expr, call: ast.expr) -> None:
    assert isinstance(call, ast.Call)
    call.args[1] = child
    for field, value in ast.iter_fields(parent):
        if value is child:
            setattr(parent, field, call)
        elif isinstance(value, list) and child in value:
            value[value.index(child)] = call
