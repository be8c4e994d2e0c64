"""What a start asks of the checklist: one line for each condition of the preparation that is not met."""

from collections.abc import Mapping

from accounts.models import User
from checklist import actions
from checklist.assessing import assess
from checklist.words import measured
from intervision import clock
from programs import reasons
from programs.models import Program
from programs.reasons import Asked


def register() -> None:
    reasons.register(not_met, keep)


def not_met(program: Program) -> list[Asked]:
    found = assess(program, clock.now())
    lines = found.reading.justifications
    return [
        Asked(
            one.item.key,
            str(one.item.statement),
            measured(one),
            lines[one.item.key].text if one.item.key in lines else "",
        )
        for one in found.score.layers["preparation"].items
        if one.status == "not_met"
    ]


def keep(program: Program, lines: Mapping[str, str], by: User) -> None:
    actions.justify(program, lines, by=by)
