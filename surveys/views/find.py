"""What a page is about: visible to the visitor, and what their personal link is about."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import Request, use_institution
from sessions.models import GroupSession
from sessions.rules import can_log
from sessions.views.find import session_seen
from surveys import rules
from surveys.models import Window


def window_to_answer(request: Request, pk: UUID) -> Window:
    """For members who take part today. A guide sees the same address refused."""
    windows = Window.objects.visible_to(request.user).select_related("group__program__institution")
    window = get_object_or_404(windows, pk=pk)
    use_institution(request, window.institution)
    seat = rules.seat(request.user, window)
    if request.narrow is not None and not (seat and seat.pk in request.narrow.about):
        raise Http404
    if seat is None:
        raise PermissionDenied
    return window


def session_to_show(request: Request, pk: UUID) -> GroupSession:
    """For whoever leads it, also who stands in: to show its code in the room."""
    session = session_seen(request, pk)
    if not can_log(request.user, session):
        raise PermissionDenied
    return session
