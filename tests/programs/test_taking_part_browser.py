"""The resident's way on a phone, from the mail to "Booked", with script and without."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from intervision import clock
from programs.actions import intakes
from programs.mails.intakes import place_address
from programs.models import IntakeSlot
from tests.factories.programs import (
    GroundRulesFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramTextFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    guide = GuideFactory(group__program__stage="recruiting")
    ProgramTextFactory(program=guide.group.program)
    GroundRulesFactory(group=guide.group)
    noon = clock.now().replace(hour=11, minute=0, second=0, microsecond=0)
    for days in range(2, 14):
        start = noon + dt.timedelta(days=days)
        end = start + dt.timedelta(minutes=45)
        IntakeSlotFactory(program=guide.group.program, guide=guide.user, starts_at=start, ends_at=end)
    place = MembershipFactory(group=guide.group, state="placed", invited_at=clock.now())
    intakes.reserve_next(place)
    return place


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def phone(request, browser, live_server):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=request.param, base_url=live_server.url
    )
    yield context.new_page()
    context.close()


def link(place):
    return urlsplit(place_address(place, clock.now())).path


def test_three_taps_from_the_mail_to_booked(phone, place):
    phone.goto(link(place))
    phone.get_by_role("button", name="Open my page").click()
    phone.get_by_role("button", name="Keep this time").click()

    expect(phone.get_by_role("heading", name="Booked: your intake")).to_be_visible()
    place.refresh_from_db()
    assert place.accepted_at


def test_another_time_then_the_week_the_rules_and_not_this_time_with_undo(phone, place):
    phone.goto(link(place))
    phone.get_by_role("button", name="Open my page").click()
    phone.get_by_role("link", name="Another time").click()
    phone.get_by_role("radio").nth(3).check()
    phone.get_by_role("button", name="Book this time").click()
    expect(phone.get_by_role("heading", name="Booked: your intake")).to_be_visible()

    phone.get_by_role("link", name="When can you come?").click()
    phone.get_by_label("Monday, morning").select_option("never")
    phone.get_by_role("button", name="Save").click()
    phone.get_by_role("link", name="Ground rules of your group").click()
    phone.get_by_role("button", name="I agree").click()
    expect(phone.get_by_text("Agreed", exact=True)).to_be_visible()

    phone.get_by_role("button", name="I will not take part this time").click()
    assert not IntakeSlot.objects.filter(membership=place).exists()
    phone.get_by_role("button", name="Undo: I do take part").click()
    expect(phone.get_by_text("you have your place again")).to_be_visible()
    assert IntakeSlot.objects.filter(membership=place).exists()


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_have_no_barrier_and_the_console_is_silent(page, live_server, place, language, theme):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": 320, "height": 700})
    cookies = {"theme": theme, "django_language": language}
    page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
    page.goto(live_server.url + link(place))
    page.locator("main form button").click()
    first = page.url

    for part in ("", "time/", "week/", "ground-rules/", "group/"):
        page.goto(first + part)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), part
    assert said == []


def test_booking_without_choosing_says_so_on_the_page_and_in_no_bubble(phone, place):
    phone.goto(link(place))
    phone.get_by_role("button", name="Open my page").click()
    phone.get_by_role("link", name="Another time").click()
    phone.get_by_role("button", name="Book this time").click()

    expect(phone.locator(".errors")).to_contain_text("Choose a time")
    assert phone.title().startswith("Error:")
