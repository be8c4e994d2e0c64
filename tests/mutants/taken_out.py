"""What can be taken out of a function: one condition, one guard, one word of a query. Works on syntax trees only."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

ASKING = ("filter", "exclude", "get", "get_or_create", "get_object_or_404", "get_list_or_404")
BOUNDS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
#: Names of values that belong to nobody.
NOBODYS = ("at", "day", "key", "kind", "now", "on", "pk", "query", "text", "today")
REFUSALS = ("PermissionDenied", "Http404")


class Change(NamedTuple):
    kind: str
    what: str
    line: int
    make: Callable[[], None]


class Slot(NamedTuple):
    """Where in the tree a node stands, so that another can take its place."""

    parent: ast.AST
    field: str
    index: int | None

    def put(self, new: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.index] = new


def slots(node: ast.AST) -> Iterator[tuple[Slot, ast.AST]]:
    """Every node inside a function's body with its place, but words and types, which decide nothing."""
    for field, value in ast.iter_fields(node):
        if field in ("decorator_list", "annotation", "returns", "args") and not isinstance(node, ast.Call):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST):
                yield Slot(node, field, index if isinstance(value, list) else None), child
                yield from slots(child)


def changes(function: ast.FunctionDef, scopes: frozenset[str]) -> list[Change]:
    """All that can be taken out of a rule or a query; ``scopes`` are the names of the queries there are."""
    known = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    found: list[Change] = []
    for slot, node in slots(function):
        found += of_conditions(slot, node)
        found += of_queries(slot, node, scopes)
        found += of_statements(slot, node, known)
        if (
            isinstance(node, ast.Return)
            and node.value is not None
            and answers_yes_or_no(function, node.value)
        ):
            found += of_answer(node)
    return found


def in_a_view(function: ast.FunctionDef, scopes: frozenset[str]) -> list[Change]:
    """What a page asks before it shows anything: its refusals, and the queries that find only what is visible."""
    found: list[Change] = []
    for slot, node in slots(function):
        if isinstance(node, ast.If) and refuses(node):
            found += of_statements(slot, node, set())
            asked = set(ast.walk(node.test))
            for inner, part in slots(node):
                if part in asked:
                    found += [change for change in of_conditions(inner, part) if change.kind == "operand"]
        found += [change for change in of_queries(slot, node, scopes) if change.kind in ("scope", "whose")]
    return found


def kind_of(asked: ast.expr) -> str:
    """A word of a query says whose rows are found, or which of them: by state, text or time."""
    names = {part.id for part in ast.walk(asked) if isinstance(part, ast.Name)}
    return "whose" if any(name[0].islower() and name not in NOBODYS for name in names) else "which"


def refuses(node: ast.If) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is not None and ast.unparse(last.exc).startswith(REFUSALS)


def answers_yes_or_no(function: ast.FunctionDef, value: ast.expr) -> bool:
    said = function.returns is not None and ast.unparse(function.returns) == "bool"
    return said or isinstance(value, ast.Compare | ast.BoolOp)


def of_answer(node: ast.Return) -> Iterator[Change]:
    value = node.value
    assert value is not None
    text = ast.unparse(value)
    opposite = ast.UnaryOp(ast.Not(), value)
    if not (isinstance(value, ast.Constant) and value.value is True):
        yield Change("answer", f"always yes: {text}", node.lineno, lambda: setattr(node, "value", yes()))
    yield Change("answer", f"the opposite: {text}", node.lineno, lambda: setattr(node, "value", opposite))


def of_conditions(slot: Slot, node: ast.AST) -> Iterator[Change]:
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            rest = [other for other in node.values if other is not value]
            left = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            yield Change("operand", f"without {ast.unparse(value)}", line, put(slot, left))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr | ast.BitXor):
        yield Change("operand", f"without {ast.unparse(node.left)}", line, put(slot, node.right))
        yield Change("operand", f"without {ast.unparse(node.right)}", line, put(slot, node.left))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield Change("negation", f"the opposite: {ast.unparse(node)}", line, put(slot, node.operand))
    if isinstance(node, ast.IfExp):
        yield Change("operand", f"always {ast.unparse(node.body)}", line, put(slot, node.body))
        yield Change("operand", f"always {ast.unparse(node.orelse)}", line, put(slot, node.orelse))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in BOUNDS:
        other = BOUNDS[type(node.ops[0])]
        text = ast.unparse(node)
        yield Change("bound", f"other bound: {text}", line, lambda: setattr(node, "ops", [other()]))
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            rest = [other for other in node.ifs if other is not test]
            yield Change("operand", f"without if {ast.unparse(test)}", test.lineno, set_to(node, "ifs", rest))


def of_queries(slot: Slot, node: ast.AST, scopes: frozenset[str]) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in ASKING or (called == "Q" and len(node.keywords) + len(node.args) > 1):
        for word in node.keywords:
            rest = [other for other in node.keywords if other is not word]
            what = f"{called}() without {ast.unparse(word)}"
            kind = "which" if word.arg == "pk" else kind_of(word.value)
            yield Change(kind, what, word.value.lineno, set_to(node, "keywords", rest))
        for part in node.args if called in ("filter", "exclude", "Q") else ():
            left = [other for other in node.args if other is not part]
            what = f"{called}() without {ast.unparse(part)}"
            yield Change(kind_of(part), what, part.lineno, set_to(node, "args", left))
    if called in scopes and isinstance(node.func, ast.Attribute) and narrows(called, node.func.value):
        everything = ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
        yield Change(
            "scope", f"without .{called}() in {ast.unparse(node)}", node.lineno, put(slot, everything)
        )
    for word in node.keywords:
        if word.arg and word.arg.endswith("__in") and isinstance(word.value, ast.Tuple | ast.List):
            yield from of_choices(word.value, word.arg)


def narrows(name: str, asked: ast.expr) -> bool:
    """``of`` is the name of a query, and of functions that are none."""
    return name != "of" or ast.unparse(asked).endswith(".objects")


def of_choices(choices: ast.Tuple | ast.List, name: str) -> Iterator[Change]:
    for choice in choices.elts:
        rest = [other for other in choices.elts if other is not choice]
        what = f"{name} without {ast.unparse(choice)}"
        yield Change("which", what, choice.lineno, set_to(choices, "elts", rest))


def of_statements(slot: Slot, node: ast.AST, known: set[str]) -> Iterator[Change]:
    """Guards, statements for their effect, a name given anew, and lines of SQL."""
    if isinstance(node, ast.If):
        test = ast.unparse(node.test)
        never = ast.fix_missing_locations(ast.Constant(False))
        yield Change("statement", f"never: if {test}", node.lineno, set_to(node, "test", never))
        yield Change("statement", f"always: if {test}", node.lineno, set_to(node, "test", yes()))
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom):
        yield Change("statement", f"without: {ast.unparse(node)}", node.lineno, put(slot, ast.Pass()))
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        if node.targets[0].id in known:
            yield Change("statement", f"without: {ast.unparse(node)}", node.lineno, put(slot, ast.Pass()))
        known.add(node.targets[0].id)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "select " in node.value:
        yield from of_sql(slot, node, node.value)


def of_sql(slot: Slot, node: ast.Constant, sql: str) -> Iterator[Change]:
    text = " ".join(sql.split())
    for start, end in conditions_of_sql(text):
        condition = text[start:end]
        # a placeholder stays, or the values would be one too many
        kept = f"(true or {condition})" if "%s" in condition else "true"
        rest = ast.Constant(text[:start] + kept + text[end:])
        yield Change("sql", f"without {condition}", node.lineno, put(slot, rest))


def conditions_of_sql(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends: after ``where``, ``and`` or ``or``, until the next or until a bracket closes."""
    for found in re.finditer(r"\b(where|and|or) ", text):
        start = found.end()
        depth = 0
        for end in range(start, len(text) + 1):
            depth += {"(": 1, ")": -1}.get(text[end : end + 1], 0)
            over = re.match(r" (and|or|union|order by)\b", text[end:])
            if end == len(text) or depth < 0 or (depth == 0 and over):
                yield start, end
                break


def yes() -> ast.Constant:
    return ast.Constant(True)


def put(slot: Slot, new: ast.AST) -> Callable[[], None]:
    return lambda: slot.put(new)


def set_to(node: ast.AST, field: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(node, field, value)
