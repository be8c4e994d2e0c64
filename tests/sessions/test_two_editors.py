import pytest
import time_machine
from django.urls import reverse

from outbox.models import Message
from programs.models import Group
from sessions.actions import changes, series
from tests.factories.accounts import AppointmentFactory
from tests.factories.programs import FacilitatorProfileFactory, RoomFactory
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    with time_machine.travel(MONDAY, tick=False):
        here = meeting()
        start = MONDAY + 30 * DAY
        series.plan_series(
            here.group, [series.Moment(start, start + 2 * HOUR)], by=None, place=series.Place(here.room)
        )
        here.session = here.group.sessions.get()
        yield here


def seen(page):
    return page.context["form"]["seen"].value()


def test_the_second_of_two_who_move_a_session_sees_both_times_and_then_decides(client, here):
    client.force_login(here.guide)
    url = reverse("sessions:move", args=[here.session.pk])
    typed = {"on": "2027-02-17", "at": "09:00", "minutes": "60", "seen": seen(client.get(url))}
    theirs = here.session.starts_at + 7 * DAY
    changes.move_session(here.session, starts_at=theirs, ends_at=theirs + 2 * HOUR, by=here.coordinator)

    page = client.post(url, typed)

    assert page.status_code == 409
    here.session.refresh_from_db()
    assert here.session.starts_at == theirs
    said = page.content.decode()
    assert "Two versions" in said
    assert "Wed 17 February 2027" in said
    assert 'value="2027-02-17"' in said
    assert client.post(url, typed | {"seen": seen(page)}).status_code == 302
    here.session.refresh_from_db()
    assert (here.session.sequence, here.session.starts_at > theirs) == (2, True)


def test_a_room_a_substitute_and_a_cancellation_answer_to_what_was_seen_too(client, here):
    client.force_login(here.coordinator)
    person = FacilitatorProfileFactory(institution=here.house).user
    AppointmentFactory(user=person, institution=here.house, role="intervisor")
    typed = {
        "room": {"room": RoomFactory(institution=here.house).pk},
        "substitute": {"user": person.pk},
        "cancel": {"reason": "no_room"},
    }
    urls = {name: reverse(f"sessions:{name}", args=[here.session.pk]) for name in typed}
    before = {name: seen(client.get(url)) for name, url in urls.items()}
    theirs = here.session.starts_at + 7 * DAY
    changes.move_session(here.session, starts_at=theirs, ends_at=theirs + 2 * HOUR, by=here.guide)
    Message.objects.all().delete()

    pages = {name: client.post(urls[name], typed[name] | {"seen": before[name]}) for name in typed}

    assert {page.status_code for page in pages.values()} == {409}
    here.session.refresh_from_db()
    assert (here.session.sequence, here.session.room, here.session.substitute) == (1, here.room, None)
    assert not here.session.is_cancelled
    assert not Message.objects.exists()
    assert client.post(urls["cancel"], typed["cancel"] | {"seen": seen(pages["cancel"])}).status_code == 302


def test_the_same_click_twice_is_no_second_version(client, here):
    client.force_login(here.guide)
    url = reverse("sessions:move", args=[here.session.pk])
    typed = {"on": "2027-02-17", "at": "09:00", "minutes": "60", "seen": seen(client.get(url))}

    assert [client.post(url, typed).status_code for _ in range(2)] == [302, 302]


def test_the_second_of_two_who_change_a_group_sees_both_versions(client, here):
    client.force_login(here.coordinator)
    url = reverse("planning:group", args=[here.program.pk, here.group.pk])
    typed = {"name": "Blue", "places": here.group.places, "half_day": "3", "seen": seen(client.get(url))}
    Group.objects.filter(pk=here.group.pk).update(name="Green", half_day=5)

    page = client.post(url, typed)

    said = page.content.decode()
    assert page.status_code == 409
    assert "Green" in said
    assert 'value="Blue"' in said
    assert "Wednesday afternoon" in said
    assert Group.objects.get().name == "Green"
    assert client.post(url, typed | {"seen": seen(page)}).status_code == 302
    assert Group.objects.values_list("name", "half_day", "taken").get() == ("Blue", 3, 3)


def test_the_second_of_two_who_change_the_hours_of_a_house_sees_both_versions(client, here):
    client.force_login(here.coordinator)
    url = reverse("accounts:institution-frame", args=[here.house.slug])
    form = client.get(url).context["form"]
    typed = form.initial | {"name": "Old Name", "working_days": [1, 2]}
    typed |= {"working_from": "09:00", "working_until": "17:00"}
    here.house.name = "New Name"
    here.house.save()

    page = client.post(url, typed)

    said = page.content.decode()
    assert page.status_code == 409
    assert "New Name" in said
    assert 'value="Old Name"' in said
    assert "Monday, Tuesday" in said
    here.house.refresh_from_db()
    assert here.house.name == "New Name"
    assert client.post(url, typed | {"seen": seen(page)}).status_code == 302
    here.house.refresh_from_db()
    assert (here.house.name, here.house.working_days) == ("Old Name", [1, 2])
