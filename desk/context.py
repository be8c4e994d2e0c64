from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment

Role = Appointment.Role


def page(request: HttpRequest) -> dict[str, Any]:
    """The main menu: what this person's roles give. No query; asked only where a page has a header."""
    return {"navigation": navigation(request)}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Nothing for whoever came by a personal link, or must first set up a second factor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    if getattr(request, "narrow", None) or getattr(request, "must_enrol", False):
        return []
    held = set(getattr(user, "roles", ()))
    places = [(_("Worklist"), reverse("desk:home"))]
    if Role.COORDINATOR in held:
        places.append((_("Programs"), reverse("programs:list")))
    if Role.DIRECTOR in held:
        places.append((_("All programs"), reverse("desk:director")))
    if Role.ADMINISTRATOR in held and Role.COORDINATOR not in held:
        places.append((_("Institution"), reverse("accounts:my-institution")))
    return [{"label": label, "url": url, "current": request.path == url} for label, url in places]
