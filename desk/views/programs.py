"""A program, and one of its groups, as its coordinator sees them: the state, and what needs somebody."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Placement, User
from desk import group_rows, needs, overview, queries
from desk.overview import PAGE
from intervision import clock
from intervision.paging import page_of
from intervision.prepared import Question
from programs.models import GroundRules, Group, Guide, Membership
from programs.models.group import GroupQuerySet
from programs.views.find import program_to_run
from sessions.models import GroupSession

#: A drawing with more rows than this says less than the table.
DRAWN = 12


@require_http_methods(["GET"])
def program(request: Request, pk: UUID) -> HttpResponse:
    found = program_to_run(request.user, pk)
    now, today = clock.now(), clock.today()
    groups = overview.first_groups.rows(found.pk, today)
    page = page_of(groups, PAGE, request.GET.get("page"), lambda: overview.groups_of(found.pk, today))
    shown = overview.lines(list(page.object_list), now)
    rows = queries.ask([queries.COORDINATOR], programs=[found.pk], now=now, today=today)
    context = {
        "program": found,
        "page": page,
        "rows": [overview.row_of(line) for line in shown],
        "upcoming": overview.upcoming(shown)[:5],
        "key": str(found.pk),
        "needs": needs.say(rows, {found.pk: found}),
        "picture": overview.picture(found, shown, now) if 0 < len(shown) <= DRAWN else None,
    }
    return render(request, "desk/program.html", context)


@require_http_methods(["GET"])
def group(request: Request, pk: UUID) -> HttpResponse:
    """Who is in it, who leads, the sessions with attendance as counts: never who was there."""
    found = group_to_run(request.user, pk)
    now, today = clock.now(), clock.today()
    context = {
        "group": found,
        "program": found.program,
        "keys": {"program": str(found.program_id), "group": str(found.pk)},
        "members": [
            group_rows.person(one, today, intakes=found.program.has_intakes)
            for one in people.rows(found.pk, today)
        ],
        "guides": guides.rows(found.pk, today),
        "sessions": [group_rows.session(one, now) for one in counted.rows(found.pk)],
    }
    return render(request, "desk/group.html", context)


def group_to_run(user: User, pk: UUID) -> Group:
    """The group. Http404 where it is not visible, else PermissionDenied. One query for those who run it."""
    found = next(iter(run_by.rows(user.pk, clock.today(), pk)), None)
    if found is None:
        get_object_or_404(together().visible_to(user), pk=pk)
        raise PermissionDenied
    return found


def together() -> GroupQuerySet:
    return Group.objects.select_related("program__institution", "room")


def people_of(group: UUID, today: dt.date) -> QuerySet[Membership]:
    """Each with ``year`` of training today, and ``agreed``, whether they confirmed the newest ground rules."""
    newest = GroundRules.objects.filter(group=group).order_by("-version").values("pk")[:1]
    agreed = GroundRules.objects.filter(pk=Subquery(newest), confirmations__user=OuterRef("user"))
    year = Placement.objects.current(today).filter(user=OuterRef("user")).values("training_year")[:1]
    members = Membership.objects.live().filter(group=group).select_related("user", "intake")
    shown = members.only("state", "suspended_from", "paused_from", *Membership.SHOWN, "intake__state")
    return shown.annotate(year=Subquery(year), agreed=Exists(agreed))


def sessions_of(group: UUID) -> QuerySet[GroupSession]:
    """Each with ``present`` and ``listed``, how many, never who."""
    shown = GroupSession.objects.filter(group=group).select_related("room")
    shown = shown.only("number", "starts_at", "ends_at", "state", "room__name")
    present = Count("attendances", filter=Q(attendances__state="present"))
    return shown.annotate(listed=Count("attendances"), present=present).order_by("starts_at")


run_by: Question[Group] = Question(
    lambda user, today, pk: together().coordinated_by(User(pk=user), today).filter(pk=pk), UUID, dt.date, UUID
)
people: Question[Membership] = Question(people_of, UUID, dt.date)
guides: Question[Guide] = Question(
    lambda group, today: (
        Guide.objects.current(today)
        .filter(group=group)
        .select_related("user")
        .only("suspended_from", "user__name")
    ),
    UUID,
    dt.date,
)
counted: Question[GroupSession] = Question(sessions_of, UUID)
