import pytest
import time_machine
from django.urls import reverse

from programs.models import Occupation
from sessions.models import GroupSession
from tests.factories.programs import GroupFactory, GuideFactory, MembershipFactory
from tests.sessions.world import DAY, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(client):
    """Three groups without dates: two under one guide on the same half-day, one in the room of the first."""
    with time_machine.travel(MONDAY, tick=False):
        here = meeting("draft")
        here.others = [GroupFactory(program=here.program, half_day=3) for _ in range(2)]
        GuideFactory(group=here.others[0], user=here.guide)
        GuideFactory(group=here.others[1])
        for group in here.others:
            MembershipFactory(group=group)
        type(here.group).objects.filter(pk__in=[here.group.pk, here.others[1].pk]).update(room=here.room)
        type(here.group).objects.filter(pk=here.group.pk).update(half_day=3)
        client.force_login(here.coordinator)
        here.url = reverse("planning:all-dates", args=[here.program.pk])
        yield here


def test_every_group_without_dates_gets_a_series_with_no_guide_or_room_in_two_at_once(client, here):
    assert here.url in client.get(reverse("planning:dates", args=[here.program.pk])).content.decode()
    page = client.get(here.url)
    assert not GroupSession.objects.exists()
    proposed = {one.group.pk: one.half_day for one, _ in page.context["proposals"]}
    assert proposed[here.group.pk] == 3
    assert proposed[here.others[0].pk] > 3
    assert proposed[here.others[1].pk] > 3

    done = client.post(here.url, {"shown": page.context["shown"]}, follow=True)

    assert "The dates of 3 groups are saved." in done.content.decode()
    assert [group.sessions.count() for group in [here.group, *here.others]] == [10, 10, 10]
    here.program.refresh_from_db()
    assert here.program.steps["dates"] == "done"


def test_dates_that_are_not_those_that_were_shown_are_shown_again_and_none_is_saved(client, here):
    page = client.get(here.url)
    first = page.context["proposals"][0][0].form.moments[0]
    Occupation.objects.create(
        person=here.guide, period=(first.starts_at, first.ends_at + DAY), about_id=here.program.pk
    )

    again = client.post(here.url, {"shown": page.context["shown"]})

    assert again.status_code == 409
    assert not GroupSession.objects.exists()
    assert client.post(here.url, {"shown": again.context["shown"]}).status_code == 302
