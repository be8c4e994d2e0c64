"""The intervisor's way, scene by scene."""

import re

from tests.browser import hospital
from tests.browser.steps import Person


def is_invited(administrator: Person, guide: str) -> None:
    administrator.goes_to("/institution/ziekenhuis-noord/people/")
    row = administrator.page.get_by_role("row").filter(has_text=hospital.address(guide))
    row.get_by_role("button", name=re.compile("^Invite")).click()
    administrator.sees("invitation is on its way")


def signs_in_for_the_first_time(guide: Person) -> None:
    guide.opens_the_link_of("Your invitation").signs_in_for_the_first_time()


def offers_times(guide: Person, program: str) -> None:
    """Three mornings by phone: more times than the guide has residents, so that one can be changed."""
    guide.goes_to(f"/programs/{program}/my-intakes/").follows(re.compile("Offer times"))
    guide.fills(from_on="2026-12-07", to_on="2026-12-18", opens="09:00", closes="13:00", after="0")
    guide.ticks("Monday").ticks("Tuesday").ticks("Thursday").ticks("by phone").clicks("Show the times")
    guide.clicks(re.compile("^Offer these")).sees("times are offered")


def records_the_intakes(guide: Person, program: str) -> None:
    """Everybody whose time is past: it took place, with all three ticks."""
    guide.signs_in().goes_to(f"/programs/{program}/my-intakes/")
    while guide.page.get_by_role("link", name="Say how it went").count():
        guide.follows(re.compile("Say how it went")).ticks("It took place")
        guide.ticks("Expectations voiced").ticks("Boundaries agreed").ticks("Goal formulated")
        guide.clicks("Save").sees("Saved.")


def logs_the_session(guide: Person, group: str) -> None:
    """One member was absent, one was paged; a situation, a next step, a theme and the format's question."""
    guide.signs_in().goes_to(f"/sessions/groups/{group}/").follows(re.compile("Log session 1"))
    guide.page.locator("main input[name^=present_]").first.uncheck()
    guide.page.locator("main input[name=count_pager]").nth(1).check()
    guide.ticks("Somebody brought a situation").ticks("We found a next step").ticks("Team and hierarchy")
    guide.ticks("Largely").clicks("Save").sees("Took place")
