"""The privacy officer's page: who opened which kind of text of whose, and when."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import periods
from accounts.access import Request, still_you
from desk import opened as found
from desk import rules
from desk.forms.opened import OpenedForm
from intervision import clock
from programs.people.export import csv_bytes
from vault import looking
from vault.models import AccessEvent

PAGE = 50


@require_http_methods(["GET", "POST"])
def opened(request: Request) -> HttpResponse:
    """Looking for somebody, or in some days, takes a button and no address: it is written down, and whoever is found
    sees it."""
    form, rows = asked(request)
    page = Paginator(rows, PAGE).get_page((request.POST if form.is_bound else request.GET).get("page"))
    narrowed = form.is_bound and form.is_valid() and any(form.narrows.values())
    if narrowed:
        looking.note(request.user, page)
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "lines": list(found.lines(page)),
        "narrowed": narrowed,
        "kept": periods.table(request.institution)["access_events"].until,
    }
    return render(request, "desk/opened.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
@still_you
def opened_csv(request: Request) -> HttpResponse:
    """The same as a file. Everybody in it sees that it was taken."""
    _form, rows = asked(request)
    taken = list(rows)
    looking.note(request.user, taken)
    header = [_("When"), _("Who"), _("What"), _("Whose")]
    body = csv_bytes(
        header,
        (
            (
                f"{localtime(line.at):%Y-%m-%d %H:%M}",
                line.who or _("erased"),
                line.what,
                line.whose or _("erased"),
            )
            for line in found.lines(taken)
        ),
    )
    name = f"intervision-opened-{clock.today().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


def asked(request: Request) -> tuple[OpenedForm, QuerySet[AccessEvent]]:
    """The filter and what it leaves; what is asked wrongly leaves nothing. PermissionDenied for anybody else."""
    if not rules.can_see_opened(request.user):
        raise PermissionDenied
    rows = found.events(request.user)
    form = OpenedForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return form, rows
    return form, found.narrowed(rows, **form.narrows) if form.is_valid() else rows.none()
