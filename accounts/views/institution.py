"""The house: its hours, its closed days, its departments and its help page."""

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.core import serializers, signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access, rules
from accounts.access import Request
from accounts.actions import institutions
from accounts.errors import StaleInstitution
from accounts.forms.institution import (
    COUNTRIES,
    DAYS,
    ClosedDayForm,
    DepartmentForm,
    HelpContactForm,
    InstitutionForm,
)
from accounts.models import Appointment, ClosedDay, Department, HelpContact, Institution, Placement
from intervision import clock, notices, versions

PAGE = 50
RESTORE = "accounts.restore"


class Spoken(signing.JSONSerializer):
    """JSON of ids, dates and texts."""

    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, separators=(",", ":"), cls=DjangoJSONEncoder).encode()


def house(request: Request, slug: str) -> Institution:
    """The house, for a page of those who see to it. Http404 where one holds no role, else PermissionDenied."""
    institution = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    if not rules.can_run(request.user, institution):
        raise PermissionDenied
    access.use_institution(request, institution)
    return institution


@require_http_methods(["GET"])
def my_institution(request: Request) -> HttpResponse:
    """To the house that one sees to, or to the choice between several."""
    mine = Appointment.objects.in_charge().filter(user=request.user).values("institution")
    houses = Institution.objects.filter(pk__in=mine)
    if not houses:
        raise PermissionDenied
    if len(houses) == 1:
        return redirect("accounts:institution", houses[0].slug)
    return render(request, "accounts/institutions.html", {"houses": houses})


@require_http_methods(["GET"])
def institution_page(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    today = institution.on_day(clock.now())
    context = {
        "contacts": institution.help_contacts.all(),
        "closed_days": institution.closed_days.filter(on__gte=today)[:PAGE],
        "departments": institution.departments.count(),
        "people": institution.appointments.current(today).count(),
        "country": dict(COUNTRIES).get(institution.country, institution.country),
        "sees_to_periods": Appointment.Role.ADMINISTRATOR in request.user.roles,
        "asks_climate": Appointment.Role.COORDINATOR in request.user.roles,
        "days": [label for number, label in DAYS if number in institution.working_days],
    }
    return render(request, "accounts/institution.html", context)


@require_http_methods(["GET", "POST"])
def edit_frame(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    # The form writes what is typed into its own copy of the row: the page still says the name as it is.
    form = InstitutionForm(request.POST or None, instance=Institution.objects.get(pk=institution.pk))
    theirs = None
    if form.is_valid():
        try:
            institutions.save(institution, form.cleaned_data, seen=form.cleaned_data["seen"])
        except StaleInstitution as error:
            form.add_error(None, str(error))
            stored = InstitutionForm(instance=institution)
            theirs = versions.differences(form, stored)
            versions.answering_to(form, stored.initial["seen"])
        else:
            notices.done(request, _("Saved."))
            return redirect("accounts:institution", slug)
    context = {"form": form, "title": _("Hours and place"), "theirs": theirs}
    context["back"] = reverse("accounts:institution", args=[slug])
    context["keep"] = reverse("accounts:institution-frame", args=[slug])
    status = 409 if theirs is not None else 422 if form.errors else 200
    return render(request, "accounts/institution_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def add_contact(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    contact = HelpContact(institution=institution, order=institution.help_contacts.count())
    form = HelpContactForm(request.POST or None, instance=contact)
    return saved(request, institution, form, _("Whom to call"))


@require_http_methods(["GET", "POST"])
def edit_contact(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = house(request, slug)
    contact = get_object_or_404(institution.help_contacts, pk=pk)
    form = HelpContactForm(request.POST or None, instance=contact)
    return saved(request, institution, form, _("Whom to call"))


@require_http_methods(["POST"])
def remove_contact(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = house(request, slug)
    contact = get_object_or_404(institution.help_contacts, pk=pk)
    undo = way_back(institution, contact)
    contact.delete()
    notices.done(request, _("%(who)s is no longer on the help page.") % {"who": contact.label}, undo=undo)
    return redirect("accounts:institution", slug)


@require_http_methods(["GET", "POST"])
def add_closed_day(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    form = ClosedDayForm(request.POST or None, instance=ClosedDay(institution=institution))
    return saved(request, institution, form, _("A day closed"))


@require_http_methods(["POST"])
def remove_closed_day(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = house(request, slug)
    closed = get_object_or_404(institution.closed_days, pk=pk)
    undo = way_back(institution, closed)
    closed.delete()
    notices.done(request, _("%(day)s is a day like any other again.") % {"day": closed.label}, undo=undo)
    return redirect("accounts:institution", slug)


def way_back(institution: Institution, row: HelpContact | ClosedDay) -> str:
    """The URL that puts a removed row back; what the row said travels in it, signed."""
    says = signing.dumps(serializers.serialize("python", [row]), salt=RESTORE, serializer=Spoken)
    return reverse("accounts:restore", args=[institution.slug, says])


@require_http_methods(["POST"])
def restore(request: Request, slug: str, says: str) -> HttpResponse:
    institution = house(request, slug)
    try:
        rows = signing.loads(says, salt=RESTORE, serializer=Spoken, max_age=dt.timedelta(hours=1))
    except signing.BadSignature:
        raise Http404 from None
    for row in serializers.deserialize("python", rows):
        removed: Any = row.object
        if removed.institution_id != institution.pk:
            raise Http404
        row.save()
    notices.done(request, _("It is back."))
    return redirect("accounts:institution", slug)


@require_http_methods(["GET"])
def department_list(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    query = request.GET.get("q", "").strip()
    today = Placement.objects.current().filter(department=OuterRef("pk")).values("department")
    placed = Coalesce(Subquery(today.values(people=Count("user", distinct=True))), 0)
    departments = institution.departments.filter(name__icontains=query).annotate(placed=placed)
    page = Paginator(departments.order_by("name"), PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/departments.html", {"page": page, "query": query})


@require_http_methods(["GET", "POST"])
def add_department(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    form = DepartmentForm(request.POST or None, instance=Department(institution=institution))
    return saved(request, institution, form, _("A department"), back="accounts:departments")


@require_http_methods(["GET", "POST"])
def edit_department(request: Request, slug: str, pk: UUID) -> HttpResponse:
    institution = house(request, slug)
    department = get_object_or_404(institution.departments, pk=pk)
    form = DepartmentForm(request.POST or None, instance=department)
    return saved(request, institution, form, _("A department"), back="accounts:departments")


def saved(
    request: Request,
    institution: Institution,
    form: Any,
    title: str,
    *,
    back: str = "accounts:institution",
) -> HttpResponse:
    """The page with ``form``, or back with what it says saved."""
    if form.is_valid():
        form.save()
        notices.done(request, _("Saved."))
        return redirect(back, institution.slug)
    context = {"form": form, "title": title, "back": reverse(back, args=[institution.slug])}
    return render(request, "accounts/institution_form.html", context, status=422 if form.errors else 200)
