"""A checklist that somebody may read, scored: of a program, or of one of its groups."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

import catalogue
from accounts.access import Request
from checklist import rules
from checklist.assessing import Assessment, assess, group_in, group_inputs
from checklist.lines import Line, group_lines, program_lines
from checklist.outcomes import ItemScore
from checklist.places import Place
from checklist.reading import read
from checklist.scoring import Score, score
from intervision import clock
from programs.models import Group, Program
from programs.views.find import program_to_run
from sessions.rules import guides


@dataclass(frozen=True)
class Sheet:
    """``assessment`` is there for a program; ``group``, and whether its own guide reads, for a group."""

    program: Program
    place: Place
    at: dt.datetime
    score: Score
    min_n: int
    assessment: Assessment | None = None
    group: Group | None = None
    own_guide: bool = False

    @property
    def name(self) -> str:
        return self.group.name if self.group else self.program.title

    def lines(self, items: Iterable[ItemScore]) -> dict[str, Line]:
        if self.assessment:
            return program_lines(self.assessment, self.program, items)
        return group_lines(self.program, self.min_n, items)

    def write(self, template: str, context: Callable[[], dict[str, object]], *about: str) -> SafeString:
        """``template`` with what ``context`` gives; kept with a program's assessment, whoever reads it."""
        kept = self.assessment.written if self.assessment else {}
        key = (template, get_language() or "", *about)
        if key not in kept:
            kept[key] = render_to_string(template, context())
        return kept[key]

    @property
    def context(self) -> dict[str, object]:
        """What each of its pages shows at the top."""
        return {
            "program": self.program,
            "institution": self.program.institution,
            "group": self.group,
            "own_guide": self.own_guide,
            "name": self.name,
            "place": self.place,
            "at": self.at,
        }


def program_sheet(request: Request, pk: UUID) -> Sheet:
    """Http404 or PermissionDenied for whoever does not run the program."""
    program, at = program_to_run(request.user, pk), clock.now()
    found = assess(program, at)
    return Sheet(program, Place("program", pk), at, found.score, found.reading.min_n, assessment=found)


def group_sheet(request: Request, pk: UUID) -> Sheet:
    """For those who run the program and whoever guides the group; the guide's own logs count for the guide."""
    groups = Group.objects.visible_to(request.user).with_standing(request.user)
    group = get_object_or_404(groups.select_related("program__institution"), pk=pk)
    if not rules.can_read_group(request.user, group):
        raise PermissionDenied
    at, own_guide = clock.now(), guides(request.user, group)
    reading = read(group.program, at)
    inputs = group_inputs(reading, group_in(reading, pk), own_guide=own_guide)
    found = score(catalogue.load(), group.program.format, inputs)
    return Sheet(
        group.program, Place("group", pk), at, found, reading.min_n, group=group, own_guide=own_guide
    )
