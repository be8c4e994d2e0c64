"""A sign-in that ends while somebody writes for themselves loses nothing of what they typed."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

import vault
from accounts import links
from intervision import clock
from programs.models import LearningGoal
from sessions.models import GroupSession, SessionLog
from tests.factories.programs import GuideFactory, MembershipFactory
from tests.sessions.world import DAY, HOUR, meeting, yesterday_afternoon

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Nee leren zeggen zonder het uit te leggen"


def sign_in(page: Page, server: str, user: Any) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server}])


def test_what_was_typed_stays_and_is_saved_after_signing_in_again(live_server: Any, page: Page) -> None:
    guide = GuideFactory()
    place = MembershipFactory(group=guide.group, invited_at=clock.now(), accepted_at=clock.now())
    sign_in(page, live_server.url, place.user)
    page.goto(live_server.url + reverse("programs:new-goal", args=[place.pk]))
    page.locator("textarea[name=goal]").fill(TEXT)
    share = page.locator(f"button[name=share][value='{guide.pk}']")

    Session.objects.all().delete()
    share.click()

    expect(page.locator("[data-keep-ended]")).to_be_visible()
    expect(page.locator("textarea[name=goal]")).to_have_value(TEXT)
    assert not LearningGoal.objects.exists()

    sign_in(page, live_server.url, place.user)
    share.click()

    expect(page).to_have_url(live_server.url + reverse("programs:my-goals", args=[place.pk]))
    goal = LearningGoal.objects.get()
    assert (goal.shared_with_id, vault.read(place.user, goal)["goal"]) == (guide.pk, TEXT)


@pytest.mark.parametrize("which", ["ended", "offline"])
def test_what_went_wrong_is_seen_beneath_the_button_which_stays_where_it_is(
    live_server: Any, page: Page, which: str
) -> None:
    place = MembershipFactory(invited_at=clock.now(), accepted_at=clock.now())
    sign_in(page, live_server.url, place.user)
    page.set_viewport_size({"width": 320, "height": 480})
    page.goto(live_server.url + reverse("programs:new-goal", args=[place.pk]))
    page.locator("textarea[name=goal]").fill(TEXT)
    save = page.locator("button[name=share][value='']")
    on_page = "button => button.getBoundingClientRect().top + scrollY"
    before = save.evaluate(on_page)

    if which == "ended":
        Session.objects.all().delete()
    page.context.set_offline(which == "offline")
    save.click()

    said = page.locator(f".actions ~ [data-keep-{which}]")
    expect(said).to_be_in_viewport(ratio=1)
    assert save.evaluate(on_page) == before


def test_somebody_else_who_signed_in_meanwhile_sends_nothing(live_server: Any, page: Page) -> None:
    place, other = (
        MembershipFactory(invited_at=clock.now(), accepted_at=clock.now()),
        MembershipFactory(),
    )
    sign_in(page, live_server.url, place.user)
    page.goto(live_server.url + reverse("programs:new-goal", args=[place.pk]))
    page.locator("textarea[name=goal]").fill(TEXT)

    sign_in(page, live_server.url, other.user)
    page.locator("button[name=share][value='']").click()

    expect(page.locator("[data-keep-ended]")).to_be_visible()
    expect(page.locator("textarea[name=goal]")).to_have_value(TEXT)


def test_without_a_connection_it_says_so_and_can_be_sent_again(live_server: Any, page: Page) -> None:
    place = MembershipFactory(invited_at=clock.now(), accepted_at=clock.now())
    sign_in(page, live_server.url, place.user)
    page.goto(live_server.url + reverse("programs:new-goal", args=[place.pk]))
    page.locator("textarea[name=goal]").fill(TEXT)
    save = page.locator("button[name=share][value='']")

    page.context.set_offline(True)
    save.click()
    expect(page.locator("[data-keep-offline]")).to_be_visible()
    page.context.set_offline(False)
    save.click()

    expect(page).to_have_url(live_server.url + reverse("programs:my-goals", args=[place.pk]))
    assert LearningGoal.objects.get().shared_with is None


@pytest.fixture
def without_script(new_context: Any, live_server: Any) -> Page:
    context = new_context(java_script_enabled=False, base_url=live_server.url)
    context.set_default_timeout(30_000)
    return context.new_page()  # type: ignore[no-any-return]


def runs_out() -> None:
    """Half an hour without use, as the database sees it."""
    Session.objects.update(expire_date=clock.now() - dt.timedelta(minutes=1))


def other_tab(page: Page) -> Page:
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    return opened.value


def test_without_script_a_goal_is_kept_until_its_author_signs_in_again(
    live_server: Any, without_script: Page
) -> None:
    guide, page = GuideFactory(), without_script
    place = MembershipFactory(group=guide.group, invited_at=clock.now(), accepted_at=clock.now())
    place.user.set_password("a long enough password")
    place.user.save()
    EmailAddress.objects.create(user=place.user, email=place.user.email, verified=True, primary=True)
    sign_in(page, live_server.url, place.user)
    page.goto(reverse("programs:new-goal", args=[place.pk]))
    page.locator("textarea[name=goal]").fill(TEXT)
    runs_out()
    page.locator(f"button[name=share][value='{guide.pk}']").click()

    expect(page.get_by_role("heading", name="You are no longer signed in")).to_be_visible()
    assert TEXT not in page.content()
    second = other_tab(page)
    second.locator("input[name=login]").fill(place.user.email)
    second.locator("input[name=password]").fill("a long enough password")
    second.locator("main form").get_by_role("button").first.click()
    expect(second).not_to_have_url(re.compile("login"), timeout=30_000)
    page.get_by_role("button", name="I am signed in again").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.get_by_role("button", name="Send what I filled in").click()

    expect(page).to_have_url(live_server.url + reverse("programs:my-goals", args=[place.pk]))
    goal = LearningGoal.objects.get()
    assert (goal.shared_with_id, vault.read(place.user, goal)["goal"]) == (guide.pk, TEXT)


def test_without_script_a_log_is_kept_until_its_guide_opens_the_link_again(
    live_server: Any, without_script: Page
) -> None:
    here, page = meeting(), without_script
    end = yesterday_afternoon()
    session = GroupSession.objects.create(
        group=here.group, number=1, starts_at=end - 2 * HOUR, ends_at=end, first_planned_at=end
    )
    url = reverse("sessions:log", args=[session.pk])
    link = links.address(
        here.guide, purpose="guide", about_id=here.group.pk, path=url, expires_at=clock.now() + DAY
    )
    address = live_server.url + urlsplit(link).path
    page.goto(address)
    page.get_by_role("button", name="Open my page").click()
    page.get_by_label("A patient or family").check()
    for question in page.locator("fieldset.question").all():
        question.get_by_label("Largely").check()
    runs_out()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="You are no longer signed in")).to_be_visible()
    assert not SessionLog.objects.exists()
    second = page.context.new_page()
    second.goto(address)
    second.get_by_role("button", name="Open my page").click()
    expect(second.get_by_role("heading", name="Log session 1")).to_be_visible()
    page.get_by_role("button", name="I am signed in again").click()
    page.get_by_role("button", name="Send what I filled in").click()

    expect(page).to_have_url(live_server.url + reverse("sessions:group", args=[here.group.pk]))
    assert SessionLog.objects.get().themes == ["patient_or_family"]
