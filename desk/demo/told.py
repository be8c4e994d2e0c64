"""What was answered in the programs after a shape: asked and closed as in use, each window filled at once."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from django.db import transaction

from checklist import asking
from desk.demo.house import House
from desk.demo.shapes import Answers, Shape
from intervision import clock
from programs.models import Program
from sessions.models import GroupSession
from surveys import tallies
from surveys.actions import climate, closing
from surveys.models import Kind, Receipt, Window
from surveys.questions import Question
from surveys.releasing import Counts

#: How six people answer what comes to a word; the first so many of them where fewer do.
SIX = {"good": (4, 5, 4, 3, 4, 5), "mixed": (3, 3, 4, 2, 3, 3), "attention": (2, 1, 2, 3, 2, 1)}
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
#: By then a pulse is closed, what is asked after a first session, what is asked halfway.
CLOSED_BY = (3 * DAY, 15 * DAY, 8 * WEEK)
#: What a program may bring is asked apart, and counts nowhere.
LEFT_OUT = (Kind.HOPED, Kind.GAINED)


def answer(program: Program, sessions: Sequence[GroupSession], shape: Shape) -> None:
    """Signing up, then at the end of each session of which the shape says so; what is due is closed."""
    asked = asking.live().get(pk=program.pk)
    begun = min(session.starts_at for session in sessions)
    moments = [begun - 2 * DAY]
    moments += [one.ends_at - asking.BEFORE_END / 2 for one in sessions if one.number in shape.asked]
    if program.format == Program.Format.WORKSHOP:
        moments.append(max(one.ends_at for one in sessions) + asking.WORKSHOP_AFTER + DAY)
    moments.sort()
    for at, following in pairwise([*moments, clock.now()]):
        with clock.at(at):
            closing.close_due(at=at)
            asking.ask_of(asked, at=at)
            _fill(program, shape.answers, at)
        for later in CLOSED_BY:
            if at + later < following:
                closing.close_due(at=at + later)


@transaction.atomic
def _fill(program: Program, answers: Answers, at: dt.datetime) -> None:
    """Count everybody's answers in the open windows that nobody answered yet: as many receipts as answers."""
    windows = (
        Window.objects.open_at(at).filter(group__program=program, receipts=None).exclude(kind__in=LEFT_OUT)
    )
    for window in windows:
        people = list(window.group.memberships.order_by("user__name")[: answers.answering])
        Receipt.objects.bulk_create(Receipt(window=window, user_id=row.user_id) for row in people)
        tally = tallies.locked([window])[window.pk]
        tallies.write(window, tally, _counts(window.asked, answers))


def _counts(questions: Iterable[Question], answers: Answers) -> Mapping[str, Counts]:
    return {
        one.key: _given(answers.words.get(one.key, answers.most), answers.answering, reverse=one.reverse)
        for one in questions
    }


def _given(word: str, people: int, *, reverse: bool) -> Counts:
    given = SIX[word][:people]
    a, b, c, d, e = (given.count(value) for value in range(1, 6))
    return (e, d, c, b, a) if reverse else (a, b, c, d, e)


def ask_climate(house: House, told: Mapping[str, Answers | None], *, weeks: int) -> None:
    """One round in the departments of ``told``, from the week ``weeks`` on; guides do not answer."""
    chosen = [one for one in house.departments if one.name in told]
    staff = {one.pk: [f"staf{n}.{one.pk.hex[:6]}@demo.example" for n in range(6)] for one in chosen}
    asked_at, closes_at = house.moment(weeks), house.moment(weeks + 3)
    with clock.at(asked_at):
        begun = climate.open_round(
            house.institution, chosen, staff, closes_at=closes_at, by=house.coordinator, at=asked_at
        )
        for stratum in begun.strata.select_related("department").exclude(department=None):
            answers = told[stratum.department.name] if stratum.department else None
            if answers:
                tallies.write_stratum(stratum, _counts(stratum.asked, answers))
                stratum.save(update_fields=["sealed"])
    climate.close_due(at=closes_at)
