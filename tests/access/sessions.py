"""Dates, sessions and the log: the coordinator sees dates and counts, the guide the rest, members their own."""

import datetime as dt
from typing import Any

from intervision import clock
from programs.models import Program
from sessions.actions.series import plan_series
from sessions.models import Attendance, GroupSession, GuideRound
from tests.access.table import FORBIDDEN, NOT_FOUND, REDIRECT, Row
from tests.access.world import House
from tests.factories.programs import FacilitatorProfileFactory, GroupFactory

LATER = dt.datetime(2030, 3, 5, 13, tzinfo=dt.UTC)


def program(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk}


def waiting(house: House) -> dict[str, Any]:
    """A program whose next stage are the sessions."""
    Program.objects.filter(pk=house.program.pk).update(stage="intakes")
    return program(house)


def running(house: House) -> dict[str, Any]:
    Program.objects.filter(pk=house.program.pk).update(stage="running")
    return program(house)


def group(house: House) -> dict[str, Any]:
    return {"pk": house.group.pk}


def coming(house: House) -> dict[str, Any]:
    row = house.session
    times = {"starts_at": LATER, "ends_at": LATER + dt.timedelta(hours=2)}
    GroupSession.objects.filter(pk=row.pk).update(**times, state="planned")
    return {"pk": row.pk}


def over(house: House) -> dict[str, Any]:
    """A session of yesterday, so that it can be logged."""
    row, end = house.session, clock.now() - dt.timedelta(days=1)
    times = {"starts_at": end - dt.timedelta(hours=2), "ends_at": end}
    GroupSession.objects.filter(pk=row.pk).update(**times, state="planned")
    return {"pk": row.pk}


def asked(house: House) -> dict[str, Any]:
    """Questions to the group's guide, open now."""
    now, day = clock.now(), dt.timedelta(days=1)
    times = {"opens_at": now - day, "closes_at": now + day, "questions": ["opt-hierarchy-outside"]}
    row, _ = GuideRound.objects.get_or_create(group=house.group, kind="midway", defaults=times)
    return {"pk": row.pk}


def of_group(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk, "group_pk": house.group.pk}


def planned(house: House) -> dict[str, Any]:
    known = house.program.undoable_steps.filter(kind="series").first()
    return {
        "pk": house.program.pk,
        "step_pk": (known or plan_series(GroupFactory(program=house.program), [], by=house.coordinator)).pk,
    }


def stand_in(house: House) -> dict[str, Any]:
    FacilitatorProfileFactory(institution=house.institution)
    return coming(house)


def guide(name: str, right: int = 200, **changes: Any) -> Row:
    return Row(
        f"sessions:{name}",
        **({"by": "intervisor", "right": right, "guide": right, "link": "guide"} | changes),
    )


def member(name: str, right: int = 200, **changes: Any) -> Row:
    defaults = {"by": "resident", "right": right, "take_part": right, "link": "take_part"}
    return Row(f"sessions:{name}", **(defaults | changes))


def certified(house: House) -> dict[str, Any]:
    GroupSession.objects.filter(pk=house.session.pk).update(state="logged")
    Attendance.objects.get_or_create(
        session=house.session, membership=house.membership, defaults={"state": "present"}
    )
    return {"pk": house.membership.pk}


ROWS = [
    Row("sessions:my-attendance", at=certified, by="resident", wrong="intervisor", wrong_role=NOT_FOUND),
    Row("sessions:attendance-said", at=group, by="intervisor", wrong="coordinator"),
    Row("sessions:certificate", at=certified, by="resident", wrong="intervisor", wrong_role=NOT_FOUND),
    Row("planning:dates", at=program),
    Row("planning:all-dates", at=program),
    Row("planning:group-dates", at=of_group),
    Row("planning:group-dates", at=of_group, method="post", right=422),
    Row("planning:undo-dates", at=planned, method="post", right=REDIRECT),
    Row("sessions:cancel-program", at=program),
    Row("sessions:open-running", at=waiting),
    Row("sessions:open-running", at=waiting, method="post", right=422),
    Row("sessions:complete", at=running),
    Row("sessions:complete", at=running, method="post", right=422),
    Row("sessions:day-off", at=program),
    Row("sessions:day-off", at=program, method="post", right=422),
    guide("group", at=group, wrong="stranger", wrong_role=NOT_FOUND, take_part=200),
    member("group", at=group, wrong="stranger", wrong_role=NOT_FOUND, guide=200),
    Row("sessions:group", at=group, wrong="stranger", wrong_role=NOT_FOUND, take_part=200, guide=200),
    guide("session", at=coming, wrong="stranger", wrong_role=NOT_FOUND),
    guide("move", at=coming),
    guide("move", at=coming, method="post", right=422),
    guide("room", at=coming),
    guide("room", at=coming, method="post", right=REDIRECT),
    guide("cancel", at=coming),
    guide("cancel", at=coming, method="post", right=422),
    guide("undo-change", at=coming, method="post", right=REDIRECT),
    guide("add", at=group),
    guide("add", at=group, method="post", right=422),
    guide("guide-round", at=asked, wrong="coordinator", wrong_role=NOT_FOUND),
    guide("guide-round", at=asked, wrong="resident", wrong_role=NOT_FOUND),
    guide("guide-round", at=asked, method="post", right=422, wrong="director", wrong_role=NOT_FOUND),
    guide("log", at=over),
    guide("log", at=over, wrong="coordinator"),
    guide("log", at=over, method="post", right=422),
    guide("ticks", at=over, method="post", wrong="coordinator"),
    member("cannot-come", at=coming, method="post", right=REDIRECT, wrong="coordinator"),
    member("can-come", at=coming, method="post", right=REDIRECT, wrong="coordinator"),
    Row("sessions:substitute", at=stand_in),
    Row("sessions:substitute", at=stand_in, wrong="intervisor"),
    Row(
        "sessions:took-place",
        at=over,
        method="post",
        right=REDIRECT,
        wrong_role=FORBIDDEN,
        wrong="intervisor",
    ),
]
