"""Each picture of the checklist for whoever does not see it, and on paper: the finding in words, and its table."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from checklist.assessing import assess
from checklist.finding import sentence
from intervision import clock
from programs.models import Program
from tests.checklist.stored import evening_booster
from tests.factories.programs import GroupFactory, ProgramCoordinatorFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def program() -> Program:
    """With so many groups that a table of them is wider than paper."""
    program = evening_booster()
    for number in range(9):
        GroupFactory(program=program, name=f"Circle {number}", closed=bool(number % 2))
    return program


@pytest.fixture
def opened(new_context: Any, live_server: Any, program: Program) -> Any:
    client = Client()
    client.force_login(ProgramCoordinatorFactory(program=program).user)
    known = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: known, settings.LANGUAGE_COOKIE_NAME: "en"}
    # As wide as A4 between its margins.
    context = new_context(viewport={"width": 672, "height": 1000})
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page: Page = context.new_page()

    def open_(name: str) -> Page:
        page.goto(live_server.url + reverse(f"checklist:{name}", args=[program.pk]))
        return page

    return open_


def test_the_rings_say_their_finding_before_anything_else_and_lead_to_their_table(
    opened: Any, program: Program
) -> None:
    said = sentence(assess(program, clock.now()).score)
    tree = opened("program").locator("main").aria_snapshot()

    assert tree.index(f'heading "{said}" [level=2]') < tree.index('group "The conditions of')
    picture = tree[tree.index('group "The conditions of') :]
    assert said in picture.partition("\n")[0]
    assert "Preparation – Group composition, size and continuity:" in picture
    assert 'link "Show as table"' in tree


@pytest.mark.parametrize("name", ["what-if", "next", "by-group", "over-time"])
def test_each_other_page_has_words_before_its_picture_and_table(opened: Any, name: str) -> None:
    tree = opened(name).locator("main").aria_snapshot()

    words = tree.index("paragraph:")
    later = [tree.index(what) for what in (" table ", " img ", 'group "The conditions') if what in tree]
    assert all(words < at for at in later)


@pytest.mark.parametrize("name", ["program", "by-group", "what-if", "next", "over-time", "program-table"])
def test_paper_has_no_menus_and_no_buttons_and_cuts_nothing_off(opened: Any, name: str) -> None:
    page = opened(name)
    page.emulate_media(media="print")

    left = page.locator("header.top, footer, nav, button, .actions").filter(visible=True)
    assert left.all_inner_texts() == []
    wide = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    assert page.evaluate(f"{wide}.map(e => e.tagName + ': ' + e.textContent)") == []


def test_a_group_of_ten_keeps_its_name_beside_each_word_on_paper(opened: Any) -> None:
    page = opened("by-group")
    page.emulate_media(media="print")

    shown = "getComputedStyle(document.querySelector('td[data-label=\"Circle 8\"]'), '::before').content"
    assert page.evaluate(shown) not in ("none", "normal", "")
