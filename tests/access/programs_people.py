from typing import Any

from programs.actions import people_check
from programs.people.reading import read_pasted
from tests.access.table import OK, REDIRECT, Row
from tests.access.world import House
from tests.factories.programs import MembershipFactory


def a_program(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk}


def a_person(house: House) -> dict[str, Any]:
    return a_program(house) | {"membership_pk": MembershipFactory(group=house.group).pk}


def a_step(house: House) -> dict[str, Any]:
    step = house.program.undoable_steps.create(
        kind="person_removed",
        before={"user": str(house.stranger.pk), "group": None, "state": "invited", "joined_on": None},
    )
    return a_program(house) | {"step_pk": step.pk}


def a_list(house: House) -> dict[str, Any]:
    reading = read_pasted("name;e-mail;training year\nAnna B;a@example.org;1\n", program_format="intervision")
    return {"pk": people_check.begin(house.program, reading, by=house.coordinator).pk}


ROWS = [
    Row("programs:people", at=a_program),
    Row("programs:new-person", at=a_program),
    Row("programs:people-csv", at=a_program),
    Row("programs:people-example", at=a_program),
    Row("programs:import-people", at=a_program, method="post", right=422),
    Row("programs:restore-person", at=a_step, method="post", right=REDIRECT),
    Row("programs:remove-person", at=a_person, method="post", right=REDIRECT),
    Row("programs:people-import", at=a_list, right=OK),
    Row("programs:people-mend", at=a_list, method="post", right=REDIRECT),
    Row("programs:people-answer", at=a_list, method="post", right=REDIRECT),
    Row("programs:people-store", at=a_list, method="post", right=REDIRECT),
    Row("programs:people-drop", at=a_list, method="post", right=REDIRECT),
    Row("programs:people-undo", at=a_list, method="post", right=409),
]
