"""The checklist of a program, and in words that of one group."""

from fractions import Fraction
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import catalogue
from accounts.access import Request
from checklist import advice, drawing, overview, sureness
from checklist.finding import sentence
from checklist.interplay import Cause, explained, sounds_like_fate
from checklist.roots import Root
from checklist.scoring import Score
from checklist.views.sheets import Sheet, group_sheet, program_sheet
from intervision.addresses import address
from programs.models import Program

STEPS_SHOWN = 3


@require_http_methods(["GET"])
def program(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, program_sheet(request, pk))


@require_http_methods(["GET"])
def group(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, group_sheet(request, pk))


def _page(request: Request, sheet: Sheet) -> HttpResponse:
    body = sheet.write("checklist/_body.html", lambda: body_of(sheet))
    return render(request, f"checklist/{sheet.place.of}.html", sheet.context | {"body": body})


def body_of(sheet: Sheet) -> dict[str, object]:
    """All that the first page says of a score; a number and what to do for those who run the program alone."""
    found, whole = sheet.score, sheet.assessment
    low, high = limits(found)
    steps = advice.steps_of(whole, sheet.program)[:STEPS_SHOWN] if whole else ()
    cancelled = sheet.program.stage == Program.Stage.CANCELLED
    title = _("The conditions of %(title)s") % {"title": sheet.name}
    return {
        "sentence": sentence(found),
        "flags": [(flag, sheet.place.layer(flag.item.layer)) for flag in found.flags],
        "to_resolve": any(flag.critical == "hard" and not flag.repaired for flag in found.flags),
        "fate": whole is not None and sounds_like_fate(found),
        "next_steps": list(sheet.lines(steps).values()),
        "rings": drawing.four_rings(found, sheet.place, title=title),
        "layers": overview.parts(found, sheet.place),
        "behind": {} if cancelled else _behind(found),
        "cancelled": cancelled,
        "next": address("checklist:next", sheet.program.pk) if whole else "",
        "groups": whole.reading.scope.groups if whole else (),
        "numbers": whole is not None,
        "score": found,
        "sureness": sureness.word(whole) if whole else "",
        "low": low,
        "high": high,
    }


def limits(found: Score) -> tuple[int, int]:
    """The overall, or while it is withheld the preparation, with all that is unknown at its worst and its best."""
    if found.range:
        return found.range[0].down_to_five(), found.range[1].down_to_five()
    items = [item for item in found.layers["preparation"].items if item.applicable]
    weight = sum(item.item.weight for item in items) or 1
    ends = (
        sum(
            (item.item.weight * (item.score if item.score is not None else end) for item in items),
            Fraction(0),
        )
        for end in (0, 1)
    )
    low, high = (Root(Fraction(end, weight)).down_to_five() for end in ends)
    return low, high


def _behind(found: Score) -> dict[str, object]:
    """What may lie behind each low factor; what lies behind all of them once, and the climate's own together."""
    known = catalogue.load()
    said = explained(known, found)
    return {
        "factors": [
            (str(known.factors[key].label), [_said_cause(cause) for cause in causes])
            for key, causes in said.own.items()
        ],
        "of_climate": [str(known.factors[key].label) for key in said.of_climate],
        "shared": [_said_cause(cause) for cause in said.shared],
    }


def _said_cause(cause: Cause) -> str:
    label = str(cause.label)
    return label if cause.score is not None else _("%(what)s (not yet known)") % {"what": label}
