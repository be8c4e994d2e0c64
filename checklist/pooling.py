"""All programs of an institution together, for its director: the four layers, never a program, a group or a person.

As programs stood when the half-year began, so that two looks tell no more than one. What members answered comes from
the half-years' own words (``surveys``). From three groups and ten people on; below that nothing is said.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

import catalogue
from accounts.models import Institution
from catalogue.kinds import Item, facts_of
from checklist.answered import counted, of_house
from checklist.inputs import Answers, exact
from checklist.models import Snapshot
from checklist.outcomes import ItemScore, likert_score
from checklist.released import OF_INTAKES, OF_LOGS, OF_REPORTS
from checklist.scoring import Score, of_items
from programs.models import Membership, Program
from surveys.actions import half_years
from surveys.releasing import DIRECTOR_GROUPS, DIRECTOR_PEOPLE

RAN = (Program.Stage.RUNNING, Program.Stage.CALLS, Program.Stage.COMPLETED)
COUNTS_FOR = dt.timedelta(days=365)
#: The climate is asked of the whole house and shown to its director as it is.
COUNTED = ("planned", "recorded", "coordinator_declared", "climate_survey")


@dataclass(frozen=True, slots=True)
class Stood:
    """How a program stood: the scores of its conditions, and how many groups it has."""

    format: str
    items: Mapping[str, float | str]
    groups: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """``score`` is None while too few groups or people are in it."""

    since: dt.date
    score: Score | None


def pooled(house: Institution, at: dt.datetime) -> Pooled:
    """In four queries, however many programs there are."""
    since = half_years.begins(house, at)
    begins = dt.datetime.combine(since, dt.time.min, house.zone)
    rows = _snapshots(house, begins)
    people = Membership.objects.filter(group__program__in=rows, state__in=("placed", "active", "completed"))
    members = people.values_list("group_id", "group__program_id", "user_id")
    groups = defaultdict[UUID, set[UUID]](set)
    for group, program, _user in members:
        groups[program].add(group)
    stood = [Stood(format_key, items, len(groups[program])) for program, (format_key, items) in rows.items()]
    enough = (
        sum(map(len, groups.values())) >= DIRECTOR_GROUPS
        and len({user for *_, user in members}) >= DIRECTOR_PEOPLE
    )
    answers = answers_of_house(house, at) if enough else {}
    return Pooled(since, pool(stood, answers) if enough else None)


def pool(stood: Iterable[Stood], answers: Mapping[str, Mapping[str, Answers]]) -> Score:
    """A program counts as often as it has groups."""
    known, found = catalogue.load(), defaultdict[str, list[tuple[Fraction | None, int]]](list)
    for one in stood:
        for item in known.items_of(one.format):
            if one.items.get(item.key) != "not_applicable":
                found[item.key].append((_told(item, one, answers.get(one.format, {})), one.groups))
    return of_items(known, "", [ItemScore(known.items[key], _mean(scores)) for key, scores in found.items()])


def _told(item: Item, one: Stood, answers: Mapping[str, Answers]) -> Fraction | None:
    """What the director may know of a condition; None also where guides ticked it, or a report said it."""
    if item.measure.kind in COUNTED:
        value = one.items.get(item.key)
        return exact(value) if isinstance(value, float | int) and _may_be_told(item, one.format) else None
    said = answers.get(item.key)
    return None if said is None else likert_score(exact(said.mean), reverse=item.measure.reverse)


def answers_of_house(house: Institution, at: dt.datetime) -> dict[str, dict[str, Answers]]:
    """The words that the director was shown, by format."""
    by_format = defaultdict(list)
    for result in house.survey_results.all():
        by_format[result.format].append(result)
    return {key: counted(of_house(results), None, at) for key, results in by_format.items()}


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
