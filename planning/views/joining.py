"""Joining by oneself: the program's public page, the mailed link, the groups one may choose from."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.access import Request, open_to_links, use_institution
from accounts.models import PersonalLink
from catalogue import load
from intervision import clock, notices
from planning import joining as on_offer
from programs import independence, join_links
from programs.actions import joining, waiting
from programs.errors import ProgramsError
from programs.forms.joining import AddressForm, NewcomerForm
from programs.mails.intakes import link_ends
from programs.models import Group, Guide, Membership, Program, WaitingPlace
from programs.views.taking_part import own_place


@login_not_required
@require_http_methods(["GET", "POST"])
def program_page(request: Any, key: str) -> HttpResponse:
    program = Program.objects.select_related("institution").filter(join_key=key).first()
    if program is None:
        return render(request, "planning/join_nothing.html", status=404)
    use_institution(request, program.institution)
    if not program.is_open_to_join:
        return render(request, "planning/join_closed.html", {"program": program}, status=410)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not ratelimit.consume(request, action="join"):
            return render(request, "planning/join_busy.html", {"program": program}, status=429)
        joining.ask_for_link(program, email=form.cleaned_data["email"], language=get_language() or "nl")
        return redirect("joining:sent", key)
    groups = program.groups.filter(closed=False, pk__in=Guide.objects.led_groups()).select_related("room")
    context = {
        "program": program,
        "form": form,
        "offers": on_offer.offers(program, groups, at=clock.now()),
        "text": program.texts.order_by("published_at", "version").last(),
        "guide_word": load().formats[program.format].guide,
    }
    return render(request, "planning/join.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET"])
def sent(request: HttpRequest, key: str) -> HttpResponse:
    """The same page for every address, known or unknown."""
    return render(request, "planning/join_sent.html", {"key": key})


@require_POST
def enter(request: Request, key: str) -> HttpResponse:
    """Whoever is signed in comes in as themselves."""
    program = get_object_or_404(Program, join_key=key)
    try:
        place = joining.enter(program, request.user, joining.Newcomer())
    except ProgramsError:
        return redirect("joining:program", key)
    return redirect("joining:groups", place.pk)


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed link opens: a page with one button, since mail scanners follow links."""
    asked = join_links.find(token)
    if asked is None:
        return render(request, "planning/join_nothing.html", status=404)
    program = asked.program
    use_institution(request, program.institution)
    if asked.spent or not asked.is_open(clock.now()) or not program.is_open_to_join:
        return render(request, "planning/join_link_over.html", {"program": program}, status=410)
    form = NewcomerForm(request.POST if request.method == "POST" else None, request=asked)
    if request.method == "GET" or not form.is_valid():
        context = {"program": program, "form": form}
        return render(request, "planning/join_confirm.html", context, status=422 if form.errors else 200)
    try:
        place = joining.come_in(asked, form.newcomer(get_language() or "nl"))
    except ProgramsError:
        return render(request, "planning/join_link_over.html", {"program": program}, status=410)
    return let_in(request, place)


def let_in(request: HttpRequest, place: Membership) -> HttpResponse:
    """Open the place's own narrow session, which its owner's mailbox has just vouched for."""
    now, path = clock.now(), reverse("joining:groups", args=[place.pk])
    link, _made = PersonalLink.objects.update_or_create(
        user=place.user,
        purpose=PersonalLink.Purpose.TAKE_PART,
        about_id=place.pk,
        path=path,
        defaults={"expires_at": link_ends(place.program, now), "revoked_at": None},
    )
    if not (request.user.is_authenticated and request.user.pk == place.user_id):
        access.begin(request, link)
    return redirect(path)


@open_to_links("take_part")
@require_http_methods(["GET", "POST"])
def my_groups(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    refusal = ""
    if request.method == "POST":
        group = get_object_or_404(place.program.groups, pk=choice(request))
        try:
            joining.join(place, group)
        except ProgramsError as error:
            refusal = str(error)
        else:
            notices.done(request, _("You have a place in %(group)s.") % {"group": group})
            return redirect("programs:my-place", pk)
    return groups_page(request, place, refusal)


def choice(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("group", ""))
    except ValueError as error:
        raise Http404 from error


def groups_page(request: Request, place: Membership, refusal: str = "") -> HttpResponse:
    now, program = clock.now(), place.program
    today = program.institution.on_day(now)
    shown = Q(pk__in=Guide.objects.led_groups()) | Q(pk=place.group_id)
    allowed = program.groups.filter(shown, closed=False).exclude(
        independence.evaluated_with(place.user, today)
    )
    seat = Membership.objects.select_related("group").get(pk=place.pk) if refusal else place
    queue = place.waiting_places.waiting(WaitingPlace.Kind.GROUP).select_related("group").first()
    answers = on_offer.answers_of(place.user)
    open_here = program.is_open_to_join and not (seat.group and seat.group.closed)
    context = {
        "place": seat,
        "program": program,
        "offers": on_offer.offers(
            program, allowed.select_related("room"), at=now, answers=answers, mine=seat.group_id
        ),
        "queue": queue if queue and queue.offered_at is None else None,
        "offer": queue if queue and queue.offered_at else None,
        "week_known": answers != on_offer.NOTHING_SAID,
        "open": open_here,
        "refusal": refusal,
        "guide_word": load().formats[program.format].guide,
    }
    return render(request, "planning/join_groups.html", context, status=409 if refusal else 200)


@open_to_links("take_part")
@require_POST
def wait(request: Request, pk: UUID) -> HttpResponse:
    """For one group, or without a choice for any of them."""
    place = own_place(request, pk)
    group = (
        get_object_or_404(Group, pk=choice(request), program=place.program)
        if "group" in request.POST
        else None
    )
    try:
        waiting.wait_for_seat(place, group)
    except ProgramsError as error:
        return groups_page(request, place, str(error))
    said = _("You are on the list. When a place is free it is held for you, and you get a message.")
    if place.group_id:
        said = _("You are on the list. When a place is free you move there, and you get a message.")
    notices.done(request, said)
    return redirect("joining:groups", pk)


@open_to_links("take_part")
@require_POST
def stop_waiting(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    waiting.stop_waiting(place)
    notices.done(request, _("You are off the waiting list."))
    return redirect("joining:groups", pk)


@open_to_links("take_part")
@require_POST
def answer_offer(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    try:
        if "no" in request.POST:
            waiting.pass_offer_on(place)
            notices.done(request, _("The place goes to the next person."))
            return redirect("joining:groups", pk)
        waiting.take_offer(place)
    except ProgramsError as error:
        return groups_page(request, place, str(error))
    notices.done(request, _("The place is yours."))
    return redirect("programs:my-place", pk)
