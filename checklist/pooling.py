"""All programs of an institution together, for its director: the four layers, never a program, a group or a person.

As programs stood in the last night before the half-year began; ``picture`` keeps that, so that two looks tell no more
than one. What members answered comes from the half-years' own words (``surveys``).
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

import catalogue
from accounts.models import Institution
from catalogue.kinds import Item, facts_of
from checklist.answered import counted, of_house
from checklist.counting import RAN, Figure, Seats
from checklist.inputs import Answers, exact
from checklist.models import Snapshot
from checklist.outcomes import ItemScore, likert_score
from checklist.released import OF_INTAKES, OF_LOGS, OF_REPORTS
from checklist.scoring import Score, of_items
from programs.models import Group

COUNTS_FOR = dt.timedelta(days=365)
#: The climate is asked of the whole house and shown to its director as it is.
COUNTED = ("planned", "recorded", "coordinator_declared", "climate_survey")
#: By format and condition: what its programs come to, None where that is not known or not told, and its weight.
Conditions = Mapping[str, Mapping[str, tuple[str | None, int]]]


@dataclass(frozen=True, slots=True)
class Stood:
    """How a program stood: the scores of its conditions, and how many groups it has."""

    format: str
    items: Mapping[str, float | str]
    groups: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """``since`` is the day as of which it is told, ``until`` when there may be more; no ``score`` for too few.

    ``held`` where it is of an earlier half-year, as too few groups changed since.
    """

    since: dt.date
    until: dt.date
    score: Score | None
    held: bool = False


def figure(house: Institution, taken: Seats, begins: dt.datetime) -> Figure:
    """The rings' conditions, and what each group adds to them."""
    rows = _snapshots(house, begins)
    groups = defaultdict[UUID, list[UUID]](list)
    there = Group.objects.filter(pk__in=list(taken), program__in=rows).order_by("pk")
    for group, program in there.values_list("pk", "program_id"):
        groups[program].append(group)
    stood = {program: Stood(*row, len(groups[program])) for program, row in rows.items()}
    adds = {group: _digest(stood[program]) for program, all_of_it in groups.items() for group in all_of_it}
    return Figure(conditions(stood.values()), adds)


def _digest(one: Stood) -> str:
    """The same as long as nothing differs that is told of it."""
    told = {item.key: str(_told(item, one)) for item in catalogue.load().items_of(one.format)}
    return hashlib.sha256(json.dumps([one.format, told], sort_keys=True).encode()).hexdigest()[:16]


def conditions(stood: Iterable[Stood]) -> Conditions:
    """A program counts as often as it has groups."""
    known = catalogue.load()
    found = defaultdict[str, dict[str, list[tuple[Fraction | None, int]]]](lambda: defaultdict(list))
    for one in stood:
        for item in known.items_of(one.format):
            if one.items.get(item.key) != "not_applicable":
                found[one.format][item.key].append((_told(item, one), one.groups))
    return {
        format_key: {key: _together(known.items[key], scores) for key, scores in items.items()}
        for format_key, items in found.items()
    }


def _together(item: Item, scores: list[tuple[Fraction | None, int]]) -> tuple[str | None, int]:
    """What was answered is not in it yet, and weighs as much as all who were asked."""
    if item.measure.kind not in COUNTED:
        return None, sum(groups for _score, groups in scores)
    mean = _mean(scores)
    return (
        None if mean is None else str(mean),
        sum(groups for score, groups in scores if score is not None),
    )


def pool(found: Conditions, answers: Mapping[str, Mapping[str, Answers]]) -> Score:
    """All formats together, with what members answered in each; in the catalogue's order, whatever ``found`` has."""
    known, scores = catalogue.load(), defaultdict[str, list[tuple[Fraction | None, int]]](list)
    for format_key, items in found.items():
        for key, (score, groups) in items.items():
            if key in known.items:
                said = _said(known.items[key], answers.get(format_key, {}))
                scores[key].append((said if score is None else Fraction(score), groups))
    return of_items(
        known, "", [ItemScore(each, _mean(scores[key])) for key, each in known.items.items() if key in scores]
    )


def _told(item: Item, one: Stood) -> Fraction | None:
    """What the director may know of a condition; None also where guides ticked it, or a report said it."""
    value = one.items.get(item.key)
    may = item.measure.kind in COUNTED and _may_be_told(item, one.format)
    return exact(value) if may and isinstance(value, float | int) else None


def _said(item: Item, answers: Mapping[str, Answers]) -> Fraction | None:
    said = None if item.measure.kind in COUNTED else answers.get(item.key)
    return None if said is None else likert_score(exact(said.mean), reverse=item.measure.reverse)


def answers_of_house(house: Institution, since: dt.date) -> dict[str, dict[str, Answers]]:
    """The words that the director was shown of the two half-years before ``since``, by format."""
    by_format = defaultdict(list)
    for result in house.survey_results.filter(from_on__lt=since, from_on__gte=since.replace(since.year - 1)):
        by_format[result.format].append(result)
    return {
        key: counted(of_house(results), None, max(one.released_at for one in results))
        for key, results in by_format.items()
    }


def _snapshots(house: Institution, begins: dt.datetime) -> dict[UUID, tuple[str, Mapping[str, float | str]]]:
    """By program, the last one before the half-year began."""
    kept = Snapshot.objects.filter(
        program__institution=house,
        program__stage__in=RAN,
        group=None,
        audience=Snapshot.Audience.COORDINATOR,
        taken_at__lt=begins,
        taken_at__gte=begins - COUNTS_FOR,
    )
    last = kept.order_by("program_id", "-taken_at").distinct("program_id")
    rows = last.values_list("program_id", "program__format", "content__items")
    return {program: (format_key, items) for program, format_key, items in rows}


def _may_be_told(item: Item, format_key: str) -> bool:
    return {*OF_LOGS, *OF_INTAKES, *OF_REPORTS}.isdisjoint(facts_of(item, format_key))


def _mean(found: list[tuple[Fraction | None, int]]) -> Fraction | None:
    known = [(score, groups) for score, groups in found if score is not None]
    weight = sum(groups for _score, groups in known)
    return sum((score * groups for score, groups in known), Fraction(0)) / weight if weight else None
