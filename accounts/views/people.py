"""Who holds which role in the house."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import rules
from accounts.access import Request, still_you
from accounts.actions import appointments, invitations, starting_over
from accounts.errors import AccountsError
from accounts.forms.institution import InviteForm
from accounts.models import Appointment, Institution, Invitation
from accounts.views.institution import PAGE, house
from intervision import clock, notices


@require_http_methods(["GET"])
def people_list(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    query = request.GET.get("q", "").strip()
    mine = Invitation.objects.filter(institution=institution, user=OuterRef("user"))
    held = institution.appointments.current(institution.on_day(clock.now()))
    held = held.filter(Q(user__name__icontains=query) | Q(user__email__icontains=query))
    held = held.select_related("user").order_by("user__name", "role")
    held = held.annotate(
        accepted=Exists(mine.filter(accepted_at__isnull=False)), invited=Exists(mine.filter(accepted_at=None))
    )
    context = {
        "page": Paginator(held, PAGE).get_page(request.GET.get("page")),
        "query": query,
        "may_give": rules.roles_to_give(request.user, institution),
    }
    return render(request, "accounts/people.html", context)


@still_you
@require_http_methods(["GET", "POST"])
def invite(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    form = InviteForm(request.POST or None, by=request.user, institution=institution)
    if form.is_valid():
        typed = form.cleaned_data
        who = {"name": typed["name"], "role": typed["role"]}
        try:
            sent = invitations.invite(typed["email"], **who, institution=institution, invited_by=request.user)
        except AccountsError as error:
            form.add_error("role", str(error))
        else:
            notices.done(request, on_its_way(sent, typed["name"]))
            return redirect("accounts:people", slug)
    back = reverse("accounts:people", args=[slug])
    context = {"form": form, "title": _("Invite somebody"), "back": back, "button": _("Send the invitation")}
    return render(request, "accounts/institution_form.html", context, status=422 if form.errors else 200)


def on_its_way(sent: Invitation, name: str) -> str:
    """Says it too where the address is of somebody who is not called ``name``: one keeps one's own name."""
    said = _("An invitation is on its way to %(email)s.")
    if sent.user.name.casefold() != name.casefold():
        said = _(
            "An invitation is on its way to %(email)s, the address of %(name)s. "
            "If you meant somebody else, end the role here."
        )
    return said % {"email": sent.email, "name": sent.user.name}


@require_http_methods(["POST"])
def send_invitation(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = house(request, slug)
    appointment = appointment_to_give(request, institution, pk)
    invitations.send(appointment.user, institution, invited_by=request.user)
    said = _("A new invitation is on its way to %(name)s. The one before no longer works.")
    notices.done(request, said % {"name": appointment.user.name})
    return redirect("accounts:people", slug)


@require_http_methods(["POST"])
@still_you
def end_appointment(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = house(request, slug)
    appointment = appointment_to_give(request, institution, pk)
    try:
        appointments.end(appointment)
    except AccountsError as error:
        messages.warning(request, str(error))
    else:
        names = {"name": appointment.user.name, "role": appointment.get_role_display()}
        said = _("%(name)s is no longer %(role)s.") % names
        if not rules.can_appoint(request.user, institution, appointment.role):
            notices.done(request, said)
            return redirect("/")
        notices.done(request, said, undo=reverse("accounts:resume-appointment", args=[slug, pk]))
    return redirect("accounts:people", slug)


@require_http_methods(["POST"])
@still_you
def resume_appointment(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = house(request, slug)
    appointment = appointment_to_give(request, institution, pk)
    try:
        appointments.resume(appointment)
    except AccountsError as error:
        messages.warning(request, str(error))
    else:
        names = {"name": appointment.user.name, "role": appointment.get_role_display()}
        notices.done(request, _("%(name)s is %(role)s again.") % names)
    return redirect("accounts:people", slug)


@still_you
@require_http_methods(["GET", "POST"])
def start_over(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """For whoever lost phone and recovery codes; whoever presses the button gets in nowhere by it."""
    institution = house(request, slug)
    appointment = appointment_to_give(request, institution, pk)
    if request.method == "GET":
        return render(request, "accounts/start_over.html", {"appointment": appointment, "house": institution})
    starting_over.start_over(appointment.user, institution, invited_by=request.user)
    said = _("%(name)s starts over. An invitation is on its way to them.")
    notices.done(request, said % {"name": appointment.user.name})
    return redirect("accounts:people", slug)


def appointment_to_give(request: Request, institution: Institution, pk: UUID) -> Appointment:
    rows = institution.appointments.select_related("user", "institution")
    appointment: Appointment = get_object_or_404(rows, pk=pk)
    if not rules.can_appoint(request.user, institution, appointment.role):
        raise PermissionDenied
    return appointment
