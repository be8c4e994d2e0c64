"""What happens to a report: made, looked into, settled, forgotten."""

import base64
import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.crypto import salted_hmac

import outbox
from accounts.models import Appointment, User
from concerns.errors import RepairUnsaid, ReportMoved
from concerns.models import LOOK_WITHIN, LeakReport, LeakStep, hashed
from intervision import clock
from programs.models import Group, ProgramCoordinator

REPORTED, WAITS, NEWS, CONFIRMED = "leak-reported", "leak-waits", "leak-news", "leak-confirmed"
State = LeakReport.State


def code_of(once: uuid.UUID) -> str:
    """The code by which its reporter follows a report; the same for the same post, and stored nowhere."""
    digest = salted_hmac("concerns.code", str(once), algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()[:16]
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


@transaction.atomic
def report(group: Group, *, kind: str, reporter: User | None, once: uuid.UUID) -> str:
    """Write the report down and tell the independent people of the house. Returns the reporter's code.

    ``reporter`` is None for who wants to stay unnamed: then no row says who it was. Posting twice with the same
    ``once`` reports once. The caller has checked ``rules.can_report``.
    """
    code = code_of(once)
    today = group.program.institution.on_day(clock.now())
    found, made = LeakReport.objects.get_or_create(
        code_hash=hashed(code),
        defaults={
            "group": group,
            "kind": kind,
            "reporter": reporter,
            "reported_on": today,
            "since_on": today,
        },
    )
    if made:
        tell_independent(found)
    return code


def independent_people(group: Group) -> list[User]:
    """Who looks into a report about ``group``: the independent people of its house who are so here too."""
    house = group.program.institution
    held = house.appointments.current().filter(role=Appointment.Role.INDEPENDENT)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True))


def tell_independent(report: LeakReport) -> None:
    for person in independent_people(report.group):
        key = f"{REPORTED}:{report.pk}:{person.pk}"
        outbox.enqueue(REPORTED, about_id=report.pk, to=person, key=key, at=clock.now())


@transaction.atomic
def move(report: LeakReport, to: str, *, by: User, repairs: Iterable[str] = ()) -> LeakReport:
    """Take the step to the state ``to``. Raises ReportMoved when it does not follow on what is stored now, and
    RepairUnsaid for a repair that says nothing. The caller has checked ``rules.can_look_into``."""
    row = LeakReport.objects.select_for_update().get(pk=report.pk)
    if row.state != report.state or to not in LeakReport.NEXT[State(row.state)]:
        raise ReportMoved
    done = list(repairs) if to == State.REPAIRED else []
    if to == State.REPAIRED and not done:
        raise RepairUnsaid
    now = clock.now()
    row.state, row.repairs = to, done
    row.since_on = report.group.program.institution.on_day(now)
    row.save(update_fields=["state", "repairs", "since_on"])
    step = LeakStep.objects.create(report=row, state=to, by=by, at=now)
    _tell(row, step)
    return row


def _tell(row: LeakReport, step: LeakStep) -> None:
    """Who reported it by name, of every step; the coordinators, once it is found true."""
    if row.reporter is not None:
        key = f"{NEWS}:{step.pk}"
        outbox.enqueue(NEWS, about_id=row.pk, to=row.reporter, key=key, at=step.at)
    if row.state == State.CONFIRMED:
        program = row.group.program
        coordinators = ProgramCoordinator.objects.active().filter(program=program)
        for one in coordinators.select_related("user"):
            key = f"{CONFIRMED}:{step.pk}:{one.user_id}"
            outbox.enqueue(CONFIRMED, about_id=program.pk, to=one.user, key=key, at=step.at)


def follow(code: str) -> LeakReport | None:
    """The report this code was given for; None for any other."""
    return LeakReport.objects.filter(code_hash=hashed(code)).exclude(code_hash="").first()


@transaction.atomic
def every_night(*, at: dt.datetime) -> None:
    """Tell people appointed since, and remind of what waits."""
    reports = LeakReport.objects.select_related("group__program__institution")
    for row in reports.filter(state__in=(State.REPORTED, State.LOOKING)):
        tell_independent(row)
        if row.group.program.institution.on_day(at) > row.since_on + LOOK_WITHIN:
            _remind(row, at)


def _remind(row: LeakReport, at: dt.datetime) -> None:
    for person in independent_people(row.group):
        key = f"{WAITS}:{row.pk}:{row.state}:{row.since_on}:{person.pk}"
        outbox.enqueue(WAITS, about_id=row.pk, to=person, key=key, at=at)
