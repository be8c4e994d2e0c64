"""Signing in where one works, in a real browser at a real provider of either kind."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as active
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.actions.invitations import send
from accounts.invitations import address_of
from accounts.models import User
from intervision.hospital import origins
from intervision.session_rows import SessionStore
from tests.accounts.test_second_factor import with_app
from tests.factories.accounts import UserFactory
from tests.factories.programs import ProgramCoordinatorFactory
from tests.factories.signing_in import code_for
from tests.node.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUTTON = "Sign in at North"
PAGES = [
    ("en", "Do you still want this?", "Nothing was done", "Your data are erased"),
    ("nl", "Wil je dit nog?", "Er is niets gedaan", "Je gegevens zijn gewist"),
]
WORKLIST = re.compile("needs? you")


@pytest.fixture(scope="module")
def north(live_server: Any, identity_provider: Hospital) -> Iterator[Hospital]:
    """The hospital, sending people back to this server."""
    there = Hospital(site=live_server.url)
    running = there.start()
    yield there
    running.terminate()
    running.wait(60)


@pytest.fixture(params=["openid", "saml"])
def way(request: Any, north: Hospital, live_server: Any, settings: Any) -> str:
    """Which of the two the site offers; its pages may send a form on to there."""
    made = north.open_id() if request.param == "openid" else north.saml()
    settings.SOCIALACCOUNT_PROVIDERS = made
    settings.BASE_URL = live_server.url
    policy = settings.CONTENT_SECURITY_POLICY
    directives = policy["DIRECTIVES"] | {"form-action": ["'self'", *origins(made)]}
    settings.CONTENT_SECURITY_POLICY = policy | {"DIRECTIVES": directives}
    return str(request.param)


@pytest.fixture
def come(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Opens a browser for somebody new."""
    opened: list[BrowserContext] = []

    def context() -> Page:
        opened.append(browser.new_context(locale="en-GB", base_url=live_server.url))
        opened[-1].add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        page = opened[-1].new_page()
        page.set_default_timeout(60_000)
        return page

    yield context
    for one in opened:
        one.close()


def goes_there(page: Page, north: Hospital, way: str, subject: str) -> None:
    """Press the hospital's button on the page that is open, and say there who one is."""
    if way == "saml":
        page.context.add_cookies([{"name": "as", "value": subject, "url": north.issuer}])
        page.get_by_role("button", name=BUTTON).click()
        return
    page.get_by_role("button", name=BUTTON).click()
    page.locator("input[name=login]").fill(subject)
    page.locator("input[name=password]").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def signs_in(page: Page, north: Hospital, way: str, subject: str, code: str) -> None:
    page.goto("/accounts/login/")
    goes_there(page, north, way, subject)
    page.locator("main [name=code]").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORKLIST)


def known_there(subject: str, settings: Any) -> tuple[User, list[str]]:
    """A coordinator whose account at the hospital is linked, with an app, and their recovery codes."""
    user = ProgramCoordinatorFactory().user
    (provider,) = settings.SOCIALACCOUNT_PROVIDERS.values()
    SocialAccount.objects.create(user=user, provider=provider["APPS"][0]["provider_id"], uid=subject)
    with_app(user)
    return user, RecoveryCodes.activate(user).get_unused_codes()


def test_staff_come_by_invitation_and_later_by_the_button_to_their_worklist(
    come: Any, north: Hospital, way: str
) -> None:
    coordinator = ProgramCoordinatorFactory()
    page, later = come(), come()
    page.goto(address_of(send(coordinator.user, coordinator.program.institution, invited_by=None)))
    goes_there(page, north, way, f"staff-{way}")
    expect(page.locator("main")).to_contain_text("a second factor")
    page.get_by_role("link", name="Use an app").click()
    page.locator("main [name=code]").fill(code_for(page.locator("main code").inner_text()))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    code = page.locator("main li code").first.inner_text()
    page.get_by_role("link", name="I kept them: go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORKLIST)

    signs_in(later, north, way, f"staff-{way}", code)
    expect(later.locator("main")).to_contain_text(coordinator.program.title)


def test_a_stranger_is_told_what_to_do_and_is_not_in(come: Any, north: Hospital, way: str) -> None:
    UserFactory(email="same@example.org")  # as the hospital says of everybody
    page = come()
    page.goto("/accounts/login/?next=/programs/")
    goes_there(page, north, way, f"stranger-{way}")

    expect(page.get_by_role("heading", level=1)).to_have_text("Not linked yet")
    expect(page.locator("main")).to_contain_text("Open the invitation in your mail")
    page.goto("/programs/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert not SocialAccount.objects.exists()


def test_a_stolen_cookie_is_ended_from_the_list(
    come: Any, north: Hospital, way: str, settings: Any, live_server: Any
) -> None:
    user, (code, another, *_) = known_there("victim", settings)
    desktop, thief, phone = come(), come(), come()
    signs_in(desktop, north, way, "victim", code)
    (stolen,) = (kept for kept in desktop.context.cookies() if kept["name"] == active.SESSION_COOKIE_NAME)
    thief.context.add_cookies([{"name": stolen["name"], "value": stolen["value"], "url": live_server.url}])
    thief.goto("/programs/")
    expect(thief).to_have_url(re.compile("/programs/$"))

    signs_in(phone, north, way, "victim", another)
    phone.goto("/accounts/sessions/")
    phone.get_by_role("button", name="Sign out there").click()
    expect(phone.locator("body")).to_contain_text("Signed out there.")

    for one in (thief, desktop):
        one.goto("/programs/")
        expect(one).to_have_url(re.compile("/accounts/login/"))
    phone.goto("/programs/")
    expect(phone).to_have_url(re.compile("/programs/$"))
    assert user.usersession_set.count() == 1


def linked_there(subject: str, settings: Any, **who: Any) -> User:
    """A resident who signs in at the hospital and in no other way."""
    (provider,) = settings.SOCIALACCOUNT_PROVIDERS.values()
    user: User = UserFactory(**who)
    SocialAccount.objects.create(user=user, provider=provider["APPS"][0]["provider_id"], uid=subject)
    return user


def says_again_who_they_are(page: Page, north: Hospital, way: str, subject: str) -> None:
    """Press the hospital's button where we ask once more; it asks again, though it knows this browser."""
    page.context.add_cookies([{"name": "as", "value": subject, "url": north.issuer}])
    page.locator("button[name=hospital]").click()
    if way == "openid":
        page.locator("input[name=login]").fill(subject)
        page.locator("input[name=password]").fill("anything")
        page.get_by_role("button", name="Sign-in").click()
        agrees = page.get_by_role(
            "button", name="Continue"
        )  # asked of who comes from there for the first time
        expect(agrees.or_(page.locator("body[data-saved]"))).to_be_visible()
        if agrees.is_visible():
            agrees.click()


def six_minutes_ago(user: User) -> None:
    """Let the last time they said that it is them be longer ago; the hospital's own clock cannot be travelled."""
    for row in user.usersession_set.all():
        session = SessionStore(row.session_key)
        for said in session[AUTHENTICATION_METHODS_SESSION_KEY]:
            said["at"] -= 360
        session.save()


def has_no_barrier(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_who_takes_their_data_along_is_asked_at_the_hospital_once_more(
    come: Any, north: Hospital, way: str, settings: Any
) -> None:
    linked_there(f"resident-{way}", settings)
    page = come()
    page.goto("/accounts/login/")
    goes_there(page, north, way, f"resident-{way}")
    expect(page).to_have_url(re.compile("/$"))

    page.goto("/my-data/everything/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in at your hospital once more")
    says_again_who_they_are(page, north, way, f"resident-{way}")

    expect(page).to_have_url(re.compile("/my-data/everything/$"))


@pytest.mark.parametrize(("language", "question", "refusal", "gone"), PAGES)
def test_what_was_sent_too_late_waits_for_the_hospital_and_then_for_a_yes_of_the_same_person(
    come: Any, north: Hospital, way: str, settings: Any, language: str, question: str, refusal: str, gone: str
) -> None:
    user = linked_there(f"gone-{way}", settings, language=language)
    linked_there(f"fellow-{way}", settings)
    page = come()
    page.goto("/accounts/login/")
    goes_there(page, north, way, f"gone-{way}")
    expect(page).to_have_url(re.compile("/$"))
    page.context.clear_cookies(name="django_language")  # from here on in the language of the person
    page.goto("/my-data/erase/")
    says_again_who_they_are(page, north, way, f"gone-{way}")
    page.locator("main input[type=checkbox]").check()

    six_minutes_ago(user)
    page.locator("main button[data-variant=danger]").click()
    has_no_barrier(page)
    says_again_who_they_are(page, north, way, f"fellow-{way}")
    expect(page.get_by_role("heading", level=1)).to_have_text(refusal)
    has_no_barrier(page)

    page.goto("/my-data/erase/")
    says_again_who_they_are(page, north, way, f"gone-{way}")
    page.locator("main input[type=checkbox]").check()
    six_minutes_ago(user)
    page.locator("main button[data-variant=danger]").click()
    says_again_who_they_are(page, north, way, f"gone-{way}")
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    has_no_barrier(page)
    assert User.objects.filter(pk=user.pk, is_active=True).exists()
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(gone)

    assert not User.objects.filter(pk=user.pk, is_active=True).exists()
