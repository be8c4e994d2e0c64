"""The window a page is about: visible to the visitor, and what their personal link is about."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import Request, use_institution
from sessions.rules import guides
from surveys import rules
from surveys.models import Window


def window_to_answer(request: Request, pk: UUID) -> Window:
    """For members who take part today. A guide sees the same address refused."""
    window = _seen(request, pk)
    seat = rules.seat(request.user, window)
    if request.narrow is not None and (seat is None or request.narrow.about_id != seat.pk):
        raise Http404
    if seat is None:
        raise PermissionDenied
    return window


def window_to_show(request: Request, pk: UUID) -> Window:
    """For whoever guides the group, to show its code in the room."""
    window = _seen(request, pk)
    if request.narrow is not None and request.narrow.about_id not in (window.group_id, window.about_id):
        raise Http404
    if not guides(request.user, window.group):
        raise PermissionDenied
    return window


def _seen(request: Request, pk: UUID) -> Window:
    windows = Window.objects.visible_to(request.user).select_related("group__program__institution")
    window = get_object_or_404(windows, pk=pk)
    use_institution(request, window.institution)
    return window
