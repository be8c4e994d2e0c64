"""A resident's whole walk: what they confide, to whom, what comes of it, and that it can be taken back."""

import datetime as dt
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import time_machine
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Browser

from accounts.models import User
from checklist.tasks import ask_due
from outbox.mail import link
from programs.models import LearningGoal, Preparation
from sessions.tasks import hourly
from surveys.models import Window
from surveys.tasks import close_due
from tests.browser import asking, confiding
from tests.browser.rooms import AGAIN, MEETS, Group
from tests.browser.steps import Person, text_of
from tests.outbox.post_office import PostOffice
from tests.second_database import second_database
from vault.models import Vault

logger = logging.getLogger(__name__)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 390
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
BEGINS = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
HANDED_OVER = dt.datetime(2027, 3, 4, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LENGTH = 165 * MINUTE
CLOSED = LENGTH + dt.timedelta(days=2, minutes=5)
DAY = dt.timedelta(days=1)


@pytest.fixture
def now() -> Iterator[Any]:
    with time_machine.travel(BEGINS, tick=True) as traveller:
        yield traveller


@pytest.fixture
def post(settings: Any) -> Iterator[PostOffice]:
    with PostOffice() as office:
        settings.EMAIL_BACKEND = "outbox.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


@pytest.fixture
def person(browser: Browser, live_server: Any, post: PostOffice, settings: Any) -> Any:
    settings.BASE_URL = live_server.url
    known: list[Person] = []

    def come(user: User, width: int = 1280) -> Person:
        known.append(Person(browser, live_server.url, post, user.email, width=width, script=True))
        return known[-1]

    yield come
    for one in known:  # shown only when the test fails
        logger.warning("%s at %s\n%s", one.email, one.page.url, one.page.locator("body").inner_text())
        one.context.close()


@pytest.fixture
def elsewhere(settings: Any, tmp_path: Path) -> Iterator[Any]:
    settings.BACKUP_KEY = "k" * 40
    settings.ERASURE_JOURNAL = tmp_path / "erasures.jsonl"
    with second_database() as move:
        yield move


@pytest.fixture
def deliver(post: PostOffice) -> Any:
    """What the beat does: sessions come near, questions open and close, and what is due leaves.

    Then the house's mail scanner opens every link of every letter, before anybody reads one.
    """

    opened = set[str]()

    def run() -> None:
        hourly()
        ask_due()
        close_due()
        call_command("run_due", stdout=io.StringIO())
        found = {address for letter in post.accepted for address in ADDRESS.findall(text_of(letter))}
        for address in sorted(found - opened):
            assert requests.get(address, timeout=60).status_code < 500, address
        opened.update(found)

    return run


def test_what_a_resident_confides_stays_theirs_and_is_gone_when_they_say_so(
    now: Any, person: Any, deliver: Any, elsewhere: Any, tmp_path: Path
) -> None:
    house = Group(others=5)
    program, group, name = str(house.program.pk), str(house.group.pk), house.resident.name
    before, after = house.intervisor.name, house.second.name
    place = reverse("programs:my-place", args=[house.membership.pk])
    shared = reverse("programs:shared", args=[program])
    told = reverse("surveys:group", args=[group])
    resident, coordinator = person(house.resident, PHONE), person(house.coordinator)
    guide, second = person(house.intervisor), person(house.second)

    deliver()
    confiding.takes_part(resident)
    confiding.asks_for_a_sign_in(resident)
    deliver()
    confiding.chooses_a_password(resident)
    confiding.prepares(resident, place, before)
    confiding.shares_a_goal(resident, place, before)

    for one in (guide, second, coordinator):
        one.opens_the_link_of("Your invitation").signs_in_for_the_first_time()
    confiding.opens_what_was_shared(guide, shared, name)
    confiding.sees_who_opened_it(resident, (before, "1 March 2027"))

    now.move_to(HANDED_OVER)
    confiding.hands_over(coordinator.signs_in(), program, group, after)
    guide.signs_in().cannot_open(reverse("programs:read-shared", args=[house.membership.pk]))
    second.signs_in().goes_to(shared).sees("Nothing yet.").does_not_see(name)
    confiding.is_asked_again(resident.signs_in(), place, before, after)
    confiding.opens_what_was_shared(second, shared, name)
    second.does_not_see(confiding.HOPE)
    confiding.sees_who_opened_it(resident, (before, "1 March 2027"), (after, "4 March 2027"))

    now.move_to(MEETS - DAY)
    deliver()
    now.move_to(MEETS + LENGTH - 10 * MINUTE)
    deliver()
    asked = Window.objects.get(kind="pulse", about_id=house.first.pk)
    code = link(reverse("surveys:answer", args=[asked.pk]))
    asking.shows_the_code(second.signs_in(), reverse("surveys:show", args=[house.first.pk]), code)
    phone = person(house.resident, PHONE)
    asking.has_the_link_mailed(phone, code)
    deliver()
    asking.comes_by_mail(phone, "Your link")
    asking.answers(phone)
    members = [person(user, PHONE) for user in house.others]
    for member in members[:3]:
        asking.comes_by_mail(member, "A few questions for you")
        asking.answers(member)
    asking.reads_no_word(second, told, asking.NOT_YET)
    now.move_to(MEETS + CLOSED)
    deliver()
    asking.reads_no_word(resident.signs_in(), told, asking.TOO_FEW)

    now.move_to(AGAIN - DAY)
    deliver()
    now.move_to(AGAIN + LENGTH - 10 * MINUTE)
    deliver()
    for member in (phone, *members[:4]):
        asking.comes_by_mail(member, "A few questions for you")
        asking.answers(member)
    asking.reads_no_word(resident.signs_in(), told, asking.NOT_YET)
    now.move_to(AGAIN + CLOSED)
    deliver()
    for one in (resident, second):
        asking.reads_what_the_group_said(one.signs_in(), told)

    said = confiding.takes_everything_along(resident, tmp_path)
    assert [row["goal"] for row in said["goals"]["rows"]] == [confiding.GOAL]
    assert [row["expectations"] for row in said["preparations"]["rows"]] == [confiding.HOPE]
    assert {row["who"] for row in said["opened_by"]["rows"]} == {before, after}
    assert "min-safety-felt" not in json.dumps(said)

    call_command("backup", str(tmp_path / "backups"), stdout=io.StringIO(), stderr=io.StringIO())
    confiding.has_everything_erased(resident)
    second.goes_to(shared).sees("Nothing yet.").does_not_see(name)

    elsewhere()
    call_command("restore", str(tmp_path / "backups"), stdout=io.StringIO())
    assert not User.objects.filter(name=name).exists()
    assert not LearningGoal.objects.exists()
    assert not Preparation.objects.exists()
    assert Vault.objects.get(owner=house.resident.pk).wrapped is None
    resident.signs_in().sees("not correct")
    second.signs_in().goes_to(shared).sees("Nothing yet.").does_not_see(name)
    coordinator.signs_in().goes_to(f"/programs/{program}/people/").does_not_see(name)
