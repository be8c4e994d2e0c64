"""Members answer, guides show the code; what was said is for the group and its guides, pooled for the coordinator."""

import datetime as dt
from typing import Any
from uuid import UUID

from intervision import clock
from sessions.models import GroupSession
from surveys.actions import climate
from surveys.actions.opening import Moment, ask
from surveys.invitations import token_of
from surveys.models import ClimateInvitation, ClimateRound, Kind, Window
from surveys.questions import Question
from tests.access.table import FORBIDDEN, NOT_FOUND, Row, open_page
from tests.access.world import House

HOUR = dt.timedelta(hours=1)


def window(house: House) -> dict[str, Any]:
    return {"pk": opened(house, Kind.MIDWAY, house.group.pk).pk}


def opened(house: House, kind: Kind, about_id: UUID, number: int = 0) -> Window:
    now = clock.now()
    moment = Moment(
        kind=kind,
        about_id=about_id,
        questions=[Question("min-safety-felt"), Question("prep-guide-human", about_guide=True)],
        guides=[house.intervisor.pk],
        opens_at=now - HOUR,
        closes_at=now + 24 * HOUR,
        pool_closes_at=now + 24 * HOUR,
        number=number,
    )
    asked = ask(house.group, moment, at=now)
    assert asked is not None
    return asked


def session(house: House) -> dict[str, Any]:
    """A session in its last minutes, with its questions open."""
    row, now = house.session, clock.now()
    times = {"starts_at": now - HOUR, "ends_at": now + HOUR / 6}
    GroupSession.objects.filter(pk=row.pk).update(**times, state="planned")
    opened(house, Kind.PULSE, row.pk, row.number)
    return {"pk": row.pk}


def group(house: House) -> dict[str, Any]:
    window(house)
    return {"pk": house.group.pk}


def program(house: House) -> dict[str, Any]:
    window(house)
    return {"pk": house.program.pk}


def house(house: House) -> dict[str, Any]:
    return {"slug": house.institution.slug}


def climate_round(house: House) -> dict[str, Any]:
    """One that is running: staff of the department are asked."""
    staff = {house.department.pk: [f"staff{number}@example.org" for number in range(5)]}
    now, found = clock.now(), ClimateRound.objects.filter(institution=house.institution).first()
    begun = found or climate.open_round(
        house.institution,
        [house.department],
        staff,
        closes_at=now + 500 * HOUR,
        by=house.coordinator,
        at=now - HOUR,
    )
    return {"pk": begun.pk}


def climate_link(house: House) -> dict[str, Any]:
    climate_round(house)
    invitation = ClimateInvitation.objects.filter(stratum__round__institution=house.institution).first()
    assert invitation is not None
    return {"token": token_of(invitation)}


def made_up(house: House) -> dict[str, Any]:
    return {"token": "made-up"}


def member(name: str, right: int = 200, **changes: Any) -> Row:
    defaults = {"by": "resident", "right": right, "take_part": right, "link": "take_part"}
    return Row(f"surveys:{name}", at=window, **(defaults | changes))


def guide(name: str, **changes: Any) -> Row:
    return Row(
        f"surveys:{name}", at=session, **({"by": "intervisor", "guide": 200, "link": "guide"} | changes)
    )


ROWS = [
    member("answer", wrong="intervisor"),
    member("answer", wrong="coordinator", wrong_role=NOT_FOUND),
    member("answer", 422, method="post", wrong="intervisor"),
    member("answer", 422, method="post", wrong="stranger", wrong_role=NOT_FOUND),
    guide("show"),
    guide("show", wrong="coordinator"),
    guide("show", wrong="stranger", wrong_role=NOT_FOUND),
    guide("code"),
    guide("code", wrong="coordinator"),
    Row("surveys:group", at=group, by="intervisor", wrong="coordinator"),
    Row("surveys:group", at=group, by="resident", wrong="stranger", wrong_role=NOT_FOUND),
    Row("surveys:program", at=program),
    Row("surveys:program", at=program, wrong="intervisor", wrong_role=FORBIDDEN),
    Row("surveys:house", at=house, by="director", wrong="coordinator"),
    Row("surveys:house", at=house, by="director", wrong="resident", wrong_role=NOT_FOUND),
    Row("surveys:climate", at=house, wrong="intervisor"),
    Row("surveys:climate", at=house, by="director", wrong="resident", wrong_role=NOT_FOUND),
    Row("surveys:climate-new", at=house, wrong="director"),
    Row("surveys:climate-new", at=house, wrong="intervisor"),
    Row("surveys:climate-new", at=house, method="post", right=422, wrong="director"),
    Row("surveys:climate-round", at=climate_round, wrong="intervisor"),
    Row("surveys:climate-round", at=climate_round, by="director", wrong="resident", wrong_role=NOT_FOUND),
    Row("surveys:climate-withdraw", at=climate_round, method="post", right=302, wrong="director"),
    open_page("surveys:climate-answer", at=climate_link),
    open_page("surveys:climate-answer", at=climate_link, method="post", status=422),
    open_page("surveys:climate-answer", at=made_up, status=410),
]
