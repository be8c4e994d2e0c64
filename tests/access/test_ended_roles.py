"""A role that has ended opens nothing on the next request, in a sign-in or narrow session that is still open."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from intervision import clock
from programs.models import Program
from tests.access.open_pages import OPEN
from tests.access.table import OK, rows
from tests.access.test_access import ask, by_link, signed_in
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    ProgramCoordinatorFactory,
)
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db


def test_a_guide_whose_appointment_ended_sees_no_group_any_more():
    house = House()
    page = reverse("sessions:group", args=[house.group.pk])
    visitors = [signed_in(house.intervisor), by_link(house, "guide")]
    assert [visitor.get(page).status_code for visitor in visitors] == [200, 200]

    house.intervisor.appointments.update(until_on=clock.today() - dt.timedelta(days=1))

    assert [visitor.get(page).status_code for visitor in visitors] == [404, 404]
    assert house.group.name not in signed_in(house.intervisor).get("/").content.decode()


def test_a_substitute_whose_appointment_ended_sees_no_session_any_more():
    house = House()
    house.session.substitute = substitute = house.appointed("intervisor")
    house.session.save()
    page = reverse("sessions:session", args=[house.session.pk])
    visitor = signed_in(substitute)
    assert visitor.get(page).status_code == 200

    substitute.appointments.update(until_on=clock.today() - dt.timedelta(days=1))

    assert visitor.get(page).status_code == 404


def test_who_handed_a_group_over_reads_no_name_at_the_times_they_gave():
    house = House()
    GuideFactory(group=GroupFactory(program=house.program), user=house.intervisor)
    slot = IntakeSlotFactory(
        program=house.program, guide=house.intervisor, membership=house.membership, **tomorrow()
    )
    pages = [
        reverse("programs:guide-intakes", args=[house.program.pk]),
        reverse("programs:call-off-time", args=[slot.pk]),
    ]

    def named(user):
        return [house.resident.name in signed_in(user).get(page).content.decode() for page in pages]

    assert named(house.intervisor) == [True, True]
    house.guide.until_on = clock.today() - dt.timedelta(days=1)
    house.guide.save()
    assert named(house.intervisor) == [False, False]
    assert house.resident.name in signed_in(house.coordinator).get(pages[1]).content.decode()


def standing_in(house, **when):
    """Somebody who stands in for one session of a program that runs, and that session."""
    Program.objects.filter(pk=house.program.pk).update(stage="running")
    person = house.appointed("intervisor")
    return person, GroupSessionFactory(group=house.group, substitute=person, **when)


def tomorrow():
    began = clock.now() + dt.timedelta(days=1)
    return {"starts_at": began, "ends_at": began + dt.timedelta(hours=2)}


@pytest.mark.parametrize("ended", ["appointed", "evaluates", "runs"])
def test_whoever_may_not_stand_in_any_more_is_not_told_of_the_session_either(ended):
    house = House()
    person, session = standing_in(house, **tomorrow())
    home, page = signed_in(person), reverse("sessions:session", args=[session.pk])
    assert f'href="{page}"' in home.get("/").content.decode()

    if ended == "appointed":
        person.appointments.update(until_on=clock.today() - dt.timedelta(days=1))
    elif ended == "evaluates":
        EvaluativeRelationFactory(
            institution=house.institution, evaluator=person, resident=house.resident, from_on=clock.today()
        )
    else:
        AppointmentFactory(user=person, institution=house.institution, role="coordinator")
        runs = {"program": house.program, "user": person, "from_on": clock.today()}
        ProgramCoordinatorFactory(**runs, until_on=clock.today())

    assert f'href="{page}"' not in home.get("/").content.decode()


def test_whoever_stood_in_reads_the_names_until_the_log_is_closed():
    house = House()
    with time_machine.travel(clock.now(), tick=False) as moment:
        person, session = standing_in(house, **tomorrow())
        pages = [reverse(f"sessions:{name}", args=[session.pk]) for name in ("session", "log")]

        def opened():
            return [signed_in(person).get(page).status_code for page in pages]

        moment.move_to(session.ends_at + dt.timedelta(days=14) - dt.timedelta(minutes=1))
        assert opened() == [200, 200]
        moment.shift(dt.timedelta(minutes=1))
        assert opened() == [404, 404]


def test_a_coordinator_whose_appointment_ended_runs_no_program_any_more():
    house = House()
    page = reverse("programs:people", args=[house.program.pk])
    visitor = signed_in(house.coordinator)
    assert visitor.get(page).status_code == 200

    house.coordinator.appointments.update(until_on=clock.today() - dt.timedelta(days=1))

    assert visitor.get(page).status_code == 404


def test_a_member_who_left_sees_no_group_any_more():
    house = House()
    page = reverse("sessions:group", args=[house.group.pk])
    visitors = [signed_in(house.resident), by_link(house, "take_part")]
    assert [visitor.get(page).status_code for visitor in visitors] == [200, 200]

    house.membership.state, house.membership.left_on = "left", clock.today()
    house.membership.save()

    assert [visitor.get(page).status_code for visitor in visitors] == [404, 404]


#: Of whoever was in the group, also when that is over: reporting, and what one said oneself.
OF_BEFORE = {"concerns:new", "programs:declared"}
BY_GUIDES = [row for row in rows() if "guide" in (row.link, row.guide == OK and "guide")]


def coordinates_now(house: House) -> None:
    """Who guided the group until yesterday runs the program from today on."""
    today = clock.today()
    house.guide.from_on, house.guide.until_on = today - dt.timedelta(days=9), today - dt.timedelta(days=1)
    house.guide.save()
    AppointmentFactory(user=house.intervisor, institution=house.institution, role="coordinator")
    ProgramCoordinatorFactory(program=house.program, user=house.intervisor, from_on=today)


@pytest.mark.parametrize("row", [row for row in BY_GUIDES if row.name not in OPEN | OF_BEFORE], ids=str)
def test_the_link_of_who_guided_opens_nothing_to_them_as_a_coordinator(row):
    """A role asks for a sign-in with a second factor; a link in an old mail is neither."""
    house = House()
    at, visitor = row.at(house), by_link(house, "guide")
    coordinates_now(house)

    assert ask(visitor, row, house, at).status_code == 404


def test_the_link_of_who_guided_offers_no_times_for_who_guides_now():
    house = House()
    visitor = by_link(house, "guide")
    coordinates_now(house)
    other = GuideFactory(group=house.group, from_on=clock.today(), user=house.appointed("intervisor")).user
    page = reverse("planning:offer-times", args=[house.program.pk, other.pk])

    assert signed_in(house.intervisor).get(page).status_code == 200
    assert visitor.get(page).status_code == 404


def test_a_house_where_an_appointment_ended_is_as_if_it_were_not_there():
    house = House()
    page = reverse("programs:rooms", args=[house.institution.slug])
    visitor = signed_in(house.coordinator)
    assert visitor.get(page).status_code == 200

    house.coordinator.appointments.update(until_on=clock.today() - dt.timedelta(days=1))

    assert visitor.get(page).status_code == 404
