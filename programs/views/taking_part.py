"""The resident's own pages: open to a personal link, no password asked."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import periods
from accounts.access import Request, open_to_links, use_institution
from catalogue import load
from intervision import clock, notices
from intervision.prepared import Question
from programs import calendar
from programs.actions import intakes, taking_part, waiting
from programs.errors import ProgramsError
from programs.forms.taking_part import ChooseTimeForm, WeekForm, week_said
from programs.models import (
    GroundRules,
    GroundRulesConfirmation,
    Group,
    IntakeSlot,
    LearningGoal,
    Membership,
    Program,
    WaitingPlace,
)

#: Free times on the first screen; "Show later dates" adds as many.
AT_ONCE = 9
#: What nearly every page of a place shows, read with it.
TOGETHER = (
    "program__institution",
    "group__room",
    "user__availability",
    "intake",
    "intake_slot__guide",
    "intake_slot__room",
)
OF_TIMES = ("user__availability", "intake_slot")
SHOWN_WITH_TIMES = (
    "state",
    "program__title",
    "program__format",
    "program__institution__name",
    "program__institution__slug",
    "program__institution__time_zone",
    "group__name",
    "user__name",
    "user__availability__answers",
    "intake_slot__starts_at",
    "intake_slot__ends_at",
)
RUNS = (Program.Stage.RUNNING, Program.Stage.CALLS, Program.Stage.COMPLETED)


def own_place(request: Request, pk: UUID) -> Membership:
    """The visitor's own place. A personal link opens the one it is about and no other."""
    return found_place(request, places_with_all, pk)


def found_place(request: Request, places: Question[Membership], pk: UUID) -> Membership:
    """The one place ``places`` gives to this visitor, or Http404."""
    found = places.rows(request.user.pk, pk, clock.today())
    if not found or (request.narrow and pk not in request.narrow.about):
        raise Http404
    use_institution(request, found[0].program.institution)
    return found[0]


def own_places(user: UUID, pk: UUID) -> QuerySet[Membership]:
    return Membership.objects.answerable_by(user).filter(pk=pk)


def with_all(user: UUID, pk: UUID, today: dt.date) -> QuerySet[Membership]:
    lapsed = LearningGoal.objects.lapsed(today).filter(membership=OuterRef("pk"))
    return own_places(user, pk).select_related(*TOGETHER).annotate(ask_again=Exists(lapsed))


def with_times(user: UUID, pk: UUID, today: dt.date) -> QuerySet[Membership]:
    """With what the choice of a time shows, and ``waits``: whether this place is on the waiting list."""
    waiting = WaitingPlace.objects.waiting(WaitingPlace.Kind.INTAKE).filter(membership=OuterRef("pk"))
    shown = own_places(user, pk).select_related("program__institution", "group", *OF_TIMES)
    return shown.only(*SHOWN_WITH_TIMES).annotate(waits=Exists(waiting))


places_with_all: Question[Membership] = Question(with_all, UUID, UUID, dt.date)
places_with_times: Question[Membership] = Question(with_times, UUID, UUID, dt.date)


@open_to_links("take_part")
@require_http_methods(["GET"])
def my_place(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    program, now, slot = place.program, clock.now(), own_time(place)
    rules = latest_rules(place)
    context = {
        "place": place,
        "program": program,
        "slot": slot,
        "before_slot": slot is not None and slot.is_before_closing(program),
        "intake": getattr(place, "intake", None),
        "text": program.texts.order_by("published_at", "version").last(),
        "guide_word": load().formats[program.format].guide,
        "rules": rules,
        "rules_confirmed": rules and rules.agreed,  # type: ignore[attr-defined]
        "waiting": place.waiting_places.waiting(WaitingPlace.Kind.INTAKE).first(),
        "offer": waiting.open_offer(place) if program.is_open_to_join else None,
        "week_known": hasattr(place.user, "availability"),
        "may_decline": program.stage not in RUNS and place.state != Membership.State.DECLINED,
        "undo": taking_part.open_decline(place) if place.state == Membership.State.DECLINED else None,
        "now": now,
    }
    return render(request, "programs/my_place.html", context)


def own_time(place: Membership) -> IntakeSlot | None:
    return getattr(place, "intake_slot", None)


def latest_rules(place: Membership) -> GroundRules | None:
    """With ``agreed``: whether this member confirmed them."""
    mine = GroundRulesConfirmation.objects.filter(ground_rules=OuterRef("pk"), user=place.user_id)
    rules = GroundRules.objects.filter(group=place.group_id).annotate(agreed=Exists(mine))
    return rules.first() if place.group_id else None


def answered(
    request: Request, pk: UUID, act: Callable[[Membership], object], said: str, onward: str = "my-place"
) -> HttpResponse:
    """One answer of the visitor's about their own place, given with ``act``."""
    place = own_place(request, pk)
    try:
        act(place)
    except ProgramsError as error:
        return refused(request, place, error)
    notices.done(request, said)
    return redirect(f"programs:{onward}", pk)


@open_to_links("take_part")
@require_POST
def accept_place(request: Request, pk: UUID) -> HttpResponse:
    return answered(request, pk, taking_part.take_part, _("Good: you take part."), "my-week")


@open_to_links("take_part")
@require_POST
def keep_time(request: Request, pk: UUID) -> HttpResponse:
    said = _("Booked. You get a message that confirms it.")
    return answered(request, pk, taking_part.take_part_and_keep, said)


@open_to_links("take_part")
@require_POST
def release_time(request: Request, pk: UUID) -> HttpResponse:
    said = _("Your time is cancelled. Choose another below when it suits you.")
    return answered(request, pk, intakes.release, said, "my-time")


@open_to_links("take_part")
@require_POST
def wait_for_time(request: Request, pk: UUID) -> HttpResponse:
    """None of these suits: the coordinator sees it, and the next time that fits is reserved."""
    said = _("Noted. As soon as a time fits, it is reserved for you and you get a message.")
    return answered(request, pk, partial(intakes.join_waiting, refused=True), said)


@open_to_links("take_part")
@require_http_methods(["GET", "POST"])
def my_time(request: Request, pk: UUID) -> HttpResponse:
    if request.method == "GET":
        place = found_place(request, places_with_times, pk)
        return time_page(request, place, time_form(request, place, None), status=200)
    place, data = own_place(request, pk), request.POST
    form = time_form(request, place, data)
    if form.is_valid():
        try:
            taking_part.take_part_and_book(place, form.chosen)
        except ProgramsError as error:
            form = time_form(request, place, data)
            form.errors.clear()
            form.add_error(None, str(error))
        else:
            notices.done(request, _("Booked. You get a message that confirms it."))
            return redirect("programs:my-place", pk)
    return time_page(request, place, form, status=422 if form.errors else 200)


def time_form(request: Request, place: Membership, data: object) -> ChooseTimeForm:
    slots = free_times(request, place)
    return ChooseTimeForm(data, free=slots, shown=AT_ONCE * pages_shown(request))


def free_times(request: Request, place: Membership) -> list[IntakeSlot]:
    """Nearest first; with ``all`` in the address also those on a "never" or a duty."""
    now = clock.now()
    if "all" not in request.GET:
        return intakes.offered_in_order(place, at=now)
    slots = IntakeSlot.objects.free(at=now).for_membership(place).order_by("starts_at")
    return list(slots.select_related("room", "guide"))


def pages_shown(request: Request) -> int:
    asked = request.GET.get("show", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 4
    return min(max(int(asked), 1), 50) if known else 1


def time_page(request: Request, place: Membership, form: ChooseTimeForm, *, status: int) -> HttpResponse:
    shown = pages_shown(request)
    context = {
        "place": place,
        "program": place.program,
        "form": form,
        "slot": own_time(place),
        "later": shown + 1 if len(form.free) > shown * AT_ONCE else None,
        "all": "all" in request.GET,
        "waiting": is_waiting(place),
    }
    return render(request, "programs/my_time.html", context, status=status)


def is_waiting(place: Membership) -> bool:
    known: bool | None = getattr(place, "waits", None)
    return place.waiting_places.waiting(WaitingPlace.Kind.INTAKE).exists() if known is None else known


def refused(request: Request, place: Membership, error: ProgramsError) -> HttpResponse:
    """The refusal in its words, above the times that are still free; or back to the place where there are none."""
    if place.state == Membership.State.DECLINED or not place.program.has_intakes:
        messages.error(request, str(error))
        return redirect("programs:my-place", place.pk)
    form = time_form(request, place, {})
    form.errors.clear()
    form.add_error(None, str(error))
    return time_page(request, place, form, status=409)


@open_to_links("take_part")
@require_http_methods(["GET"])
def my_time_calendar(request: Request, pk: UUID) -> HttpResponse:
    """The time one has, as a file for one's own calendar. Its title is neutral."""
    slot = own_time(own_place(request, pk))
    if slot is None:
        raise Http404
    place = str(slot.room) if slot.room else slot.video_link
    body = calendar.event(
        uid=f"intake-{slot.membership_id}@{request.get_host()}",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=_("Appointment"),
        place=place,
        at=clock.now(),
    )
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


@open_to_links("take_part")
@require_http_methods(["GET", "POST"])
def my_week(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    house = place.program.institution
    data = request.POST if request.method == "POST" else None
    form = WeekForm(data, institution=house, week=week_said(place.user_id, house))
    if form.is_valid():
        moved = taking_part.save_week(place, form.own_week)
        said = _("Saved. Another time is reserved for you: it suits your week.") if moved else _("Saved.")
        notices.done(request, said)
        return redirect("programs:my-place", pk)
    until = periods.table(house)["availability"].until
    context = {"place": place, "program": place.program, "form": form, "until": until}
    return render(request, "programs/my_week.html", context, status=422 if form.errors else 200)


@open_to_links("take_part")
@require_http_methods(["GET", "POST"])
def my_rules(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    rules = latest_rules(place)
    if rules is None:
        raise Http404
    changed = request.method == "POST" and request.POST.get("rules") != str(rules.pk)
    if request.method == "POST" and not changed:
        taking_part.confirm_rules(rules, request.user)
        notices.done(request, _("Thank you. You agreed to the ground rules."))
        return redirect("programs:my-place", pk)
    confirmed = rules.confirmations.filter(user=request.user).first()
    context: dict[str, object] = {"place": place, "program": place.program, "rules": rules}
    context |= {"confirmed": confirmed, "changed": changed}
    return render(request, "programs/my_rules.html", context, status=409 if changed else 200)


@open_to_links("take_part")
@require_http_methods(["GET"])
def my_group(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    if place.group is None:
        raise Http404
    program, group = place.program, place.group
    runs = program.stage in RUNS
    context = {
        "place": place,
        "program": program,
        "group": group,
        "guides": group.guides.active().select_related("user"),
        "guide_word": load().formats[program.format].guide,
        "runs": runs,
        "members": _fellows(group) if runs and not place.is_asked else [],
    }
    return render(request, "programs/my_group.html", context)


def _fellows(group: Group) -> QuerySet[Membership]:
    """Who said that they are in ``group``: neither a name nor a silence of somebody who was only asked."""
    return Membership.objects.seated().said_yes().filter(group=group).select_related("user")


@open_to_links("take_part")
@require_POST
def decline_place(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    try:
        if place.program.stage in RUNS:
            messages.error(request, _("The program runs already. Your coordinator can help you leave it."))
        else:
            taking_part.decline(place)
    except ProgramsError as error:
        messages.error(request, str(error))
    return redirect("programs:my-place", pk)


@open_to_links("take_part")
@require_POST
def undo_decline(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    step = taking_part.open_decline(place)
    try:
        if step:
            taking_part.undo_decline(step)
            notices.done(request, _("Taken back: you have your place again."))
    except ProgramsError as error:
        messages.error(request, str(error))
    return redirect("programs:my-place", pk)
