"""Coming in by the code on the wall, on a phone."""

import re

from tests.browser.steps import Person, text_of


def closes_all_but(coordinator: Person, program: str, others: list[str]) -> None:
    for group in others:
        coordinator.goes_to(f"/planning/{program}/groups/{group}/").ticks("Closed: nobody joins any more")
        coordinator.clicks("Save the group")


def asks_for_the_way_in(newcomer: Person, key: str) -> None:
    newcomer.goes_to(f"/join/{key}/").sees("1 place free").fills(email=newcomer.email)
    newcomer.clicks("Send me the link").sees("a link is on its way")


def says_who_they_are(newcomer: Person, name: str) -> None:
    letter = [one for one in newcomer.letters() if one["Subject"] == "Your link to come in by"][-1]
    found = re.search(r"https?://\S+/join/confirm/\S+", text_of(letter))
    assert found is not None
    newcomer.goes_to(found.group()).fills(name=name).chooses(department="Surgery", training_year="3")
    newcomer.clicks("Go on to the groups").sees("Choose your group").sees("1 place free")


def takes_the_last_place(newcomer: Person) -> None:
    newcomer.clicks(re.compile("^Join")).sees("You have a place in").sees("A time is reserved for you")


def agrees_to_the_ground_rules(member: Person) -> None:
    member.follows("Ground rules of your group").clicks("I agree").sees("You agreed to the ground rules")


def comes_too_late_and_waits(third: Person) -> None:
    third.clicks(re.compile("^Join")).sees("This group has just been filled").sees("Full")
    third.clicks(re.compile("^Wait for a place in Group")).sees("You are on the waiting list")
