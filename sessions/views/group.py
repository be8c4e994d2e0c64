"""The group's page: its dates, who comes next, and what was logged. Each visitor sees their own part."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request, open_to_links
from catalogue import load
from intervision import clock, notices
from intervision.prepared import Question
from programs.errors import ProgramsError
from programs.models import Membership
from programs.models.group import MembershipQuerySet
from sessions import rules
from sessions.actions import coming, series
from sessions.actions.logs import of_that_day
from sessions.actions.messages import silence
from sessions.forms.changes import AddForm
from sessions.models import Attendance, GroupSession, GuideRound
from sessions.views.find import group_seen, own_place, session_seen


@open_to_links("take_part", "guide")
@require_http_methods(["GET"])
def group(request: Request, pk: UUID) -> HttpResponse:
    seen = group_seen(request, pk)
    guides = rules.guides(request.user, seen)
    place = own_place(request, seen) if rules.seat(request.user, seen) else None
    waits = place is not None and place.is_asked and not guides
    now = clock.now()
    sessions = seen.sessions.select_related("room", "log", "group__program__institution")
    rows = list(sessions.with_counts().order_by("starts_at"))
    following = next((row for row in rows if row.is_open and row.ends_at > now), None)
    context = {
        "group": seen,
        "program": seen.program,
        "guide_word": load().formats[seen.program.format].guide,
        "guides": seen.guides.active().select_related("user"),
        "guiding": guides,
        "may_add": rules.can_add_session(request.user, seen),
        "place": place,
        "inside": guides or place is not None,
        "next": following,
        "sessions": rows,
        "coming_dates": [row for row in rows if row.ends_at > now],
        "earlier_dates": [row for row in rows if row.ends_at <= now],
        "to_log": [row for row in rows if guides and row.log_is_open(now) and not row.is_logged],
        "to_answer": GuideRound.objects.to_answer(now).filter(group=seen) if guides else [],
        "to_change": [row for row in rows if row.is_logged and row.log_is_open(now)],
        "waits": waits,
        "logged": logged(rows) if guides or (place and not waits) else [],
        "mine": _mine(place, rows),
        "line_of": next(
            (row for row in reversed(rows) if row.starts_at <= now and not row.is_cancelled), None
        ),
        "coming": _coming(following) if guides and following else [],
        "now": now,
    }
    return render(request, "sessions/group.html", context)


def logged(rows: list[GroupSession]) -> list[dict[str, Any]]:
    """The log lines of a group in words, latest first; for the group and its guides."""
    catalogue = load()
    return [
        {
            "session": row,
            "themes": [str(catalogue.themes[key]) for key in row.log.themes if key in catalogue.themes],
        }
        for row in reversed(rows)
        if row.is_logged and hasattr(row, "log")
    ]


def _expected(group: UUID, on: dt.date, session: UUID) -> MembershipQuerySet:
    excused = Attendance.objects.filter(session=session, state=Attendance.State.EXCUSED)
    return of_that_day(group, on).annotate(away=Exists(excused.filter(membership=OuterRef("pk"))))


_coming_to: Question[Membership] = Question(_expected, UUID, dt.date, UUID)


def _coming(session: GroupSession) -> list[Membership]:
    """Who is expected, each with ``away``: whether they said that they cannot come."""
    on = session.group.program.institution.on_day(session.starts_at)
    return _coming_to.rows(session.group_id, on, session.pk)


def who_comes(members: list[Membership], said: dict[UUID, str]) -> list[dict[str, Any]]:
    """Who is expected, and who ``said`` (by membership) that they cannot come; for the guide."""
    excused = Attendance.State.EXCUSED
    return [{"name": row.name, "away": said.get(row.pk) == excused} for row in members]


def _mine(place: Membership | None, rows: list[GroupSession]) -> set[UUID]:
    """Sessions the visitor said they cannot come to."""
    if place is None:
        return set()
    excused = Attendance.objects.filter(membership=place, state=Attendance.State.EXCUSED)
    return set(excused.values_list("session", flat=True))


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def add(request: Request, pk: UUID) -> HttpResponse:
    """One more session, for example instead of a cancelled one."""
    seen = group_seen(request, pk)
    if not rules.can_add_session(request.user, seen):
        raise PermissionDenied
    form = AddForm(request.POST if request.method == "POST" else None, group=seen)
    if request.method == "POST" and form.is_valid():
        place = series.Place(form.cleaned_data["room"])
        try:
            row = series.add_session(seen, series.Moment(*form.period), by=request.user, place=place)
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            notices.done(request, _("The session is planned."))
            return redirect("sessions:session", row.pk)
    context = {
        "group": seen,
        "program": seen.program,
        "form": form,
        "told": seen.memberships.taking_part().count(),
        "silent": silence(seen),
    }
    return render(request, "sessions/add.html", context, status=422 if form.errors else 200)


@open_to_links("take_part")
@require_POST
def cannot_come(request: Request, pk: UUID) -> HttpResponse:
    return _answer(request, pk, comes=False)


@open_to_links("take_part")
@require_POST
def can_come(request: Request, pk: UUID) -> HttpResponse:
    return _answer(request, pk, comes=True)


def _answer(request: Request, pk: UUID, *, comes: bool) -> HttpResponse:
    session = session_seen(request, pk)
    place = own_place(request, session.group)
    if place is None:
        raise PermissionDenied
    try:
        if comes:
            coming.can_come(session, place)
            notices.done(request, _("Good: you come."))
        else:
            coming.cannot_come(session, place)
            notices.done(request, _("Noted: you cannot come. Your guide sees it; nobody asks why."))
    except ProgramsError as error:
        messages.error(request, str(error))
    return redirect("sessions:group", session.group_id)
