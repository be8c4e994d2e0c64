"""How far a score may be trusted: how much is known, how many answered, how old that is (domain notes, 8.4)."""

from collections.abc import Mapping
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checklist.answered import FRESH_FOR, oldest
from checklist.assessing import Assessment
from checklist.scoring import Confidence, confidence

ENOUGH = Fraction(7, 10)
WORDS: Mapping[Confidence, Promise] = {"high": _("high"), "medium": _("medium"), "low": _("low")}


def of(whole: Assessment) -> Confidence | None:
    """None while there is no overall to trust."""
    return confidence(whole.score, response=_response(whole), fresh=_is_fresh(whole))


def word(whole: Assessment) -> str:
    found = of(whole)
    return str(WORDS[found]) if found else ""


def _response(whole: Assessment) -> Fraction | None:
    """As far as it is known: how many answered is told as "at least", so that few may be many."""
    members = len(whole.reading.scope.members())
    least = min((answers.n for answers in whole.inputs.resident.values()), default=0)
    share = Fraction(min(least, members), members) if members else Fraction(0)
    return share if share >= ENOUGH else None


def _is_fresh(whole: Assessment) -> bool:
    at = whole.reading.scope.at
    first = oldest(whole.reading.released, None, at)
    declared = [row for row in whole.reading.declarations.values() if row.counts(at)]
    answered = first is None or at - first <= FRESH_FOR
    return answered and not any(row.is_asked_again(at) for row in declared)
