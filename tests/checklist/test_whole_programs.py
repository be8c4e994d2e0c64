"""Three whole programs, one of each format, come to what was worked out by hand before they were scored.

``worked/*.yaml`` has the arithmetic. Every row is stored, every answer is given by a person of the program to a real
tally, and what is scored is what the real closing released.
"""

import datetime as dt
import json
import math
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from django.core.management import call_command

import catalogue
from checklist import sureness
from checklist.assessing import assess
from checklist.facts.whole import FACTS
from checklist.inputs import Range
from programs.models import Program
from tests.checklist.worked import intervision, peer_support, workshop
from tests.checklist.worked.life import nights

pytestmark = pytest.mark.django_db
KNOWN = catalogue.load()
PLAIN = ("status", "limited_by", "band", "shown", "readiness", "flags")


def by_hand(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / "worked" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def fact(written: Any) -> Any:
    """As facts are: fractions, except of what is no number."""
    if isinstance(written, dict):
        return Range(Fraction(written["min"]), Fraction(written["max"]))
    is_fraction = isinstance(written, str) and written[0].isdigit()
    return Fraction(written) if is_fraction else written


def number(written: Any) -> Any:
    """As the command prints them: floats, and words for what is unknown."""
    plain = fact(written)
    return float(plain) if isinstance(plain, Fraction | int) else plain


def root(written: dict[str, Any]) -> Any:
    product = math.prod(Fraction(part) for part in written["of"])
    return pytest.approx(float(product) ** (1 / written["root"]), rel=1e-12)


def printed(program: Program) -> dict[str, Any]:
    out = StringIO()
    call_command("score_program", str(program.pk), format="json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("story", [intervision, peer_support, workshop], ids=lambda story: story.__name__)
def test_a_whole_program_comes_to_what_was_worked_out_by_hand(story):
    wanted = by_hand(story.__name__.rpartition(".")[2])
    program, at = story.stored(), dt.datetime.fromisoformat(str(wanted["at"]))
    nights(program, at - dt.timedelta(days=1))
    with time_machine.travel(at, tick=False):
        assessed = assess(program, at)
        facts = assessed.inputs.facts
        found = printed(program)

    assert {key: facts[key] for key in FACTS} == {key: fact(value) for key, value in wanted["facts"].items()}
    applies = {item.key for item in KNOWN.items_of(program.format)}
    assert {key for key, score in found["items"].items() if score != "not_applicable"} == applies
    assert {key: found["items"][key] for key in applies} == all_numbers(wanted["items"])
    assert found["factors"] == all_numbers(wanted["factors"])
    assert found["layers"] == all_numbers(wanted["layers"])
    assert found["coverage"] == all_numbers(wanted["coverage"])
    assert found["overall"] == root(wanted["overall"])
    assert found["range"] == [root(end) for end in wanted["range"]]
    assert sureness.of(assessed) == wanted["confidence"]
    assert {key: found[key] for key in PLAIN} == {key: wanted[key] for key in PLAIN}


def all_numbers(written: dict[str, Any]) -> dict[str, Any]:
    return {key: number(value) for key, value in written.items()}
