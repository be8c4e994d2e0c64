"""Reading one YAML file so that every mistake in it can be named with its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    place: Place
    message: str


class CatalogueError(ValueError):
    """The files of the catalogue contradict themselves; one line per problem, each with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SourceFile:
    path: Path
    data: Any
    lines: dict[Place, int]

    def at(self, problem: Problem) -> str:
        """The problem with the line it is on, or that of the nearest thing around it."""
        place = problem.place
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.path.name}:{self.lines.get(place, 1)}: {problem.message}"


def read(name: str, *, folder: Path = FOLDER) -> SourceFile:
    """Parse ``name``; raises CatalogueError when it is no YAML or says one key twice."""
    path = folder / name
    try:
        loader = yaml.CSafeLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise CatalogueError([f"{name}:1: the file is not a mapping"])
        pairs = list(_walk(node, ()))
        twice = _said_twice(pairs)
        if twice:
            raise CatalogueError([f"{name}:{line}: key {place[-1]} is here twice" for place, line in twice])
        return SourceFile(path, loader.construct_document(node), dict(pairs))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise CatalogueError(
            [f"{name}:{mark.line + 1 if mark else 1}: {error}".replace("\n", " ")]
        ) from error


def _walk(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag != "tag:yaml.org,2002:merge":
                yield from _walk(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*place, index))


def _said_twice(pairs: list[tuple[Place, int]]) -> list[tuple[Place, int]]:
    """Keys that come back, without what is inside them."""
    seen: set[Place] = set()
    twice: dict[Place, int] = {}
    for place, line in pairs:
        if place in seen and not any(place[:depth] in twice for depth in range(len(place))):
            twice[place] = line
        seen.add(place)
    return list(twice.items())
