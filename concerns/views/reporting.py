"""Reporting that something left the group, and following it."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request, open_to_links, use_institution
from concerns import actions, rules
from concerns.forms import FollowForm, ReportForm
from concerns.models import LeakReport, groups_to_report_about
from programs.models import Group, Membership

#: How many own reports a page shows; nobody makes more.
SHOWN = 50


def group_seen(request: Request, pk: UUID) -> Group:
    """The group, for who is or was in it and for who may see it. A personal link opens its own and no other."""
    known = groups_to_report_about(request.user) | Group.objects.visible_to(request.user)
    group = get_object_or_404(known.select_related("program__institution"), pk=pk)
    if request.narrow:
        seats = Membership.objects.filter(user=request.user, group=group).values_list("pk", flat=True)
        if request.narrow.about.isdisjoint({group.pk, *seats}):
            raise Http404
    use_institution(request, group.program.institution)
    return group


@open_to_links("take_part", "guide")
@require_http_methods(["GET", "POST"])
def new_report(request: Request, pk: UUID) -> HttpResponse:
    group = group_seen(request, pk)
    if not rules.can_report(request.user, group):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, by=request.user, group=group)
    context = {"group": group, "form": form, "people": actions.independent_people(group)}
    if form.is_valid():
        said = form.cleaned_data
        reporter = request.user if said["named"] else None
        code = actions.report(group, kind=said["kind"], reporter=reporter, once=said["once"])
        return render(request, "concerns/reported.html", context | {"code": code, "named": said["named"]})
    return render(request, "concerns/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET"])
def mine(request: Request) -> HttpResponse:
    """Reports one made by name, how each stands, and the way to follow one made without."""
    reports = LeakReport.objects.made_by(request.user).select_related("group__program")
    return render(request, "concerns/mine.html", {"reports": reports[:SHOWN], "form": FollowForm()})


@login_not_required
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """How a report stands, for whoever has its code; open without signing in."""
    form = FollowForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        found = actions.follow(form.cleaned_data["code"])
        if found is None:
            form.add_error(
                "code", _("This code is not known. A report can be followed until 30 days after its end.")
            )
    status = 422 if form.errors else 200
    return render(request, "concerns/follow.html", {"form": form, "report": found}, status=status)
