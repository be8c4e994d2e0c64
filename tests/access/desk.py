import datetime as dt

from programs.models import Membership
from tests.access.table import FORBIDDEN, Row, open_page, own_page
from tests.access.world import House

LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def a_program(house: House) -> dict[str, object]:
    return {"pk": house.program.pk}


def a_group(house: House) -> dict[str, object]:
    return {"pk": house.group.pk}


def own_place(house: House) -> dict[str, object]:
    Membership.objects.filter(pk=house.membership.pk).update(invited_at=LONG_AGO)
    return {"pk": house.membership.pk}


def an_institution(house: House) -> dict[str, object]:
    return {"slug": house.institution.slug}


ROWS = [
    open_page("desk:home"),
    Row("desk:program", at=a_program),
    Row("desk:changes", at=a_program),
    Row("desk:group", at=a_group),
    own_page("desk:my-data"),
    own_page("desk:everything"),
    own_page("desk:everything-page"),
    own_page("desk:everything-json"),
    own_page("desk:erase"),
    Row("desk:end-part", at=own_place, by="resident", wrong="coordinator", wrong_role=404),
    Row(
        "desk:end-part",
        at=own_place,
        by="resident",
        wrong="coordinator",
        wrong_role=404,
        method="post",
        right=302,
    ),
    # About the house of whoever asks.
    Row("desk:purges", by="administrator", wrong="coordinator", elsewhere=200, wrong_role=FORBIDDEN),
    Row("desk:purges", by="officer", wrong="director", elsewhere=200, wrong_role=FORBIDDEN),
    Row("desk:how-long", at=an_institution, by="administrator", wrong="coordinator"),
    Row("desk:how-long", at=an_institution, by="officer", wrong="resident", wrong_role=404),
    Row("desk:shorten", at=an_institution, by="administrator", wrong="officer"),
    Row("desk:shorten", at=an_institution, by="administrator", wrong="officer", method="post", right=422),
    # About the houses of whoever asks.
    *(
        Row(name, by="officer", wrong=wrong, method=method, elsewhere=200, wrong_role=FORBIDDEN)
        for name, method in (("desk:opened", "get"), ("desk:opened", "post"), ("desk:opened-csv", "post"))
        for wrong in ("administrator", "coordinator", "intervisor", "director", "independent", "resident")
    ),
    Row("desk:director", by="director", wrong="coordinator", elsewhere=200, wrong_role=FORBIDDEN),
]
