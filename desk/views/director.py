"""The director's page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Institution
from catalogue import load
from checklist import picture
from checklist.models import HousePicture
from desk import rules
from intervision import clock
from programs.models import Program
from surveys.releasing import DIRECTOR_GROUPS, DIRECTOR_PEOPLE

COLUMNS = ("reached", "met", "logged")


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the page; ``since`` only where it is of an earlier day than the others."""

    value: Any
    since: dt.date | None


@require_http_methods(["GET"])
def director(request: Request) -> HttpResponse:
    if not rules.can_oversee(request.user, request.institution):
        raise PermissionDenied
    house = cast(Institution, request.institution)  # nobody oversees none
    shown = picture.of(house, clock.now())
    context = {
        "groups": DIRECTOR_GROUPS,
        "people": DIRECTOR_PEOPLE,
        "on": house.on_day(shown.taken_at) if shown.taken_at else None,
        "until": picture.until(house, shown),
        **_counted(shown),
    }
    return render(request, "desk/director.html", context)


def _counted(shown: HousePicture) -> dict[str, Any]:
    told = {key: [_told(shown, f"{column}:{key}") for column in COLUMNS] for key in load().formats}
    lines = [(load().formats[key].label, *cells) for key, cells in told.items() if any(cells)]
    met = [cells[1].value for cells in told.values() if cells[1]]
    took_place, due, groups = map(sum, zip(*met, strict=True)) if met else (0, 0, 0)
    stages = [(label, _told(shown, f"stage:{stage}")) for stage, label in Program.Stage.choices]
    return {"lines": lines, "took_place": took_place, "due": due, "met": groups, "stages": stages}


def _told(shown: HousePicture, name: str) -> Told | None:
    figure = shown.content.get(name)
    if figure is None:
        return None
    day = dt.date.fromisoformat(figure["on"])
    return Told(figure["value"], day if day < shown.institution.on_day(shown.taken_at) else None)
