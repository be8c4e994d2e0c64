"""The page everybody lands on: what needs me, what is coming, what I run."""

import datetime as dt
from typing import NamedTuple, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Appointment, Institution, User
from desk import coming, needs, queries
from intervision import addresses, clock
from intervision.prepared import Question
from programs import steps
from programs.models import Program
from programs.templatetags.programs import STAGE_COLOURS, format_label, stage_word

#: What stands on the first screen; the rest is one tap away on the same page.
FIRST = 5
SHOWN_PROGRAMS = 8
OVER = (Program.Stage.COMPLETED, Program.Stage.CANCELLED)


@login_not_required
@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return worklist(cast(Request, request))
    return render(request, "desk/landing.html", {"houses": open_houses()})


def open_houses() -> list[Institution]:
    """Institutions with a program that one can join by oneself."""
    open_now = Program.objects.filter(stage=Program.Stage.RECRUITING).exclude(joining=Program.Joining.PLACED)
    return list(Institution.objects.filter(pk__in=open_now.values("institution"))[:20])


def worklist(request: Request) -> HttpResponse:
    user = request.user
    programs = running_by(request)
    house = request.institution
    found, mine = needs.of(user, {program.pk: program for program in programs}, house.pk if house else None)
    context = {
        "total": len(found),
        "first": found[:FIRST],
        "later": found[FIRST : queries.MOST],
        "coming": coming.of(user=user.pk, now=clock.now(), today=clock.today()),
        "mine": mine,
        "programs": [row_of(program) for program in programs[:SHOWN_PROGRAMS]],
        "more_programs": len(programs) > SHOWN_PROGRAMS,
        "is_coordinator": Appointment.Role.COORDINATOR in user.roles,
        "is_director": Appointment.Role.DIRECTOR in user.roles,
        "is_administrator": Appointment.Role.ADMINISTRATOR in user.roles,
        "is_officer": Appointment.Role.PRIVACY in user.roles,
    }
    return render(request, "desk/home.html", context)


def running_by(request: Request) -> list[Program]:
    """Programs this person coordinates that are not over, newest first."""
    if Appointment.Role.COORDINATOR not in request.user.roles:
        return []
    return coordinated.rows(request.user.pk, clock.today())


coordinated: Question[Program] = Question(
    lambda user, today: (
        Program.objects.coordinated_by(User(pk=user), today)
        .exclude(stage__in=OVER)
        .only("title", "stage", "paused_stage", "format", "started_at", "steps", "created_at")[:50]
    ),
    UUID,
    dt.date,
)


class Row(NamedTuple):
    """A program in the table."""

    title: str
    url: str
    format: str
    stage: str
    colour: str


def row_of(program: Program) -> Row:
    stage = stage_word(program).capitalize()
    colour = STAGE_COLOURS.get(program.stage, "neutral")
    return Row(program.title, address(program), format_label(program), stage, colour)


def address(program: Program) -> str:
    """Where a program's name leads: to the next step while it is planned, to its overview after that."""
    step = steps.first_open(program) if program.stage == Program.Stage.DRAFT else None
    return step.url if step and step.url else addresses.address("desk:program", program.pk)
