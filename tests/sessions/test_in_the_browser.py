from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from sessions.models import Attendance, GroupSession, SessionLog
from tests.sessions.world import DAY, HOUR, meeting, yesterday_afternoon

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here() -> Any:
    here, over = meeting(), yesterday_afternoon()
    for number, end in ((1, over), (2, over + 42 * DAY)):
        GroupSession.objects.create(
            group=here.group,
            number=number,
            starts_at=end - 2 * HOUR,
            ends_at=end,
            first_planned_at=end - 2 * HOUR,
            room=here.room,
        )
    here.session, here.next = here.group.sessions.all()
    return here


def sign_in(page: Page, server: Any, user: Any) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}])
    page.set_default_timeout(20_000)


def test_ticks_and_answers_survive_a_lost_connection(live_server: Any, page: Page, here: Any) -> None:
    sign_in(page, live_server, here.guide)
    page.goto(live_server.url + reverse("sessions:log", args=[here.session.pk]))
    absent = here.members[0]

    page.context.set_offline(True)
    page.get_by_label(absent.user.name, exact=True).uncheck()
    expect(page.locator("[data-save-state]").first).to_contain_text("no connection")
    assert not Attendance.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-save-state]").first).to_contain_text("Saved")
    assert Attendance.objects.get(membership=absent).state == "absent"

    page.get_by_label("A patient or family").check()
    for question in page.locator("fieldset.question").all():
        question.get_by_label("Largely").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-send-state]")).to_contain_text("no connection")
    page.context.set_offline(False)
    page.wait_for_url("**" + reverse("sessions:group", args=[here.group.pk]))

    log = SessionLog.objects.get()
    assert (log.themes, set(log.answers.values())) == (["patient_or_family"], {4})
    assert page.evaluate("localStorage.length") == 0


def test_a_sign_in_that_ran_out_is_told_at_the_top_and_nothing_is_lost(
    live_server: Any, page: Page, here: Any
) -> None:
    sign_in(page, live_server, here.guide)
    page.goto(live_server.url + reverse("sessions:log", args=[here.session.pk]))
    page.get_by_label("A patient or family").check()
    for question in page.locator("fieldset.question").all():
        question.get_by_label("Largely").check()
    told = page.get_by_role("alert").filter(has_text="you are no longer signed in")
    refused = page.locator("[data-send-state][data-save-state=failed]")  # and "saved" while it is on its way
    expect(told).to_have_count(0)

    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    expect(told).to_be_in_viewport()
    expect(told).not_to_contain_text("mail")

    sign_in(page, live_server, here.members[0].user)
    page.get_by_role("button", name="Save").click()
    expect(refused).to_have_count(1)  # an answer still on its way would bring this member's cookie back later
    expect(told).to_be_visible()
    assert not SessionLog.objects.exists()

    page.context.clear_cookies(
        name=settings.CSRF_COOKIE_NAME
    )  # as signing in does: another token from here on
    sign_in(page, live_server, here.guide)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**" + reverse("sessions:group", args=[here.group.pk]))
    assert SessionLog.objects.get().themes == ["patient_or_family"]


def test_ticks_that_waited_are_put_back_after_the_page_was_closed(
    live_server: Any, page: Page, here: Any
) -> None:
    sign_in(page, live_server, here.guide)
    address = live_server.url + reverse("sessions:log", args=[here.session.pk])
    page.goto(address)
    page.context.set_offline(True)
    page.get_by_label(here.members[1].user.name, exact=True).uncheck()
    expect(page.locator("[data-save-state]").first).to_contain_text("no connection")
    page.close()  # one that was only left may still hear that the connection is back
    page.context.set_offline(False)
    assert not Attendance.objects.exists()

    page = page.context.new_page()
    page.goto(address)

    expect(page.get_by_label(here.members[1].user.name, exact=True)).not_to_be_checked()
    expect(page.locator("[data-save-state]").first).to_contain_text("Saved")
    assert Attendance.objects.get(membership=here.members[1]).state == "absent"


@pytest.mark.parametrize(("width", "language", "theme"), [(390, "nl", "dark"), (1280, "en", "light")])
def test_no_page_of_sessions_has_a_barrier_or_scrolls_sideways(
    live_server: Any, page: Page, here: Any, width: int, language: str, theme: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 900})
    cookies = {"django_language": language, "theme": theme}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    visits = {
        here.guide: [
            ("sessions:group", here.group),
            *((f"sessions:{name}", here.next) for name in ("session", "move", "room", "cancel")),
            ("sessions:log", here.session),
        ],
        here.coordinator: [
            ("sessions:group", here.group),
            ("sessions:session", here.session),
            ("sessions:substitute", here.next),
            ("sessions:day-off", here.program),
            ("planning:dates", here.program),
        ],
        here.members[0].user: [("sessions:group", here.group)],
    }
    for user, pages in visits.items():
        sign_in(page, live_server, user)
        for name, about in pages:
            page.goto(live_server.url + reverse(name, args=[about.pk]))
            found = Axe().run(page).response["violations"]
            assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == [], name
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) == 0, name
    assert said == []
