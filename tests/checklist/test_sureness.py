"""How far a score may be trusted: what is known, how many answered at least, and how old it is."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from checklist import sureness
from checklist.answered import Released
from checklist.inputs import Answers, Inputs
from checklist.models import Declaration
from tests.checklist.by_hand import NOW, group, members, scope
from tests.checklist.test_scoring_whole import good, intervision

SAFE = "min-safety-felt"


def known(n=5, days=30, asked=30, size=6):
    """A program of one group of six, of which everything is known: shown ``days`` ago to at least ``n``."""
    shown = Released(None, "midway", 0, {SAFE: "good"}, n, NOW - dt.timedelta(days=days))
    said = Declaration(item="min-help-route", answer="yes", answered_at=NOW - dt.timedelta(days=asked))
    reading = SimpleNamespace(
        scope=scope(group(members=members(*[1] * size))),
        released=(shown,),
        declarations={"min-help-route": said},
    )
    return SimpleNamespace(
        reading=reading, inputs=Inputs(resident={SAFE: Answers(4, n)}), score=everything_known()
    )


def everything_known():
    score = intervision(good())
    layers = {key: replace(layer, coverage=Fraction(1)) for key, layer in score.layers.items()}
    return replace(score, layers=layers)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (known(), "high"),  # five of six at least
        (known(size=8), "medium"),  # five of eight may be all, or too few
        (known(size=7), "high"),
        (known(days=183), "high"),
        (known(days=184), "medium"),
        (known(asked=365), "high"),
        (known(asked=366), "medium"),
        (known(asked=600), "high"),  # too old to count at all
    ],
)
def test_confidence_is_high_where_most_answered_lately(found, expected):
    assert sureness.of(found) == expected


def test_there_is_no_word_without_a_whole():
    found = known()
    found.score = intervision(Inputs())
    assert sureness.word(found) == ""
    assert sureness.word(known()) == "high"
