from tests.access.table import FORBIDDEN, Row
from tests.access.world import House


def a_program(house: House) -> dict[str, object]:
    return {"pk": house.program.pk}


def a_group(house: House) -> dict[str, object]:
    return {"pk": house.group.pk}


def a_layer(house: House) -> dict[str, object]:
    return {"pk": house.program.pk, "key": "preparation"}


def a_layer_of_a_group(house: House) -> dict[str, object]:
    return {"pk": house.group.pk, "key": "minimal"}


def a_frame(house: House) -> dict[str, object]:
    return {"format": "intervision"}


def a_condition(house: House) -> dict[str, object]:
    return {"pk": house.program.pk, "item": "min-help-route"}


def a_reason(house: House) -> dict[str, object]:
    return {"reason": "The wards arrange this themselves."}


def an_institution(house: House) -> dict[str, object]:
    return {"slug": house.institution.slug}


ROWS = [
    Row("checklist:house", at=an_institution, by="director", wrong="coordinator"),
    Row("checklist:house", at=an_institution, by="director", wrong="resident", wrong_role=404),
    *(
        Row(f"checklist:house-{kind}", at=an_institution, by="director", wrong=wrong, wrong_role=status)
        for kind in ("report", "csv", "json")
        for wrong, status in (("coordinator", FORBIDDEN), ("resident", 404))
    ),
    # About the house of whoever asks.
    Row("checklist:nights", by="administrator", wrong="coordinator", elsewhere=200, wrong_role=FORBIDDEN),
    Row("checklist:program", at=a_program),
    Row("checklist:summary", at=a_program),
    Row("checklist:check", at=a_program),
    Row("checklist:what-if", at=a_program),
    Row("checklist:next", at=a_program),
    Row("checklist:leave", at=a_condition, method="post", data=a_reason, right=302),
    Row("checklist:take-up", at=a_condition, method="post", right=302),
    Row("checklist:answers", at=a_program),
    Row("checklist:json", at=a_program),
    Row("checklist:csv", at=a_program),
    Row("checklist:report", at=a_program),
    Row("checklist:board-report", at=a_program),
    Row("checklist:program-layer", at=a_layer),
    Row("checklist:program-table", at=a_program),
    Row("checklist:by-group", at=a_program),
    Row("checklist:over-time", at=a_program),
    Row("checklist:group", at=a_group, wrong="stranger", wrong_role=404),
    Row("checklist:group", at=a_group, by="resident", wrong="director", wrong_role=404),
    Row("checklist:group", at=a_group, by="intervisor", wrong="independent", wrong_role=404),
    Row("checklist:group-layer", at=a_layer_of_a_group, wrong="stranger", wrong_role=404),
    Row("checklist:group-layer", at=a_layer_of_a_group, by="resident", wrong="director", wrong_role=404),
    Row("checklist:group-layer", at=a_layer_of_a_group, by="intervisor", wrong="independent", wrong_role=404),
    Row("checklist:group-table", at=a_group, wrong="stranger", wrong_role=404),
    Row("checklist:group-table", at=a_group, by="resident", wrong="director", wrong_role=404),
    Row("checklist:group-table", at=a_group, by="intervisor", wrong="independent", wrong_role=404),
    Row("checklist:preparation-ring", method="post", data=a_frame, elsewhere=200),
]
