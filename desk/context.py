from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Appointment

Role = Appointment.Role


class Place(NamedTuple):
    label: str
    url: str
    current: bool = False


def page(request: HttpRequest) -> dict[str, Any]:
    """The main menu: what this person's roles give. No query; asked only where a page has a header."""
    return {"navigation": navigation(request)}


def navigation(request: HttpRequest) -> tuple[Place, ...]:
    """Nothing for whoever came by a personal link, or must first set up a second factor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    if getattr(request, "narrow", None) or getattr(request, "must_enrol", False):
        return ()
    known = places(frozenset(getattr(user, "roles", ())), get_language())
    return tuple(place._replace(current=True) if place.url == request.path else place for place in known)


@cache
def places(held: Iterable[str], language: str | None) -> tuple[Place, ...]:
    """Where these roles lead, said in the active ``language``."""
    found = [Place(_("Worklist"), reverse("desk:home"))]
    if Role.COORDINATOR in held:
        found.append(Place(_("Programs"), reverse("programs:list")))
    if Role.DIRECTOR in held:
        found.append(Place(_("All programs"), reverse("desk:director")))
    if Role.INDEPENDENT in held:
        found.append(Place(_("Reports"), reverse("concerns:list")))
    if Role.PRIVACY in held:
        found.append(Place(_("Who opened what"), reverse("desk:opened")))
    if Role.ADMINISTRATOR in held and Role.COORDINATOR not in held:
        found.append(Place(_("Institution"), reverse("accounts:my-institution")))
    return tuple(found)
