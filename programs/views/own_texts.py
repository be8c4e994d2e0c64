"""What a resident writes for themselves. Behind a full sign-in: no personal link opens any of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import vault
from accounts import periods
from accounts.access import Request
from accounts.models import User
from catalogue import load
from catalogue.retention import Table
from intervision import notices
from programs.actions import own_texts
from programs.errors import ProgramsError
from programs.forms.own_texts import GoalForm, NewGoalForm, OwnTextForm, PreparationForm
from programs.kept import table_of
from programs.models import GoalSettled, Guide, LearningGoal, Membership, Preparation
from programs.views.taking_part import own_place
from vault import doors
from vault.closed import says_closed
from vault.models import AccessEvent

PAGE = 50


@dataclass(frozen=True)
class Written:
    """A sealed row of the visitor's own, opened, and who may read it now."""

    row: Any
    texts: dict[str, str]
    reader: Guide | None

    @property
    def lapsed(self) -> Guide | None:
        """Whom it was shared with and who does not guide this group any more."""
        named: Guide | None = self.row.shared_with
        return named if named and self.reader is None else None


def guides_of(place: Membership) -> list[Guide]:
    """Whom the member may name: those who guide their group today."""
    return list(place.group.guides.active().select_related("user")) if place.group else []


def opened(user: User, rows: list[Any], guides: list[Guide]) -> list[Written]:
    known = {guide.pk: guide for guide in guides}
    texts = vault.read_all(user, rows) if rows else []
    return [Written(row, text, known.get(row.shared_with_id)) for row, text in zip(rows, texts, strict=True)]


@require_http_methods(["GET", "POST"])
@says_closed
def my_preparation(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    if not place.program.has_intakes:
        raise Http404
    guides = guides_of(place)
    if request.method == "POST":
        form = PreparationForm(request.POST, guides=guides, kept=kept_in(place))
        if form.is_valid() and saved(
            form, lambda: own_texts.save_preparation(place, form.texts, share=form.chosen)
        ):
            say_who_reads(request, form.chosen)
            return redirect("programs:my-place", pk)
        return preparation_page(request, place, form, None)
    rows = list(Preparation.objects.filter(membership=place).select_related("shared_with__user"))
    written = next(iter(opened(request.user, rows, guides)), None)
    texts = written.texts if written else None
    form = PreparationForm(initial=texts, guides=guides, kept=kept_in(place))
    return preparation_page(request, place, form, written)


def preparation_page(
    request: Request, place: Membership, form: PreparationForm, written: Written | None
) -> HttpResponse:
    return form_page(request, "programs/my_preparation.html", place, form, written=written)


@require_http_methods(["GET"])
@says_closed
def my_goals(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    guides = guides_of(place)
    goals = opened(request.user, list(place.goals.select_related("shared_with__user")), guides)
    context = {
        "place": place,
        "program": place.program,
        "goals": goals,
        "guides": guides,
        "settled": bool(goals) or GoalSettled.objects.filter(membership=place).exists(),
        "may_add": len(goals) < own_texts.MOST_GOALS,
        "kept": kept_in(place)["goal"].sentence,
    }
    return render(request, "programs/my_goals.html", context)


@require_http_methods(["GET", "POST"])
def new_goal(request: Request, pk: UUID) -> HttpResponse:
    place = own_place(request, pk)
    typed = request.POST if request.method == "POST" else None
    form = NewGoalForm(typed, guides=guides_of(place), kept=kept_in(place))
    if form.is_valid() and saved(form, lambda: save_goal(place, form.cleaned_data["goal_id"], form)):
        say_who_reads(request, form.chosen)
        return redirect("programs:my-goals", pk)
    return form_page(request, "programs/my_goal.html", place, form)


@require_http_methods(["GET", "POST"])
@says_closed
def my_goal(request: Request, pk: UUID) -> HttpResponse:
    goal, place = own_row(request, LearningGoal.objects.all(), pk)
    guides = guides_of(place)
    if request.method == "POST":
        form = GoalForm(request.POST, guides=guides, kept=kept_in(place))
        if form.is_valid() and saved(form, lambda: save_goal(place, pk, form)):
            say_who_reads(request, form.chosen)
            return redirect("programs:my-goals", place.pk)
        return form_page(request, "programs/my_goal.html", place, form, goal=goal)
    (written,) = opened(request.user, [goal], guides)
    form = GoalForm(initial=written.texts, guides=guides, kept=kept_in(place))
    return form_page(request, "programs/my_goal.html", place, form, goal=goal, written=written)


def kept_in(place: Membership) -> Table:
    """How long the house of the program keeps things."""
    return periods.table(place.program.institution)


def save_goal(place: Membership, pk: UUID, form: GoalForm) -> None:
    own_texts.save_goal(place, pk, form.texts, share=form.chosen)


def saved(form: OwnTextForm, save: Callable[[], object]) -> bool:
    """Whether it was saved; a refusal stands in the form, above what was typed."""
    try:
        save()
    except (ProgramsError, vault.CannotOpen) as error:
        form.add_error(None, str(error))
        return False
    return True


def form_page(
    request: Request, template: str, place: Membership, form: OwnTextForm, **more: Any
) -> HttpResponse:
    context = {
        "place": place,
        "program": place.program,
        "form": form,
        "guides": list(form.guides.values()),
        "guide_word": load().formats[place.program.format].guide,
    }
    return render(request, template, context | more, status=422 if form.errors else 200)


def say_who_reads(request: Request, guide: Guide | None) -> None:
    if guide is None:
        notices.done(request, _("Saved. Only you read it."))
    else:
        notices.done(request, _("Saved. %(name)s can read it.") % {"name": guide.user})


@require_POST
def keep_goal(request: Request, pk: UUID) -> HttpResponse:
    """A goal that is kept to oneself counts fully."""
    place = own_place(request, pk)
    own_texts.settle(place)
    notices.done(request, _("Good. That counts as a goal, and nobody asks which."))
    return redirect("programs:my-goals", pk)


@require_http_methods(["GET", "POST"])
def remove_goal(request: Request, pk: UUID) -> HttpResponse:
    goal, place = own_row(request, LearningGoal.objects.all(), pk)
    if request.method == "POST":
        goal.delete()
        notices.done(request, _("The goal is removed."))
        return redirect("programs:my-goals", place.pk)
    context = {"place": place, "program": place.program, "goal": goal}
    return render(request, "programs/my_goal_remove.html", context)


@require_POST
def share(request: Request, pk: UUID) -> HttpResponse:
    """Name a guide who may read one text, or nobody any more."""
    rows: QuerySet[Any] = LearningGoal.objects.all()
    if not rows.filter(pk=pk).exists():
        rows = Preparation.objects.all()
    text, place = own_row(request, rows, pk)
    named = request.POST.get("guide", "")
    guides = {str(guide.pk): guide for guide in guides_of(place)}
    if named and named not in guides:
        notices.done(request, _("This person no longer guides your group. Choose again who may read it."))
    else:
        own_texts.share_with(text, guides.get(named))
        if named:
            notices.done(request, _("%(name)s can read it from now on.") % {"name": guides[named].user})
        else:
            notices.done(request, _("Only you read it from now on."))
    page = "programs:my-goals" if isinstance(text, LearningGoal) else "programs:my-preparation"
    return redirect(page, place.pk)


def own_row(request: Request, rows: QuerySet[Any], pk: UUID) -> tuple[Any, Membership]:
    """A sealed row of the visitor's own place, and the place. Http404 otherwise."""
    row = get_object_or_404(rows.select_related("shared_with__user", "vault"), pk=pk)
    return row, own_place(request, row.membership_id)


@require_http_methods(["GET"])
def opened_by(request: Request) -> HttpResponse:
    """Who opened what the visitor wrote, and when."""
    page = Paginator(AccessEvent.objects.of(request.user), PAGE).get_page(request.GET.get("page"))
    names = User.objects.in_bulk({event.actor_id for event in page})
    lines = [
        {"at": event.at, "what": doors.label_of(event.kind), "who": names.get(event.actor_id)}
        for event in page
    ]
    kept = table_of(request.user)["access_events"].until
    return render(request, "programs/opened_by.html", {"page": page, "lines": lines, "kept": kept})


@require_http_methods(["GET"])
def still_here(request: Request) -> HttpResponse:
    """Asked before typed text is sent: whether somebody is signed in still, who, and the token that holds now."""
    return JsonResponse({"who": str(request.user.pk), "token": get_token(request)})
