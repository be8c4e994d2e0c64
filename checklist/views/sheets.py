"""A checklist that somebody may read, scored: of a program, or of one of its groups."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

import catalogue
from accounts.access import Request, use_institution
from checklist import rules
from checklist.answered import Released
from checklist.assessing import Assessment, assess, group_in, group_inputs, member_inputs
from checklist.lines import Line, group_lines, program_lines, told_to
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
    """``assessment`` is there for a program; ``group``, and whether its own guide or a member reads, for a group."""

    program: Program
    place: Place
    at: dt.datetime
    score: Score
    min_n: int
    assessment: Assessment | None = None
    group: Group | None = None
    own_guide: bool = False
    member: bool = False
    told: tuple[Released, ...] = ()

    @property
    def name(self) -> str:
        return self.group.name if self.group else self.program.title

    def lines(self, items: Iterable[ItemScore]) -> dict[str, Line]:
        if self.assessment:
            return program_lines(self.assessment, self.program, items)
        return group_lines(self.program, self.min_n, items, in_words=self.member, told=self.told)

    def write(self, template: str, context: Callable[[], dict[str, object]], *about: str) -> SafeString:
        """``template`` with what ``context`` gives; kept with a program's assessment, whoever reads it."""
        kept = self.assessment.written if self.assessment else {}
        key = (template, get_language() or "", self.program.stage, *about)
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
            "member": self.member,
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
    """For those who run the program, whoever guides the group, and its members; each with what they may know."""
    user, at = request.user, clock.now()
    groups = Group.objects.visible_to(user).with_standing(user)
    group = get_object_or_404(groups.select_related("program__institution"), pk=pk)
    use_institution(request, group.program.institution)
    own_guide, member = guides(user, group), rules.reads_as_member(user, group)
    reading = read(group.program, at)
    row = group_in(reading, pk)
    inputs = member_inputs(reading, row) if member else group_inputs(reading, row, own_guide=own_guide)
    return Sheet(
        group.program,
        Place("group", pk),
        at,
        score(catalogue.load(), group.program.format, inputs),
        reading.min_n,
        group=group,
        own_guide=own_guide,
        member=member,
        told=told_to(reading, pk) if own_guide or member else (),
    )
