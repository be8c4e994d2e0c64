from tests.access.table import REDIRECT, Row
from tests.access.world import House
from tests.factories.programs import ProgramCoordinatorFactory


def a_program(house: House) -> dict[str, object]:
    return {"pk": house.program.pk}


def a_coordination(house: House) -> dict[str, object]:
    held = ProgramCoordinatorFactory(program=house.program)
    return a_program(house) | {"held_pk": held.pk}


def of_house(house: House) -> dict[str, object]:
    return {"slug": house.institution.slug}


def a_room(house: House) -> dict[str, object]:
    return {"slug": house.institution.slug, "pk": house.room.pk}


def a_format(house: House) -> dict[str, object]:
    return {"format_key": "intervision"}


ROWS = [
    Row("programs:list", elsewhere=200),
    Row("programs:new", elsewhere=200),
    Row("programs:new-program", at=a_format, elsewhere=200),
    Row("programs:frame-notes", at=a_format, method="post", elsewhere=200),
    Row("programs:frame", at=a_program),
    Row("programs:texts", at=a_program),
    Row("programs:copy", at=a_program),
    Row("programs:coordinators", at=a_program),
    Row("programs:end-coordinator", at=a_coordination, method="post", right=REDIRECT),
    Row("programs:resume-coordinator", at=a_coordination, method="post", right=REDIRECT),
    Row("programs:start", at=a_program),
    Row("programs:open-intakes", at=a_program, right=REDIRECT),
    Row("programs:invite", at=a_program),
    Row("programs:pause", at=a_program),
    Row("programs:resume", at=a_program),
    Row("programs:rooms", at=of_house, wrong="intervisor"),
    Row("programs:new-room", at=of_house, wrong="intervisor"),
    Row("programs:room", at=a_room, wrong="intervisor"),
    Row("programs:retire-room", at=a_room, wrong="intervisor", method="post", right=REDIRECT),
]
