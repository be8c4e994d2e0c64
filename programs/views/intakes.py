"""Intake times as the guide and the coordinator see them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Narrow, Request, open_to_links, use_institution
from accounts.models import User
from intervision import clock, notices
from programs import rules, steps
from programs.actions import intake_times
from programs.errors import ProgramsError
from programs.models import Group, Guide, Intake, IntakeSlot, Membership, Program, UndoableStep, WaitingPlace
from programs.models.group import MembershipQuerySet
from programs.models.program import ProgramQuerySet
from programs.views.find import program_to_run

PAGE = 50
#: How long a time that has passed stays on the guide's list.
BACK = dt.timedelta(days=60)
TOOK_PLACE = (Intake.State.HELD, Intake.State.HELD_LATE)


def program_guided(request: Request, pk: UUID) -> Program:
    """The program, for whoever guides in it or runs it. A personal link opens the program of its group only, and
    only to guide: running one asks for signing in.
    """
    programs = Program.objects.visible_to(request.user)
    if request.narrow:
        programs = opened_by(request.narrow, request.user)
    program = get_object_or_404(programs.select_related("institution"), pk=pk)
    use_institution(request, program.institution)
    return program


def opened_by(narrow: Narrow, user: User) -> ProgramQuerySet:
    about = Group.objects.filter(pk__in=narrow.about)
    return Program.objects.guided_by(user).filter(pk__in=about.values("program"))


@open_to_links("guide")
@require_http_methods(["GET"])
def guide_intakes(request: Request, pk: UUID) -> HttpResponse:
    program = program_guided(request, pk)
    if not rules.can_guide(request.user, program):
        raise PermissionDenied
    now = clock.now()
    slots = IntakeSlot.objects.offered_by(request.user, program).with_theirs(request.user)
    slots = slots.filter(starts_at__gt=now - BACK)
    slots = slots.select_related("room", "membership__user", "membership__intake", "membership__group")
    given = [slot for slot in slots if slot.membership]
    context = {
        "program": program,
        "to_record": [s for s in given if s.starts_at <= now and s.is_theirs and not took_place(s)],
        "coming": [s for s in given if s.starts_at > now],
        "free": [s for s in slots if not s.membership and s.starts_at > now],
        "without": without_time(program).filter(group__in=groups_led(request.user)),
        "guide": request.user,
    }
    return render(request, "programs/guide_intakes.html", context)


def took_place(slot: IntakeSlot) -> bool:
    intake = getattr(slot.membership, "intake", None)
    return intake is not None and intake.took_place


def groups_led(user: User) -> QuerySet[Guide, Any]:
    """Their ids, for a query."""
    return user.guided.active().filter(role=Guide.Role.LEAD).values("group")


@require_http_methods(["GET"])
def intakes_step(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    if not program.has_intakes:
        raise Http404
    without = without_time(program)
    page = Paginator(without, PAGE).get_page(request.GET.get("page"))
    context = {
        "program": program,
        "step": "intakes",
        "guides": guides_with_times(program, at=clock.now()),
        "page": page,
        "next": steps.next_after(program, "intakes"),
    }
    return render(request, "programs/intakes.html", context | counts(program))


def counts(program: Program) -> dict[str, int]:
    """How far the intakes are, in one query."""
    kept, has = Q(intake_slot__kept_at__isnull=False), Q(intake_slot__isnull=False)
    return (
        Membership.objects.live()
        .filter(program=program)
        .aggregate(
            people=Count("pk"),
            seated=Count("pk", filter=Q(group__isnull=False)),
            booked=Count("pk", filter=kept),
            reserved=Count("pk", filter=has & ~kept),
            held=Count("pk", filter=Q(intake__state__in=TOOK_PLACE)),
        )
    )


def without_time(program: Program) -> MembershipQuerySet:
    """Members with a group and without a time whose intake did not take place; those who wait come first."""
    waiting = Q(
        waiting_places__kind=WaitingPlace.Kind.INTAKE,
        waiting_places__ended_at=None,
        waiting_places__isnull=False,
    )
    rows = Membership.objects.seated().filter(program=program, intake_slot=None)
    rows = rows.exclude(intake__state__in=TOOK_PLACE).select_related("user", "group")
    return rows.annotate(waits=Count("waiting_places", filter=waiting)).order_by("-waits", "user__name", "id")


def guides_with_times(program: Program, *, at: dt.datetime) -> list[User]:
    """Who leads a group of the program, with the groups' names and how many times are offered, free and given."""
    leads = Guide.objects.active().filter(group__program=program, role=Guide.Role.LEAD)
    names: dict[UUID, list[str]] = {}
    for guide in leads.select_related("group").order_by("group__name"):
        names.setdefault(guide.user_id, []).append(guide.group.name)
    here = Q(intake_slots__program=program, intake_slots__withdrawn_at=None)
    free = here & Q(intake_slots__membership=None, intake_slots__starts_at__gt=at)
    given = here & Q(intake_slots__membership__isnull=False)
    guides = User.objects.filter(pk__in=names).annotate(
        free_times=Count("intake_slots", filter=free), given_times=Count("intake_slots", filter=given)
    )
    for user in guides:
        user.group_names = ", ".join(names[user.pk])
    return list(guides)


def time_to_change(request: Request, pk: UUID) -> IntakeSlot:
    """A time that the visitor may withdraw: one's own, or one of a program one runs."""
    slots = IntakeSlot.objects.select_related("guide", "room", "membership__user", "program__institution")
    slot = get_object_or_404(slots, pk=pk)
    program_guided(request, slot.program_id)
    if not rules.can_offer_times(request.user, slot.program, slot.guide):
        raise PermissionDenied
    return slot


def list_of(request: Request, slot: IntakeSlot) -> str:
    """The visitor's own list that ``slot`` stands on."""
    name = "programs:guide-intakes" if slot.guide_id == request.user.pk else "programs:intakes"
    return reverse(name, args=[slot.program_id])


def back(request: Request, slot: IntakeSlot) -> HttpResponse:
    return redirect(list_of(request, slot))


@open_to_links("guide")
@require_POST
def withdraw_time(request: Request, pk: UUID) -> HttpResponse:
    slot = time_to_change(request, pk)
    try:
        step = intake_times.withdraw_time(slot, by=request.user)
    except ProgramsError as error:
        messages.error(request, str(error))
    else:
        notices.done(
            request, _("The time is withdrawn."), undo=reverse("programs:restore-time", args=[step.pk])
        )
    return back(request, slot)


@open_to_links("guide")
@require_POST
def restore_time(request: Request, pk: UUID) -> HttpResponse:
    step = get_object_or_404(UndoableStep, pk=pk, kind=intake_times.WITHDRAWN)
    slot = time_to_change(request, UUID(step.before["slot"]))
    try:
        intake_times.restore_time(step)
        notices.done(request, _("The time is offered again."))
    except ProgramsError as error:
        messages.error(request, str(error))
    return back(request, slot)


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def call_off_time(request: Request, pk: UUID) -> HttpResponse:
    """The guide cannot come: one page with what follows, then the member gets another time or waits."""
    slot = time_to_change(request, pk)
    if request.method == "POST":
        another = intake_times.call_off(slot, by=request.user) if slot.withdrawn_at is None else None
        said = _("Called off. Another time is reserved and the resident is told.")
        if another is None:
            said = _("Called off. The resident is told, and gets the first time that comes free.")
        notices.done(request, said)
        return back(request, slot)
    context = {"slot": slot, "program": slot.program, "list": list_of(request, slot)}
    context["name"] = slot.membership.name if slot.membership and is_theirs(request, slot.membership) else ""
    return render(request, "programs/call_off_time.html", context)


def is_theirs(request: Request, place: Membership) -> bool:
    """Whether the visitor guides this member's group today or runs the program: a time outlives a hand-over."""
    if Group.objects.guided_by(request.user).filter(memberships=place).exists():
        return True
    return not request.narrow and rules.can_run(request.user, place.program)
