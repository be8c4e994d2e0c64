from tests.access.table import FORBIDDEN, Row, open_page, own_page
from tests.access.world import House


def a_program(house: House) -> dict[str, object]:
    return {"pk": house.program.pk}


def a_group(house: House) -> dict[str, object]:
    return {"pk": house.group.pk}


ROWS = [
    open_page("desk:home"),
    Row("desk:program", at=a_program),
    Row("desk:group", at=a_group),
    own_page("desk:my-data"),
    own_page("desk:everything"),
    own_page("desk:everything-page"),
    own_page("desk:everything-json"),
    # About the house of whoever asks.
    Row("desk:director", by="director", wrong="coordinator", elsewhere=200, wrong_role=FORBIDDEN),
]
