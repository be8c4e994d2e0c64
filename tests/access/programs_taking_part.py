"""The resident's own pages, the guide's and the coordinator's pages of intakes."""

from typing import Any

from intervision import clock
from programs.actions.intake_times import withdraw_time
from programs.models import Membership
from tests.access.table import FORBIDDEN, NOT_FOUND, REDIRECT, Row
from tests.access.world import House
from tests.factories.programs import GroundRulesFactory, IntakeSlotFactory


def place(house: House) -> dict[str, Any]:
    Membership.objects.filter(pk=house.membership.pk).update(invited_at=clock.now())
    return {"pk": house.membership.pk}


def place_with_rules(house: House) -> dict[str, Any]:
    if not house.group.ground_rules.exists():
        GroundRulesFactory(group=house.group)
    return place(house)


def place_with_time(house: House) -> dict[str, Any]:
    if not hasattr(house.membership, "intake_slot"):
        IntakeSlotFactory(program=house.program, guide=house.intervisor, membership=house.membership)
    return place(house)


def program(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk}


def slot(house: House) -> dict[str, Any]:
    return {"pk": house.slot.pk}


def step(house: House) -> dict[str, Any]:
    known = house.program.undoable_steps.first()
    return {"pk": (known or withdraw_time(house.slot, by=house.intervisor)).pk}


def own_times(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk, "guide_pk": house.intervisor.pk}


def resident(name: str, right: int = 200, **changes: Any) -> Row:
    """A page of one's own place: for everybody else it does not exist."""
    defaults = {
        "at": place,
        "by": "resident",
        "wrong": "coordinator",
        "wrong_role": NOT_FOUND,
        "right": right,
        "link": "take_part",
    }
    return Row(f"programs:{name}", **(defaults | {"take_part": right} | changes))


def guide(name: str, right: int = 200, **changes: Any) -> Row:
    return Row(name, **({"by": "intervisor", "right": right, "guide": right, "link": "guide"} | changes))


ROWS = [
    resident("my-place"),
    resident("my-week"),
    resident("my-week", method="post", right=422),
    resident("my-time"),
    resident("my-time", method="post", right=422),
    resident("my-time-calendar", at=place_with_time),
    resident("my-rules", at=place_with_rules),
    resident("my-group"),
    resident("own-sign-in"),
    resident("own-sign-in", method="post"),
    resident("accept-place", method="post", right=REDIRECT),
    resident("keep-time", method="post", right=409),
    resident("release-time", method="post", right=REDIRECT),
    resident("wait-for-time", method="post", right=REDIRECT),
    resident("decline-place", method="post", right=REDIRECT),
    resident("undo-decline", method="post", right=REDIRECT),
    guide("programs:guide-intakes", at=program),
    guide("programs:withdraw-time", at=slot, method="post", right=REDIRECT),
    guide("programs:restore-time", at=step, method="post", right=REDIRECT),
    guide("programs:call-off-time", at=slot),
    guide("planning:offer-times", at=own_times),
    guide("planning:offer-times", at=own_times, method="post", right=422),
    guide("sessions:intake-outcome", at=lambda house: {"pk": house.membership.pk}, wrong_role=NOT_FOUND),
    Row("programs:intakes", at=program),
    Row("planning:reserve-intakes", at=program, method="post", right=REDIRECT, wrong_role=FORBIDDEN),
]
