import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models import BusyTime, ClosedDay
from programs.models import Occupation
from tests.factories.accounts import PlacementFactory, UserFactory
from tests.factories.programs import GroupFactory, GuideFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def here(client):
    here = meeting("draft")
    client.force_login(here.coordinator)
    return here


def page(here):
    return reverse("planning:group-dates", args=[here.program.pk, here.group.pk])


def wanted(**changes):
    series = {
        "first_on": "2027-03-02",
        "at": "13:30",
        "minutes": "120",
        "count": "2",
        "every_weeks": "6",
        "room": "",
        "outside_reference": "",
    }
    return series | {key: str(value) for key, value in changes.items()}


def shown(client, here, **changes):
    """What the browser would send after looking at the dates."""
    answer = client.post(page(here), wanted(**changes) | {"show": "1"})
    form = answer.context["form"]
    rows = {f"planned_{row.date.number}": row.planned_on.isoformat() for row in form.plan}
    chosen = {f"on_{row.date.number}": row.date.on.isoformat() for row in form.plan}
    return wanted(**changes) | rows | chosen | {"shown": form.signature}


def test_the_first_page_proposes_the_programs_cadence(client, here):
    form = client.get(page(here)).context["form"]

    assert (form.initial["minutes"], form.initial["every_weeks"], form.initial["count"]) == (165, 6, 10)


def test_showing_saves_nothing_and_saving_saves_what_was_shown(client, here):
    data = shown(client, here, room=here.room.pk)
    assert not here.group.sessions.exists()

    answer = client.post(page(here), data | {"save": "1"}, follow=True)

    days = [row.starts_at.date().isoformat() for row in here.group.sessions.all()]
    assert days == ["2027-03-02", "2027-04-13"]
    assert "Undo" in answer.content.decode()
    here.program.refresh_from_db()
    assert here.program.steps["dates"] == "done"


def test_holidays_and_closed_days_are_skipped_and_named(client, here):
    ClosedDay.objects.create(institution=here.house, on=dt.date(2027, 4, 13), label="Moving house")

    answer = client.post(page(here), wanted(first_on="2027-03-02") | {"show": "1"})
    easter = client.post(page(here), wanted(first_on="2027-03-29", count=1) | {"show": "1"})

    assert "is a closed day; moved" in answer.content.decode()
    assert "is a public holiday; moved" in easter.content.decode()


def test_clashes_and_duties_are_counted_without_a_name(client, here):
    start = dt.datetime(2027, 3, 2, 12, 30, tzinfo=dt.UTC)
    Occupation.objects.create(person=here.guide, period=(start, start + HOUR), about_id=here.program.pk)
    BusyTime.objects.create(
        user=here.members[0].user, kind="duty", source="import", from_at=start, until_at=start + HOUR
    )

    text = client.post(page(here), wanted(count=1) | {"show": "1"}).content.decode()

    assert "People with another appointment at this time: 1." in text
    assert "People with a duty or leave at this time: 1." in text
    assert "People whose duties are not known for this date: 2." in text
    assert here.members[0].user.name not in text


def test_a_date_that_blocks_is_not_saved(client, here):
    data = shown(client, here, first_on="2026-12-29")

    answer = client.post(page(here), data | {"save": "1"})

    assert "is in the past" in answer.content.decode()
    assert "Not saved" in answer.content.decode()
    assert not here.group.sessions.exists()


def test_one_date_typed_over_is_saved_with_the_others(client, here):
    data = shown(client, here) | {"on_2": "2027-04-15", "save": "1"}

    client.post(page(here), data)

    assert [row.starts_at.date().isoformat() for row in here.group.sessions.all()] == [
        "2027-03-02",
        "2027-04-15",
    ]


def test_other_fields_give_other_dates_which_are_shown_before_they_are_saved(client, here):
    data = shown(client, here) | {"every_weeks": "4", "save": "1"}

    answer = client.post(page(here), data)

    assert "Nothing is saved yet" in answer.content.decode()
    assert [row.date.on.isoformat() for row in answer.context["form"].plan] == ["2027-03-02", "2027-03-30"]
    assert not here.group.sessions.exists()


def test_an_hour_that_does_not_exist_is_said_at_its_date(client, here):
    here.house.working_days, here.house.country = [1, 2, 3, 4, 5, 6, 7], "XX"
    here.house.save()

    text = client.post(
        page(here), wanted(first_on="2027-03-28", at="02:30", count=1) | {"show": "1"}
    ).content.decode()

    assert "the clock goes forward" in text


def test_an_hour_of_today_that_is_over_is_in_the_past(client, here):
    text = client.post(page(here), wanted(first_on="2027-01-04", at="07:30", count=1) | {"show": "1"})

    assert "is in the past" in text.content.decode()


def test_what_another_took_meanwhile_is_named_and_nothing_is_saved(client, here):
    data = shown(client, here, room=here.room.pk)
    start = dt.datetime(2027, 4, 13, 11, 30, tzinfo=dt.UTC)
    Occupation.objects.create(room=here.room, period=(start, start + HOUR), about_id=here.program.pk)

    answer = client.post(page(here), data | {"save": "1"})

    assert "The room is taken at this time." in answer.content.decode()
    assert not here.group.sessions.exists()


def test_taking_back_gives_the_dates_before(client, here):
    client.post(page(here), shown(client, here) | {"save": "1"})
    step = here.program.undoable_steps.get()

    client.post(reverse("planning:undo-dates", args=[here.program.pk, step.pk]))

    assert not here.group.sessions.exists()


def test_only_dates_are_taken_back_from_the_page_of_dates(client, here):
    closed = here.program.undoable_steps.create(kind="close", before={"group": str(here.group.pk)})

    assert client.post(reverse("planning:undo-dates", args=[here.program.pk, closed.pk])).status_code == 404

    closed.refresh_from_db()
    assert closed.undone_at is None


@pytest.mark.parametrize("bad", ["", "no date", "0001-01-01", "9999-12-31"])
def test_what_is_no_date_is_said(client, here, bad):
    answer = client.post(page(here), wanted(first_on=bad) | {"show": "1"})

    assert answer.status_code == 422


def test_the_list_asks_as_much_for_many_groups_as_for_few(client, here, django_assert_max_num_queries):
    address = reverse("planning:dates", args=[here.program.pk])
    for _ in range(30):
        group = GroupFactory(program=here.program)
        GuideFactory(group=group)
        GroupSessionFactory(group=group, starts_at=MONDAY + 30 * DAY)

    client.get(address)  # signing in is noted now
    with django_assert_max_num_queries(8):
        client.get(address)


def test_people_who_finish_before_a_session_are_counted_and_who_left_is_not(client, here):
    left = MembershipFactory(group=here.group, state="left", left_on=MONDAY.date())
    for user in (here.members[0].user, left.user):
        PlacementFactory(user=user, training_ends_on=dt.date(2027, 4, 1))
    client.post(page(here), shown(client, here) | {"save": "1"})

    text = client.get(reverse("planning:dates", args=[here.program.pk])).content.decode()

    assert "Finish training before session 2: 1 of 3." in text


def test_after_saving_the_next_group_without_dates_is_planned(client, here):
    other = GroupFactory(program=here.program, residents=[UserFactory()])

    answer = client.post(page(here), shown(client, here) | {"save": "next"})

    assert answer.url == reverse("planning:group-dates", args=[here.program.pk, other.pk])
