from typing import Any

from tests.access.table import FORBIDDEN, NOT_FOUND, OK, REDIRECT, Row, open_page, own_page
from tests.access.world import House


def a_group(house: House) -> dict[str, Any]:
    return {"pk": house.group.pk}


def a_program(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk}


def a_report(house: House) -> dict[str, Any]:
    return {"pk": house.report.pk}


def begin(house: House) -> dict[str, Any]:
    return {"seen": "reported", "to": "looking"}


INDEPENDENT = {"by": "independent", "wrong": "resident"}

ROWS = [
    Row("concerns:new", at=a_group, by="resident", wrong="coordinator", take_part=OK, guide=OK),
    Row(
        "concerns:new",
        at=a_group,
        by="intervisor",
        wrong="director",
        wrong_role=NOT_FOUND,
        take_part=OK,
        guide=OK,
    ),
    Row("concerns:list", **INDEPENDENT, elsewhere=OK),
    Row("concerns:list", **INDEPENDENT | {"wrong": "coordinator"}, elsewhere=OK),
    Row("concerns:report", at=a_report, **INDEPENDENT),
    Row("concerns:report", at=a_report, **INDEPENDENT | {"wrong": "coordinator"}, wrong_role=NOT_FOUND),
    Row("concerns:report", at=a_report, **INDEPENDENT | {"wrong": "director"}, wrong_role=NOT_FOUND),
    Row("concerns:report", at=a_report, **INDEPENDENT | {"wrong": "administrator"}, wrong_role=NOT_FOUND),
    Row("concerns:report", at=a_report, **INDEPENDENT | {"wrong": "intervisor"}, wrong_role=NOT_FOUND),
    Row(
        "concerns:step",
        at=a_report,
        **INDEPENDENT,
        method="post",
        data=begin,
        right=REDIRECT,
        wrong_role=FORBIDDEN,
    ),
    Row("concerns:confirmed", at=a_program),
    Row("concerns:confirmed", at=a_program, wrong="independent", wrong_role=NOT_FOUND),
    own_page("concerns:mine"),
    open_page("concerns:follow"),
]
