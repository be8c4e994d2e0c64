"""My data: everything about one person, and nothing of anybody else."""

import datetime as dt
import json

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

import vault
from accounts.models import BusyTime, User
from catalogue import retention
from desk import own
from sessions.actions.lines import save_line
from sessions.models import Attendance
from tests.access.world import House
from tests.factories.links import come_by_link
from tests.factories.outbox import MessageFactory
from tests.factories.own_texts import goal
from tests.factories.programs import EvaluativeRelationFactory, IntakeSlotFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 13, tzinfo=dt.UTC)
WRITTEN = {"goal": "Say no in time", "progress": "", "shared": False}
MINE, THEIRS = "Mine", "Somebody else"


@pytest.fixture
def resident(client):
    """With something in every room, beside somebody with just as much."""
    house = House()
    User.objects.filter(pk=house.resident.pk).update(name=MINE, email="mine@example.org")
    house.resident.refresh_from_db()
    other = MembershipFactory(group=house.group, user__name=THEIRS, user__email="other@example.org")
    session = GroupSessionFactory(group=house.group)
    for membership in (house.membership, other):
        person = membership.user
        Attendance.objects.create(session=session, membership=membership, state="present")
        BusyTime.objects.create(user=person, kind="duty", from_at=AT, until_at=AT + dt.timedelta(hours=8))
        EmailAddress.objects.create(user=person, email=f"second-{person.email}", verified=True)
        MessageFactory(recipient=person)
    IntakeSlotFactory(program=house.program, guide=house.intervisor, membership=house.membership)
    EvaluativeRelationFactory(institution=house.institution, resident=house.resident, evaluator__name=THEIRS)
    goal(house.membership, "Say no in time")
    save_line(session, house.membership, "A line")
    client.force_login(house.resident)
    return house.resident


def test_the_file_holds_what_every_room_keeps_about_whoever_asks(client, resident):
    answer = client.get(reverse("desk:everything-json"))
    found = json.loads(answer.content)

    assert found["id"] == str(resident.pk)
    for key in ("person", "addresses", "busy_times", "memberships", "intake_times", "attendance", "messages"):
        assert key in found
    filled = {key for key, said in found.items() if isinstance(said, dict) and said["rows"]}
    assert found["goals"]["rows"] == [{"program": resident.memberships.get().program.title, **WRITTEN}]
    assert found["private_lines"]["rows"][0]["line"] == "A line"
    assert filled >= {"addresses", "placements", "busy_times", "memberships", "attendance", "messages"}
    assert "evaluated_by" in filled
    assert answer["Content-Disposition"].startswith('attachment; filename="intervision-')


@pytest.mark.parametrize("page", ["desk:everything", "desk:everything-page", "desk:everything-json"])
def test_nobody_else_is_in_it(client, resident, page):
    said = client.get(reverse(page)).content.decode()

    assert THEIRS not in said
    assert "other@example.org" not in said
    assert "second-mine@example.org" in said


def test_each_sort_of_data_is_of_a_kind_that_the_table_knows(resident):
    kinds = {section.kind for section in own.export(resident)}

    assert kinds <= set(retention.load())


def test_the_page_says_of_every_kind_who_reads_it_and_until_when(client, resident):
    said = client.get(reverse("desk:my-data")).content.decode()

    for kind in retention.load().values():
        assert kind.until.en in said


def test_a_text_whose_key_is_gone_is_said_so_and_the_rest_is_there(client, resident):
    vault.shred(resident)

    found = json.loads(client.get(reverse("desk:everything-json")).content)

    assert found["goals"]["rows"][0]["goal"] == "This text cannot be opened now."
    assert found["attendance"]["rows"]


def test_a_personal_link_does_not_open_it(client):
    house = House()
    come_by_link(client, house.resident, about_id=house.membership.pk)

    assert client.get(reverse("desk:everything-json")).status_code == 302


def test_whoever_has_a_password_is_asked_for_it_again(client, resident):
    resident.set_password("a long enough password")
    resident.save()
    client.force_login(resident)

    answer = client.get(reverse("desk:everything-json"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_what_is_not_in_it_is_said_with_it(client, resident):
    for page in ("desk:everything", "desk:everything-page"):
        assert "Answers to questions about the group" in client.get(reverse(page)).content.decode()
