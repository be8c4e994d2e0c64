"""A sign-in that ends while somebody writes for themselves loses nothing of what they typed."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

import vault
from intervision import clock
from programs.models import LearningGoal
from tests.factories.programs import GuideFactory, MembershipFactory

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
