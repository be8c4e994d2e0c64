"""The rooms of an institution, with the qualities residents named."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Institution, User
from intervision import clock, notices
from programs import rules
from programs.forms.rooms import RoomForm
from programs.models import Room

PAGE = 50


def _institution(user: User, slug: str) -> Institution:
    """One of the houses where ``user`` holds an appointment, if it lets them keep the rooms."""
    houses = Institution.objects.filter(pk__in=user.appointments.current().values("institution"))
    institution = get_object_or_404(houses, slug=slug)
    if not rules.can_keep_rooms(user, institution):
        raise PermissionDenied
    return institution


@require_http_methods(["GET"])
def room_list(request: Request, slug: str) -> HttpResponse:
    institution = _institution(request.user, slug)
    rooms = institution.rooms.annotate(group_count=Count("groups")).order_by("retired_at", "name")
    query = request.GET.get("q", "").strip()
    if query:
        rooms = rooms.filter(Q(name__icontains=query) | Q(site__icontains=query))
    page = Paginator(rooms, PAGE).get_page(request.GET.get("page"))
    return render(request, "programs/rooms.html", {"institution": institution, "page": page, "query": query})


@require_http_methods(["GET", "POST"])
def add_room(request: Request, slug: str) -> HttpResponse:
    institution = _institution(request.user, slug)
    return _save(request, Room(institution=institution))


@require_http_methods(["GET", "POST"])
def edit_room(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = _institution(request.user, slug)
    return _save(request, get_object_or_404(institution.rooms, pk=pk))


def _save(request: Request, room: Room) -> HttpResponse:
    data: Any = request.POST if request.method == "POST" else None
    form = RoomForm(data, instance=room)
    if form.is_valid():
        form.save()
        notices.done(request, _("Saved."))
        return redirect("programs:rooms", room.institution.slug)
    context = {"institution": room.institution, "room": room, "form": form}
    return render(request, "programs/room.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def retire_room(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """Take a room out of use, or back into use: what is planned in it stays."""
    institution = _institution(request.user, slug)
    room = get_object_or_404(institution.rooms, pk=pk)
    room.retired_at = None if room.retired_at else clock.now()
    room.save(update_fields=["retired_at"])
    said = _("%(room)s is out of use.") if room.retired_at else _("%(room)s is in use again.")
    undo = reverse("programs:retire-room", args=[slug, room.pk])
    notices.done(request, said % {"room": room.name}, undo=undo)
    return redirect("programs:rooms", slug)
