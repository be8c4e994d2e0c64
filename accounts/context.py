from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Appointment


class Entry(NamedTuple):
    label: str
    url: str


def page(request: HttpRequest) -> dict[str, Any]:
    """The house whose page this is, where "I need to talk to someone" leads from here, and one's own menu."""
    institution = getattr(request, "institution", None)
    return {
        "institution": institution,
        "help_url": help_address(institution.slug if institution else ""),
        "account_navigation": account_navigation(request),
    }


def account_navigation(request: HttpRequest) -> tuple[Entry, ...]:
    """Nothing for whoever came by a personal link, or must first set up a second factor."""
    if getattr(request, "narrow", None) or getattr(request, "must_enrol", False):
        return ()
    in_charge = {Appointment.Role.COORDINATOR, Appointment.Role.ADMINISTRATOR}
    return own_menu(bool(in_charge & set(getattr(request.user, "roles", ()))), get_language())


@cache
def help_address(slug: str) -> str:
    return reverse("accounts:help", args=[slug]) if slug else reverse("accounts:help-list")


@cache
def own_menu(in_charge: bool, language: str | None) -> tuple[Entry, ...]:
    """One's own pages, said in the active ``language``; the house for whoever sees to it."""
    menu = [Entry(_("You"), reverse("accounts:me")), Entry(_("My data"), reverse("desk:my-data"))]
    if in_charge:
        menu.append(Entry(_("Institution"), reverse("accounts:my-institution")))
    return tuple(menu)
