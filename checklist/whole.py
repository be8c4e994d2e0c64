"""A whole score as plain data, unrounded: what the command prints and what is kept of a program."""

from typing import Any

import catalogue
from checklist.scoring import Score


def plain(result: Score) -> dict[str, Any]:
    """Every item and factor of the catalogue; one that the format does not have does not apply."""
    known = catalogue.load()
    return {
        "items": {key: _item(result, key) for key in known.items},
        "factors": {key: _number(_factor(result, key)) for key in known.factors},
        "layers": {key: _number(layer.score) for key, layer in result.layers.items()},
        "coverage": {key: _number(layer.coverage) for key, layer in result.layers.items()},
        "overall": _number(result.overall),
        "range": [float(end) for end in result.range] if result.range else None,
        "status": result.status,
        "limited_by": result.limited_by,
        "band": result.band,
        "shown": result.shown,
        "readiness": result.readiness,
        "flags": [flag.item.key for flag in result.flags],
    }


def kept(result: Score) -> dict[str, Any]:
    """The same, without what the format does not have."""
    whole = plain(result)
    items = {key: value for key, value in whole["items"].items() if key in result.items}
    factors = {key: value for key, value in whole["factors"].items() if key in result.factors}
    return whole | {"items": items, "factors": factors}


def _item(result: Score, key: str) -> float | str:
    found = result.items.get(key)
    if found is None:
        return "not_applicable"
    return found.status if found.score is None else float(found.score)


def _factor(result: Score, key: str) -> Any:
    found = result.factors.get(key)
    return None if found is None else found.score


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
