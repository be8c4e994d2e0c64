"""One session: what it is now, and what can be changed about it on one page each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request, open_to_links
from accounts.models import Appointment, User
from intervision import clock, notices, versions
from intervision.templatetags.times import spoken_day
from programs import independence
from programs.errors import ProgramsError
from sessions import rules
from sessions.actions import changes, undo
from sessions.actions.logs import expected
from sessions.actions.messages import silence
from sessions.actions.occupations import leaders
from sessions.errors import SessionChanged
from sessions.forms.changes import CancelForm, ChangeForm, MoveForm, RoomForm, SubstituteForm
from sessions.models import Attendance, GroupSession
from sessions.views.find import session_seen
from sessions.views.group import who_comes


@open_to_links("guide")
@require_http_methods(["GET"])
def session(request: Request, pk: UUID) -> HttpResponse:
    seen = session_seen(request, pk)
    may_change = rules.can_change_session(request.user, seen)
    stands_in = rules.stands_in(request.user, seen)
    if not (may_change or stands_in):
        return redirect("sessions:group", seen.group_id)
    now = clock.now()
    leads = stands_in or rules.guides(request.user, seen.group)
    here = expected(seen)
    marks = list(seen.attendances.values_list("membership", "state"))
    states = [state for _member, state in marks]
    context = {
        "session": seen,
        "group": seen.group,
        "program": seen.group.program,
        "leads": leads,
        "runs": rules.runs(request.user, seen.group),
        "changeable": may_change and seen.is_open and not seen.is_over(now),
        "brings_back": seen.is_cancelled and may_change and undo.tells_nobody(seen),
        "substitute_here": stands_in,
        "leaders": leaders(seen),
        "coming": who_comes(here, dict(marks)) if leads else [],
        "expected": len(here),
        "away": states.count(Attendance.State.EXCUSED),
        "came": states.count(Attendance.State.PRESENT),
        "line": chat_line(seen),
        "loggable": leads and seen.log_is_open(now),
        "ask_coordinator": seen.is_open and seen.is_over(now),
    }
    return render(request, "sessions/session.html", context)


def chat_line(seen: GroupSession) -> str:
    """A neutral line to copy into the group's chat: when and where, nothing else."""
    start, end = timezone.localtime(seen.starts_at), timezone.localtime(seen.ends_at)
    when = f"{spoken_day(start.date())}, {start:%H:%M}–{end:%H:%M}"
    if seen.is_cancelled:
        return _("Our session of %(when)s does not take place.") % {"when": when}
    if seen.room is None:
        return _("We meet on %(when)s.") % {"when": when}
    return _("We meet on %(when)s: %(room)s.") % {"when": when, "room": seen.room}


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def move(request: Request, pk: UUID) -> HttpResponse:
    seen = _to_change(request, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, session=seen)
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.period
        try:
            changes.move_session(
                seen, starts_at=starts_at, ends_at=ends_at, by=request.user, seen=form.cleaned_data["seen"]
            )
        except SessionChanged:
            return _two_versions(request, form, MoveForm(session=_to_change(request, pk)), "move")
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, seen, _("The session has its new time."))
    return _page(request, seen, form, "move")


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def room(request: Request, pk: UUID) -> HttpResponse:
    seen = _to_change(request, pk)
    form = RoomForm(request.POST if request.method == "POST" else None, session=seen)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            changes.change_room(
                seen,
                room=data["room"],
                outside_reference=data["outside_reference"],
                by=request.user,
                seen=data["seen"],
            )
        except SessionChanged:
            return _two_versions(request, form, RoomForm(session=_to_change(request, pk)), "room")
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, seen, _("The session has its new place."))
    return _page(request, seen, form, "room")


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def cancel(request: Request, pk: UUID) -> HttpResponse:
    seen = _to_change(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None, session=seen)
    if request.method == "POST" and form.is_valid():
        try:
            changes.cancel_session(
                seen, reason=form.cleaned_data["reason"], by=request.user, seen=form.cleaned_data["seen"]
            )
        except SessionChanged:
            return _two_versions(request, form, CancelForm(session=_to_change(request, pk)), "cancel")
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, seen, _("The session is cancelled."))
    return _page(request, seen, form, "cancel")


@require_http_methods(["GET", "POST"])
def substitute(request: Request, pk: UUID) -> HttpResponse:
    seen = session_seen(request, pk)
    if not rules.runs(request.user, seen.group):
        raise PermissionDenied
    people = who_may_stand_in(seen)
    form = SubstituteForm(request.POST if request.method == "POST" else None, people=people, session=seen)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.cleaned_data["user"]
            changes.substitute(seen, chosen, by=request.user, seen=form.cleaned_data["seen"])
        except SessionChanged:
            stored = SubstituteForm(people=people, session=session_seen(request, pk))
            return _two_versions(request, form, stored, "substitute")
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, seen, _("Saved. Whoever stands in gets a message with what they need."))
    return _page(request, seen, form, "substitute")


def who_may_stand_in(seen: GroupSession) -> Any:
    """The house's appointed guides, without those who lead this group, evaluate a member or run the program."""
    program = seen.group.program
    on = program.institution.on_day(seen.starts_at)
    members = set(seen.group.memberships.live().values_list("user", flat=True))
    evaluators = {one for one, resident in independence.evaluations(members, on) if resident in members}
    held = Appointment.objects.current(on).filter(institution=program.institution)
    appointed = held.filter(role=Appointment.Role.INTERVISOR).values("user")
    people = User.objects.filter(facilitator_profiles__institution=program.institution, pk__in=appointed)
    own = seen.group.guides.active(on).values("user")
    running = program.coordinators.current(on).values("user")
    return people.exclude(pk__in=evaluators | members).exclude(pk__in=own).exclude(pk__in=running)


@require_POST
def took_place(request: Request, pk: UUID) -> HttpResponse:
    seen = session_seen(request, pk)
    if not rules.runs(request.user, seen.group):
        raise PermissionDenied
    changes.say_took_place(seen)
    return _done(request, seen, _("Noted: it took place. The guide can still log it."))


def _to_change(request: Request, pk: UUID) -> GroupSession:
    seen = session_seen(request, pk)
    if not rules.can_change_session(request.user, seen):
        raise PermissionDenied
    return seen


@open_to_links("guide")
@require_POST
def undo_change(request: Request, pk: UUID) -> HttpResponse:
    seen = _to_change(request, pk)
    try:
        undo.undo(seen)
    except ProgramsError as error:
        messages.error(request, str(error))
        return redirect("sessions:session", pk)
    notices.done(request, _("Taken back: the session is as it was."))
    return redirect("sessions:session", pk)


def _done(request: Request, seen: GroupSession, text: str) -> HttpResponse:
    fresh = GroupSession.objects.select_related("group__program").get(pk=seen.pk)
    back = reverse("sessions:undo-change", args=[seen.pk]) if undo.tells_nobody(fresh) else None
    notices.done(request, text, undo=back)
    return redirect("sessions:session", seen.pk)


def _two_versions(request: Request, form: ChangeForm, stored: ChangeForm, what: str) -> HttpResponse:
    """What was typed beside what somebody else stored meanwhile; the next saving answers to that."""
    form.add_error(None, str(SessionChanged.message))
    theirs = versions.differences(form, stored)
    versions.answering_to(form, str(stored.session.sequence))
    return _page(request, stored.session, form, what, theirs)


def _page(
    request: Request,
    seen: GroupSession,
    form: Form,
    what: str,
    theirs: list[versions.Difference] | None = None,
) -> HttpResponse:
    context = {
        "theirs": theirs,
        "session": seen,
        "group": seen.group,
        "program": seen.group.program,
        "form": form,
        "told": len(expected(seen)),
        "silent": silence(seen.group),
        "past": seen.is_over(clock.now()),
    }
    status = 409 if theirs is not None else 422 if form.errors else 200
    return render(request, f"sessions/{what}.html", context, status=status)
