"""The resident's way on a phone, scene by scene."""

import re

from tests.browser.steps import Person


def comes_by_link(resident: Person) -> None:
    resident.opens_the_link_of("An invitation").clicks("Open my page")
    resident.sees("A time is reserved for you").sees("Whoever evaluates you")


def keeps_the_time(resident: Person) -> None:
    resident.clicks("Keep this time").sees("Booked: your intake")


def fills_the_week(resident: Person) -> None:
    resident.follows("When can you come?").chooses(half_1="rather not", half_4="never").clicks("Save")
    resident.sees("Filled in")


def changes_the_time(resident: Person) -> None:
    had = resident.page.locator("main dd").first.inner_text()
    resident.follows("Another time")
    resident.page.locator("main input[type=radio]").first.check()
    resident.clicks(re.compile("^Book")).sees("Booked: your intake").does_not_see(had)
