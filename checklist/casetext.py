"""Reads YAML that somebody else wrote: small, without an end in itself, each key once; else one line of error."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 1_000_000
#: Of one value: a number longer than that is no number anybody counted.
MOST_CHARACTERS = 10_000
#: With whatever is referred to written out.
MOST_VALUES = 100_000
DEEPEST = 30
#: Of a message.
MOST_SAID = 300


class CaseFileError(ValueError):
    """The file is not one we can score; the message is one line."""


def one_line(error: object) -> str:
    """What ``error`` says, as one line that any terminal can show: files may hold what moves its cursor."""
    said = " ".join(str(error).split())[:MOST_SAID]
    return "".join(mark if mark.isprintable() else "?" for mark in said)


class EachKeyOnce(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key is no single value", problem_mark=key.start_mark)
            if key.tag == "tag:yaml.org,2002:merge":
                continue
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key.value} is here twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Mapping[str, Any]:
    try:
        text = _text(path)
        _refuse_endless(text, path)
        data = yaml.load(text, EachKeyOnce)  # noqa: S506 - a safe loader
    except CaseFileError:
        raise
    except OSError as error:
        raise CaseFileError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CaseFileError(f"{path}: {one_line(error)}") from error
    except ValueError as error:  # a date or a number that is none, or a path that is none
        raise CaseFileError(f"{path}: {one_line(error)}") from error
    if not isinstance(data, Mapping):
        raise CaseFileError(f"{path}: the file is not a mapping")
    return data


def _text(path: Path) -> str:
    """No more of it than may be: a device or a pipe does not say how long it is."""
    with path.open("rb") as file:
        held = file.read(MOST_BYTES + 1)
    if len(held) > MOST_BYTES:
        raise CaseFileError(f"{path}: the file is larger than {MOST_BYTES} bytes")
    return held.decode("utf-8")


def _refuse_endless(text: str, path: Path) -> None:
    """Adds up what every reference stands for, without following it; one inside itself has no size yet."""
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = []
    for event in yaml.parse(text, yaml.SafeLoader):
        anchor, size = getattr(event, "anchor", None), 1
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append((anchor, 0))
            if len(open_) > DEEPEST:
                raise CaseFileError(f"{path}: it is nested more than {DEEPEST} deep")
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_.pop()
        elif isinstance(event, yaml.AliasEvent):
            if anchor not in sizes:
                raise CaseFileError(f"{path}: {anchor} refers to itself, or to nothing")
            size = sizes[anchor]
        elif not isinstance(event, yaml.ScalarEvent):
            continue
        elif len(event.value) > MOST_CHARACTERS:
            raise CaseFileError(f"{path}: a value is longer than {MOST_CHARACTERS} characters")
        if anchor and not isinstance(event, yaml.AliasEvent):
            sizes[anchor] = size + 1
        if open_:
            open_[-1] = (open_[-1][0], open_[-1][1] + size)
            if open_[-1][1] > MOST_VALUES:
                raise CaseFileError(f"{path}: written out it holds more than {MOST_VALUES} values")
