"""All programs of an institution together, for its director: the four layers, never a program, a group or a person.

As their groups stood in the last night before the half-year began, each condition from as many groups and people as
know it; ``picture`` keeps that, so that two looks tell no more than one. What members answered comes from the
half-years' own words (``surveys``).
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

import catalogue
from accounts.models import Institution
from catalogue.kinds import Item, facts_of
from checklist.answered import counted, of_house
from checklist.counting import RAN, Figure, Seats, enough
from checklist.inputs import Answers, exact
from checklist.models import Snapshot
from checklist.outcomes import ItemScore, likert_score
from checklist.released import OF_INTAKES, OF_LOGS, OF_REPORTS
from checklist.scoring import Score, of_items
from programs.models import Group

COUNTS_FOR = dt.timedelta(days=365)
#: The climate is asked of the whole house and shown to its director as it is.
COUNTED = ("planned", "recorded", "coordinator_declared", "climate_survey")
#: How many groups were asked, by format.
Asked = Mapping[str, int]
#: By condition what is told of it: the mean of its groups, None for too few, or who was asked.
Conditions = Mapping[str, str | Asked | None]


@dataclass(frozen=True, slots=True)
class Stood:
    """How a group stood: the scores of its conditions."""

    format: str
    items: Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Pooled:
    """``since`` is the day as of which it is told, ``until`` when there may be more; no ``score`` for too few.

    ``held`` where it is of an earlier half-year, as too few groups changed since. ``older`` has a day for each layer
    of which some conditions are of a day before ``since``.
    """

    since: dt.date
    until: dt.date | None
    score: Score | None
    held: bool = False
    older: Mapping[str, dt.date] = field(default_factory=dict)


def figures(house: Institution, taken: Seats, begins: dt.datetime) -> dict[str, Figure]:
    """By condition what there is to tell of it, and what each group adds: each is told, and waits, on its own.

    Whatever is made of them, a layer or which one is lowest, then rests on enough groups as well.
    """
    return conditions(_snapshots(house, taken, begins), taken)


def conditions(stood: Mapping[UUID, Stood], taken: Seats) -> dict[str, Figure]:
    known, found = catalogue.load(), defaultdict[str, dict[UUID, Stood]](dict)
    for group, one in stood.items():
        for item in known.items_of(one.format):
            if one.items.get(item.key) != "not_applicable":
                found[item.key][group] = one
    return {key: _figure(known.items[key], there, taken) for key, there in found.items()}


def _figure(item: Item, there: Mapping[UUID, Stood], taken: Seats) -> Figure:
    """What was answered is not in it yet, and weighs as much as all who were asked."""
    if item.measure.kind not in COUNTED:
        formats = {group: one.format for group, one in there.items()}
        return Figure(dict(Counter(formats.values())), formats)
    told = {group: _told(item, one) for group, one in there.items()}
    known = {group: score for group, score in told.items() if score is not None}
    if not enough(known, taken):
        return Figure(None, dict.fromkeys(there))
    mean = sum(known.values(), Fraction(0)) / len(known)
    return Figure(str(mean), {group: None if score is None else str(score) for group, score in told.items()})


def pool(found: Conditions, answers: Mapping[str, Mapping[str, Answers]]) -> Score:
    """All formats together, with what members answered in each; in the catalogue's order, whatever ``found`` has."""
    known = catalogue.load()
    scored = [
        ItemScore(item, _score(item, found[key], answers))
        for key, item in known.items.items()
        if key in found
    ]
    return of_items(known, "", scored)


def _score(
    item: Item, told: str | Asked | None, answers: Mapping[str, Mapping[str, Answers]]
) -> Fraction | None:
    if told is None or isinstance(told, str):
        return None if told is None else Fraction(told)
    return _mean([(_said(item, answers.get(key, {})), groups) for key, groups in told.items()])


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


def _snapshots(house: Institution, taken: Seats, begins: dt.datetime) -> dict[UUID, Stood]:
    """By group with people in it, the last one before the half-year began; of a program that runs or ran."""
    formats = dict(
        Group.objects.filter(
            pk__in=list(taken), program__institution=house, program__stage__in=RAN
        ).values_list("pk", "program__format")
    )
    kept = Snapshot.objects.filter(
        program__institution=house,
        group__in=formats,
        audience=Snapshot.Audience.COORDINATOR,
        taken_at__lt=begins,
        taken_at__gte=begins - COUNTS_FOR,
    )
    last = kept.order_by("program_id", "group", "-taken_at").distinct("program_id", "group")
    rows = last.values_list("group", "content__items")
    return {group: Stood(formats[group], items) for group, items in rows if group}


def _may_be_told(item: Item, format_key: str) -> bool:
    return {*OF_LOGS, *OF_INTAKES, *OF_REPORTS}.isdisjoint(facts_of(item, format_key))


def _mean(found: list[tuple[Fraction | None, int]]) -> Fraction | None:
    known = [(score, groups) for score, groups in found if score is not None]
    weight = sum(groups for _score, groups in known)
    return sum((score * groups for score, groups in known), Fraction(0)) / weight if weight else None
