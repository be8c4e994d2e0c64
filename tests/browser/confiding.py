"""What a resident writes, shares and takes back, scene by scene."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.steps import PASSWORD, Person

HOPE = "Dat ik hier hardop mag twijfelen"
GOAL = "Leren vragen voordat ik alles zelf oplos"


def takes_part(resident: Person) -> None:
    resident.opens_the_link_of("An invitation").clicks("Open my page")
    resident.clicks("I take part").follows("Later").sees("What I want to learn")


def asks_for_a_sign_in(resident: Person) -> None:
    """The link opens nothing sealed: a mail of its own leads to a password."""
    resident.follows("Prepare for your intake").sees("Sign in").page.go_back()
    resident.follows("Sign in").clicks("Mail me an invitation").sees("Look in your mail")


def chooses_a_password(resident: Person) -> None:
    resident.opens_the_link_of("Your invitation").fills(password=PASSWORD).clicks("Save and sign in")
    resident.sees("My data")


def prepares(resident: Person, place: str, guide: str) -> None:
    resident.goes_to(place).follows("Prepare for your intake").sees("You need not write anything here")
    resident.fills(expectations=HOPE).clicks(f"Save, and let {guide} read it").sees(f"{guide} can read it")


def shares_a_goal(resident: Person, place: str, guide: str) -> None:
    resident.goes_to(place).follows("What I want to learn").follows("Write down a goal")
    resident.fills(goal=GOAL).clicks(f"Save, and let {guide} read it").sees(f"{guide} can read it")


def opens_what_was_shared(guide: Person, shared: str, resident: str) -> None:
    guide.goes_to(shared).follows(resident).sees(f"{resident} can see that you did, and when")
    guide.does_not_see(GOAL).clicks("Open and read").sees(GOAL)


def sees_who_opened_it(resident: Person, *lines: tuple[str, str]) -> None:
    """Each line: who, and on which day."""
    resident.goes_to("/my-data/").follows("See who opened what, and when")
    for who, day in lines:
        row = resident.page.get_by_role("row").filter(has_text=who).filter(has_text=day)
        expect(row.first).to_be_visible()


def hands_over(coordinator: Person, program: str, group: str, guide: str) -> None:
    coordinator.goes_to(f"/planning/{program}/groups/{group}/another-guide/")
    coordinator.chooses(user=guide).clicks("Let them guide").sees(f"{guide} guides")


def is_asked_again(resident: Person, place: str, before: str, after: str) -> None:
    resident.goes_to(place).sees("Somebody else guides your group now")
    resident.follows("What I want to learn").sees(f"You shared this with {before}, who does not guide")
    resident.clicks(re.compile(f"^Let {after} read it")).sees(f"{after} can read it")


def takes_everything_along(resident: Person, folder: Path) -> dict[str, Any]:
    """Asked for the password once more, because it leaves the house."""
    resident.goes_to("/my-data/").follows("Download as JSON").fills(password=PASSWORD)
    with resident.page.expect_download() as coming:
        resident.clicks("Go on")
    kept = folder / "everything.json"
    coming.value.save_as(kept)
    said: dict[str, Any] = json.loads(kept.read_text())
    return said


def has_everything_erased(resident: Person) -> None:
    resident.goes_to("/my-data/").follows("Erase my data").sees("This cannot be undone")
    resident.ticks("I understand that this cannot be undone").clicks("Erase my data")
    resident.sees("Your data are erased")
