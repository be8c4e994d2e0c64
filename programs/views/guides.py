"""The step "guides": the directory, a guide's training, and who is independent of whom."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request
from accounts.models import User
from intervision import clock, notices
from programs import directory, independence, steps
from programs.actions import guides as actions
from programs.forms.guides import AddGuideForm, ProfileForm, TrainingForm
from programs.models import FacilitatorProfile, Group, Guide, Program, TrainingRecord
from programs.views.find import program_to_run

PAGE = 50


@require_http_methods(["GET", "POST"])
def guide_list(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    form = AddGuideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        profile = actions.add_guide(program.institution, **form.cleaned_data, on=clock.today())
        notices.done(
            request, _("%(name)s is in the directory. Say what they bring.") % {"name": profile.user.name}
        )
        return redirect("programs:guide", program.pk, profile.pk)
    return render(
        request, "programs/guides.html", _list_context(request, program, form), status=_status(form)
    )


def _list_context(request: Request, program: Program, form: AddGuideForm) -> dict[str, Any]:
    query = request.GET.get("q", "").strip()
    profiles = _profiles(program)
    if query:
        profiles = profiles.filter(user__name__icontains=query)
    page = Paginator(profiles, PAGE).get_page(request.GET.get("page"))
    entries = directory.entries(program, page.object_list, clock.today())
    return {
        "program": program,
        "institution": program.institution,
        "page": page,
        "entries": entries,
        "query": query,
        "form": form,
        "step": "guides",
        "following": steps.next_after(program, "guides"),
    }


def _profiles(program: Program) -> Any:
    trainings = Prefetch("user__training_records", TrainingRecord.objects.order_by("-on"))
    profiles = program.institution.facilitator_profiles.select_related("user").prefetch_related(trainings)
    return directory.with_load(profiles, clock.today())


@require_http_methods(["GET", "POST"])
def guide(request: Request, pk: UUID, profile_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    profile = get_object_or_404(_profiles(program), pk=profile_pk)
    form = ProfileForm(request.POST or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        form.save()
        steps.remember(program, "guides", "done")
        notices.done(request, _("Saved."))
        return redirect("programs:guides", program.pk)
    return _guide_page(request, program, profile, form, TrainingForm(initial={"on": clock.today()}))


@require_POST
def add_training(request: Request, pk: UUID, profile_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    profile = get_object_or_404(_profiles(program), pk=profile_pk)
    form = TrainingForm(request.POST, instance=TrainingRecord(user=profile.user))
    if form.is_valid():
        form.save()
        notices.done(request, _("The training is noted."))
        return redirect("programs:guide", program.pk, profile.pk)
    return _guide_page(request, program, profile, ProfileForm(instance=profile), form)


@require_POST
def remove_training(request: Request, pk: UUID, profile_pk: UUID, training_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    profile = get_object_or_404(_profiles(program), pk=profile_pk)
    get_object_or_404(profile.user.training_records, pk=training_pk).delete()
    notices.done(request, _("The training is taken off."))
    return redirect("programs:guide", program.pk, profile.pk)


def _guide_page(
    request: Request, program: Program, profile: FacilitatorProfile, form: ProfileForm, training: TrainingForm
) -> HttpResponse:
    (entry,) = directory.entries(program, [profile], clock.today())
    context = {
        "program": program,
        "institution": program.institution,
        "profile": profile,
        "entry": entry,
        "step": "guides",
        "trainings": profile.user.training_records.all(),
        "form": form,
        "training_form": training,
    }
    return render(request, "programs/guide.html", context, status=_status(form, training))


def _status(*forms: Any) -> int:
    return 422 if any(form.is_bound and form.errors for form in forms) else 200


def candidates(group: Group, guiding: Iterable[Guide]) -> tuple[list[User], list[User]]:
    """Who evaluates somebody in ``group``, and who may guide it beside or instead of ``guiding``.

    One query: of all who can be chosen in its program, each with ``load`` and ``capacity`` in groups.
    """
    everybody = User.objects.filter(pk__in=choices(group.program).values("user"))
    profiles = FacilitatorProfile.objects.filter(
        user=OuterRef("pk"), institution=group.program.institution_id
    )
    led = directory.with_load(profiles, clock.today()).values("load")  # type: ignore[misc]  # annotated there
    known = everybody.annotate(
        refused=independence.evaluates_in(group, clock.today()),
        load=Subquery(led),
        capacity=Subquery(profiles.values("capacity")),
    )
    people = list(known.only("name"))
    taken = {guide.user_id for guide in guiding}
    refused = [person for person in people if person.refused]
    return refused, [person for person in people if person not in refused and person.pk not in taken]


def choices(program: Program) -> Any:
    """Profiles that can be chosen as a guide of ``program``: appointed today, and not running the program."""
    today = clock.today()
    held = Q(user__appointments__role="intervisor", user__appointments__institution=program.institution)
    lasts = Q(user__appointments__until_on__isnull=True) | Q(user__appointments__until_on__gte=today)
    profiles = program.institution.facilitator_profiles.exclude(
        user__in=program.coordinators.current().values("user")
    )
    return profiles.filter(held, lasts, user__appointments__from_on__lte=today).distinct()
