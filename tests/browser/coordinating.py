"""The coordinator's way, scene by scene."""

import datetime as dt
import re

from tests.browser import hospital
from tests.browser.steps import Person


def opens_the_house(administrator: Person, invitation: str) -> None:
    """The first administrator says whom to call and invites a coordinator."""
    administrator.goes_to(invitation).signs_in_for_the_first_time()
    administrator.goes_to("/institution/").sees("Nobody yet")
    administrator.goes_to("/institution/ziekenhuis-noord/frame/").chooses(language="English").clicks("Save")
    for kind, label in (
        ("someone to talk to", "Confidential adviser"),
        ("in an emergency", "Emergency line"),
    ):
        administrator.goes_to("/institution/ziekenhuis-noord/contacts/new/").ticks(kind)
        administrator.fills(label_en=label, label_nl=label, phone="020 555 01 23").clicks("Save").sees(label)


def invites_a_coordinator(administrator: Person, email: str) -> None:
    administrator.goes_to("/institution/ziekenhuis-noord/people/invite/")
    administrator.fills(name="Carla Hofman", email=email).ticks("Coordinator")
    administrator.clicks("Send the invitation").sees("An invitation is on its way")


def frames_a_program(coordinator: Person) -> str:
    """Choose a format, fill the frame, keep the texts. Returns the program's id."""
    coordinator.goes_to("/programs/new/").follows(re.compile("Group intervision"))
    coordinator.fills(
        title="Reflect together", starts_on="2027-01-11", ends_on="2028-04-28", answers_until="2026-12-18"
    )
    coordinator.ticks("both").clicks("Save and go on")
    coordinator.clicks("Save and go on").sees("Who takes part?")
    match = re.search(r"/programs/([0-9a-f-]{36})/", coordinator.page.url)
    assert match is not None
    return match.group(1)


def imports_the_residents(coordinator: Person, program: str) -> None:
    coordinator.goes_to(f"/programs/{program}/people/")
    coordinator.fills(pasted=hospital.people_list()).clicks("Check the list")
    coordinator.sees("Will add 40 people").sees("Nothing has been stored yet")
    coordinator.clicks("Add 40 people").sees("40 people in this program")


def fills_the_directory(coordinator: Person, program: str) -> None:
    for name in hospital.GUIDES:
        coordinator.goes_to(f"/programs/{program}/guides/")
        coordinator.fills(name=name, email=hospital.address(name)).clicks("Add to the directory")
        coordinator.chooses(kind="independent coach").clicks("Save").sees(name)


def composes_groups(coordinator: Person, program: str) -> None:
    coordinator.goes_to(f"/planning/{program}/groups/").clicks("Propose groups")
    coordinator.sees("People with a seat: 40 of 40").sees("Groups with a guide: 7 of 7")
    coordinator.clicks("Undo the last change").sees("People with a seat: 0 of 40")
    coordinator.clicks("Propose groups").sees("People with a seat: 40 of 40")


def reserves_a_time_for_everybody(coordinator: Person, program: str) -> None:
    coordinator.goes_to(f"/programs/{program}/intakes/").clicks("Reserve a time for everybody")
    coordinator.sees(re.compile(r"\d+ times are reserved"))


def starts(coordinator: Person, program: str) -> None:
    coordinator.goes_to(f"/programs/{program}/start/").sees("This is what happens when you start")
    for line in coordinator.page.locator("input[name^='why-']").all():
        line.fill("Decided with the board.")
    coordinator.fills(note="The other guides offer their times this week.")
    coordinator.clicks("Start and send 40 invitations").sees("Started. The invitations are on their way.")


def plans_dates(coordinator: Person, program: str, groups: list[str]) -> None:
    """Each group on a day of its own, so that a guide with two is never in two rooms at once."""
    coordinator.goes_to(f"/planning/{program}/dates/")
    for number, group in enumerate(groups):
        day = dt.date(2027, 1, 11) + dt.timedelta(days=number % 5)
        coordinator.goes_to(f"/planning/{program}/dates/{group}/")
        coordinator.fills(first_on=day.isoformat(), at="13:00" if number < 5 else "08:30")
        coordinator.clicks("Show the dates").clicks("Save these 10 dates")


def writes_the_ground_rules(coordinator: Person, program: str) -> None:
    coordinator.goes_to(f"/programs/{program}/ground-rules/")
    coordinator.clicks("Use this text for every group without").sees("Every group has ground rules now")


def adds_somebody(coordinator: Person, program: str, group: str) -> None:
    """Open a closed group again for one more; the page says first what follows from it."""
    coordinator.signs_in().goes_to(f"/programs/{program}/groups/{group}/close/")
    coordinator.clicks(re.compile("^Open"))
    coordinator.goes_to(f"/programs/{program}/groups/{group}/add/").sees(
        "asked to agree to the ground rules again"
    )
    coordinator.fills(name="Puck Later", email="puck@noord.example").clicks("Add to the group").sees(
        "Puck Later"
    )


def pauses_somebody(coordinator: Person, program: str, membership: str) -> None:
    coordinator.goes_to(f"/programs/{program}/members/{membership}/pause/").sees("no reason is stored")
    coordinator.fills(until_on="2027-03-31").clicks("Pause").sees(re.compile("paus", re.IGNORECASE))


def reads_the_checklist(coordinator: Person, program: str) -> str:
    """What each layer and factor says: so many conditions met."""
    coordinator.goes_to(f"/checklist/{program}/").sees("added value")
    found = re.findall(r"\d+ of \d+ met", coordinator.page.locator("main").inner_text())
    assert found
    return "; ".join(found)
