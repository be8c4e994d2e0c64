"""The checklist of a program, and in words that of one group."""

from fractions import Fraction
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import catalogue
from accounts.access import Request
from checklist import drawing, rules
from checklist.assessing import Assessment, assess, group_in, group_inputs
from checklist.finding import sentence
from checklist.interplay import Cause, explanations, next_steps
from checklist.lines import Line, group_lines, layers, program_lines
from checklist.reading import read
from checklist.roots import Root
from checklist.scoring import Score, score
from intervision import clock
from programs.models import Group
from programs.models import Program as ProgramModel
from programs.views.find import program_to_run
from sessions.rules import guides

STEPS_SHOWN = 3


@require_http_methods(["GET"])
def program(request: Request, pk: UUID) -> HttpResponse:
    found = program_to_run(request.user, pk)
    return render(request, "checklist/program.html", context_of(found, assess(found, clock.now())))


def context_of(program: ProgramModel, found: Assessment) -> dict[str, object]:
    lines = program_lines(found, program)
    return _shown(found.score, lines) | {
        "program": program,
        "institution": program.institution,
        "groups": found.reading.scope.groups,
        "next_steps": [lines[item.item.key] for item in next_steps(found.score)[:STEPS_SHOWN]],
        "rings": drawing.four_rings(
            found.score, title=_("The conditions of %(title)s") % {"title": program.title}
        ),
    }


def _shown(found: Score, lines: dict[str, Line]) -> dict[str, object]:
    known = catalogue.load()
    low, high = limits(found)
    return {
        "sentence": sentence(found),
        "low": low,
        "high": high,
        "score": found,
        "layers": layers(found, lines),
        "flags": [lines[flag.item.key] for flag in found.flags],
        "behind": _behind(found),
        "note": known.reconstruction_note,
        "caveats": known.caveats,
        "papers": known.papers.values(),
        "at": clock.now(),
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


def _behind(found: Score) -> list[tuple[str, list[str]]]:
    """For each low factor, what may lie behind it."""
    known = catalogue.load()
    return [
        (str(known.factors[key].label), [_said_cause(cause) for cause in causes])
        for key, causes in explanations(known, found).items()
    ]


def _said_cause(cause: Cause) -> str:
    label = str(cause.label)
    return label if cause.score is not None else _("%(what)s (not yet known)") % {"what": label}


@require_http_methods(["GET"])
def group(request: Request, pk: UUID) -> HttpResponse:
    groups = Group.objects.visible_to(request.user).with_standing(request.user)
    found = get_object_or_404(groups.select_related("program__institution"), pk=pk)
    if not rules.can_read_group(request.user, found):
        raise PermissionDenied
    own_guide = guides(request.user, found)
    reading = read(found.program, clock.now())
    inputs = group_inputs(reading, group_in(reading, found.pk), own_guide=own_guide)
    result = score(catalogue.load(), found.program.format, inputs)
    context = _shown(result, group_lines(result, found.program, reading.min_n)) | {
        "group": found,
        "program": found.program,
        "institution": found.program.institution,
        "own_guide": own_guide,
        "rings": drawing.four_rings(result, title=_("The conditions of %(title)s") % {"title": found.name}),
    }
    return render(request, "checklist/group.html", context)
