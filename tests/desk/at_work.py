"""A house at work, and what its worklists say."""

import datetime as dt

from intervision import clock
from programs.models import Program, WaitingPlace
from surveys.actions.opening import Moment, ask
from surveys.models import Kind
from tests.access.world import House
from tests.factories.accounts import HelpContactFactory
from tests.factories.programs import IntakeSlotFactory
from tests.factories.sessions import GroupSessionFactory
from tests.factories.surveys import PULSE

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def running() -> House:
    """A house with a program that runs and a number for an emergency."""
    made = House()
    Program.objects.filter(pk=made.program.pk).update(stage="running", steps={"frame": "done"})
    HelpContactFactory(institution=made.institution, kind="emergency")
    return made


def worklist(client, user):
    client.force_login(user)
    page = client.get("/")
    assert page.status_code == 200
    return {need.kind: need for need in [*page.context["first"], *page.context["later"]]}


def stage(house, name):
    Program.objects.filter(pk=house.program.pk).update(stage=name)


def session(house, starts_at, **values):
    return GroupSessionFactory(
        group=house.group,
        starts_at=starts_at,
        ends_at=starts_at + 2 * HOUR,
        first_planned_at=starts_at,
        **values,
    )


def window(house, about_id, opens_at):
    moment = Moment(
        kind=Kind.PULSE,
        about_id=about_id,
        questions=PULSE,
        guides=[],
        opens_at=opens_at,
        closes_at=opens_at + 2 * DAY,
        pool_closes_at=opens_at + 2 * DAY,
        number=1,
    )
    return ask(house.group, moment, at=opens_at)


def slot(house, starts_at, **values):
    return IntakeSlotFactory(
        program=house.program, guide=house.intervisor, starts_at=starts_at, ends_at=starts_at + HOUR, **values
    )


def accepted(house):
    house.membership.accepted_at = house.membership.invited_at = clock.now()
    house.membership.save()
    return house.membership


def waiting(house, kind):
    WaitingPlace.objects.create(kind=kind, program=house.program, membership=house.membership)
