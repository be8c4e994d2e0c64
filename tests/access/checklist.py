from tests.access.table import Row
from tests.access.world import House


def a_program(house: House) -> dict[str, object]:
    return {"pk": house.program.pk}


def a_group(house: House) -> dict[str, object]:
    return {"pk": house.group.pk}


def a_frame(house: House) -> dict[str, object]:
    return {"format": "intervision"}


ROWS = [
    Row("checklist:program", at=a_program),
    Row("checklist:summary", at=a_program),
    Row("checklist:check", at=a_program),
    Row("checklist:answers", at=a_program),
    Row("checklist:json", at=a_program),
    Row("checklist:csv", at=a_program),
    Row("checklist:group", at=a_group),
    Row("checklist:preparation-ring", method="post", data=a_frame, elsewhere=200),
]
