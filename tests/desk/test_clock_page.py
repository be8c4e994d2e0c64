import datetime as dt

import pytest
from django.urls import NoReverseMatch, reverse

from intervision import clock
from tests.desk import demo_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = demo_site.__name__


def test_the_clock_moves_a_day_or_a_week_for_everybody(client, demo):
    before = clock.now()
    client.post(reverse("clock:move"), {"by": "day"})
    client.post(reverse("clock:move"), {"by": "week"})

    assert clock.now() - before >= dt.timedelta(days=8)


def test_a_step_that_is_none_moves_nothing(client, demo):
    assert client.post(reverse("clock:move"), {"by": "year"}).status_code == 422
    assert clock.read() == dt.timedelta()


def test_every_page_of_a_demonstration_says_so_and_leads_to_clock_roles_and_mailbox(client, demo):
    page = client.get("/").content.decode()

    for name in ("clock:move", "demo:sign-in", "mailbox:letters"):
        assert reverse(name) in page


def test_its_addresses_are_nothing_where_it_is_no_demonstration(client, settings, monkeypatch):
    settings.ROOT_URLCONF = demo_site.__name__
    monkeypatch.setattr(clock, "advance", lambda by: pytest.fail("the clock moved"))

    for name, data in (("clock:move", {"by": "day"}), ("demo:sign-in", {})):
        assert client.get(reverse(name)).status_code == 404
        assert client.post(reverse(name), data).status_code == 404


def test_none_of_it_exists_in_a_real_installation(client):
    with pytest.raises(NoReverseMatch):
        reverse("clock:move")
    assert "Demonstration" not in client.get("/").content.decode()
