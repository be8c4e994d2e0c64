"""A program, and one of its groups, as its coordinator sees them: the state, and what needs somebody."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Placement, User
from desk import needs, overview, queries
from intervision import clock
from programs import rules
from programs.models import GroundRules, Group, Guide, Membership
from programs.views.find import program_to_run
from sessions.models import GroupSession

PAGE = 50
#: A drawing with more rows than this says less than the table.
DRAWN = 12


@require_http_methods(["GET"])
def program(request: Request, pk: UUID) -> HttpResponse:
    found = program_to_run(request.user, pk)
    now, today = clock.now(), clock.today()
    page = Paginator(overview.groups_of(found), PAGE).get_page(request.GET.get("page"))
    shown = overview.lines(list(page.object_list))
    upcoming = sorted((one for line in shown if (one := line.next(now))), key=lambda one: one.starts_at)
    rows = queries.ask([queries.COORDINATOR], programs=[found.pk], now=now, today=today)
    context = {
        "program": found,
        "page": page,
        "lines": [(line, line.next(now)) for line in shown],
        "upcoming": upcoming[:5],
        "needs": needs.say(rows, {found.pk: found}),
        "picture": overview.picture(found, shown, now) if 0 < len(shown) <= DRAWN else None,
    }
    return render(request, "desk/program.html", context)


@require_http_methods(["GET"])
def group(request: Request, pk: UUID) -> HttpResponse:
    """Who is in it, who leads, the sessions with attendance as counts: never who was there."""
    found = group_to_run(request.user, pk)
    newest = GroundRules.objects.filter(group=found).order_by("-version").values("pk")[:1]
    agreed = GroundRules.objects.filter(pk=Subquery(newest), confirmations__user=OuterRef("user"))
    year = Placement.objects.current().filter(user=OuterRef("user")).values("training_year")[:1]
    members = Membership.objects.live().filter(group=found).select_related("user", "intake")
    context = {
        "group": found,
        "program": found.program,
        "members": members.annotate(year=Subquery(year), agreed=Exists(agreed)),
        "guides": Guide.objects.current().filter(group=found).select_related("user"),
        "sessions": sessions_of(found),
        "now": clock.now(),
        "today": clock.today(),
    }
    return render(request, "desk/group.html", context)


def group_to_run(user: User, pk: UUID) -> Group:
    """The group. Http404 where it is not visible, else PermissionDenied. One query for those who run it."""
    groups = Group.objects.select_related("program__institution", "room")
    found = groups.coordinated_by(user).filter(pk=pk).first()
    if found is None:
        found = get_object_or_404(groups.visible_to(user), pk=pk)
        if not rules.can_run(user, found.program):
            raise PermissionDenied
    return found


def sessions_of(found: Group) -> list[GroupSession]:
    """Each with ``present`` and ``listed``, how many, never who."""
    counted = found.sessions.select_related("room").annotate(
        listed=Count("attendances"), present=Count("attendances", filter=Q(attendances__state="present"))
    )
    return list(counted.order_by("starts_at"))
