"""What changed in a planning: written by the database, whoever changes it, and read by coordinators."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from intervision import clock
from programs.models import Group, Intake, Membership, Program, ProgramText
from programs.models.history import GroupEvent, IntakeEvent, ProgramTextEvent
from sessions.models import GroupSession
from tests.access.test_access import by_link, signed_in
from tests.access.world import House
from tests.factories.accounts import UserFactory
from tests.factories.programs import EvaluativeRelationFactory, IntakeFactory, MembershipFactory, RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


def lines(house, page=1):
    address = reverse("desk:changes", args=[house.program.pk])
    answer = signed_in(house.coordinator).get(address, {"page": page})
    assert answer.status_code == 200
    return answer.context["page"].object_list


def latest(house):
    return lines(house)[0]


def said(change):
    return [(one.label, one.before, one.after) for one in change.differences]


def test_a_change_says_what_from_what_to_what_and_who(house):
    close = reverse("programs:close-group", args=[house.program.pk, house.group.pk])
    signed_in(house.coordinator).post(close, {"closed": "1"})

    change = latest(house)
    assert (change.about, change.who, said(change)) == (
        house.group.name,
        house.coordinator.name,
        [("closed", "no", "yes")],
    )


def test_a_change_is_read_out_as_words_without_signs(house):
    room = RoomFactory(institution=house.program.institution, name="Garden room")
    Group.objects.filter(pk=house.group.pk).update(room=None)
    Group.objects.filter(pk=house.group.pk).update(room=room, closed=True)

    page = signed_in(house.coordinator).get(reverse("desk:changes", args=[house.program.pk])).content.decode()

    assert "room: from nothing to Garden room" in page
    assert "closed: from no to yes" in page
    assert "→" not in page


def test_a_change_carries_the_id_of_its_request_and_no_address(house):
    close = reverse("programs:close-group", args=[house.program.pk, house.group.pk])
    answer = signed_in(house.coordinator).post(f"{close}?q=kanarie", {"closed": "1"})

    event = GroupEvent.objects.latest("pgh_id")
    assert event.pgh_context == {"request": answer["X-Request-ID"], "user": str(house.coordinator.pk)}


def test_somebody_with_a_personal_link_is_named_too(house):
    Membership.objects.filter(pk=house.membership.pk).update(
        state="placed", invited_at=clock.now(), accepted_at=None
    )
    by_link(house, "take_part").post(reverse("programs:accept-place", args=[house.membership.pk]))

    change = latest(house)
    assert (change.who, change.about) == (house.resident.name, f"{house.resident.name} in the program")
    assert said(change) == [("state", "placed", "takes part")]


def test_bulk_changes_raw_sql_and_the_clock_are_written_too(house):
    Group.objects.filter(program=house.program).update(places=9)
    with connection.cursor() as cursor:
        cursor.execute("update programs_group set places = 8 where id = %s", [house.group.pk])

    found = [(change.who, said(change)) for change in lines(house) if change.about == house.group.name]
    assert found[:2] == [("", [("places", "9", "8")]), ("", [("places", "7", "9")])]


def test_a_relation_and_the_suspension_it_brings_stand_side_by_side(house):
    EvaluativeRelationFactory(
        institution=house.institution, evaluator=house.intervisor, resident=house.resident
    )

    about = {change.about for change in lines(house)}
    assert f"{house.intervisor.name} evaluates {house.resident.name}" in about
    suspended = [change for change in lines(house) if "suspended from" in str(said(change))]
    assert [change.about for change in suspended] == [
        f"{house.intervisor.name} as guide of {house.group.name}"
    ]


def test_sessions_and_what_was_removed_are_told_without_content(house):
    session = house.session
    GroupSession.objects.filter(pk=session.pk).update(starts_at=session.starts_at - dt.timedelta(hours=1))
    moved = latest(house)
    session.delete()
    removed = latest(house)

    assert [one.label for one in moved.differences] == ["begin"]
    assert (removed.label, removed.about) == ("delete", f"Session {session.number} of {house.group.name}")


@pytest.mark.parametrize(
    "change", [{"expectations_voiced": True}, {"goal_formulated": True}, {"by_phone": True}]
)
def test_what_came_of_an_intake_is_no_part_of_it(house, change):
    intake = IntakeFactory(membership=house.membership)
    before = IntakeEvent.objects.count()

    Intake.objects.filter(pk=intake.pk).update(**change)

    assert IntakeEvent.objects.count() == before
    kept = {field.name for field in IntakeEvent._meta.get_fields()}
    assert not kept & {"expectations_voiced", "boundaries_agreed", "goal_formulated", "held_by"}


def test_the_words_of_a_text_are_no_part_of_it(house):
    text = house.text
    ProgramText.objects.filter(pk=text.pk).update(purpose_en="kanarie")

    with connection.cursor() as cursor:
        cursor.execute("select string_agg(e::text, '') from programs_programtextevent e")
        assert "kanarie" not in cursor.fetchone()[0]
    assert ProgramTextEvent.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["update programs_groupevent set places = 1", "delete from programs_groupevent"],
)
def test_the_application_cannot_change_what_was_written(house, statement):
    refused = pytest.raises(DatabaseError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_another_program_is_not_told_of(house):
    other = House()
    Program.objects.filter(pk=other.program.pk).update(title="Elsewhere", target_size=5)

    assert "Elsewhere" not in str(lines(house))
    assert all(other.group.name != change.about for change in lines(house))


def test_somebody_erased_is_no_longer_named(house):
    gone = MembershipFactory(group=house.group, user=UserFactory(name="Anna Gone"))
    gone.user.delete()

    assert "Anna Gone" not in str(lines(house))
    assert "erased in the program" in [change.about for change in lines(house)]


def test_fifty_at_a_time_in_the_order_they_happened(house):
    for places in range(8, 28):
        Group.objects.filter(pk=house.group.pk).update(places=places)
        Program.objects.filter(pk=house.program.pk).update(target_size=places)
        Membership.objects.filter(pk=house.membership.pk).update(paused_from=dt.date(2026, 1, places))

    first, second = lines(house), lines(house, 2)
    assert (len(first), len(second) > 10) == (50, True)
    assert not {(one.about, str(said(one))) for one in first} & {
        (one.about, str(said(one))) for one in second
    }
