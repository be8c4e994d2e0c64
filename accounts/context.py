from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment, Institution


def page(request: HttpRequest) -> dict[str, Any]:
    """The house whose page this is, where "I need to talk to someone" leads from here, and one's own menu."""
    institution = getattr(request, "institution", None)
    return {
        "institution": institution,
        "help_url": help_address(institution),
        "account_navigation": own_menu(request),
    }


def help_address(institution: Institution | None) -> str:
    return reverse("accounts:help", args=[institution.slug]) if institution else reverse("accounts:help-list")


def own_menu(request: HttpRequest) -> list[dict[str, str]]:
    if getattr(request, "must_enrol", False):
        return []
    menu = [
        {"label": _("You"), "url": reverse("accounts:me")},
        {"label": _("My data"), "url": reverse("desk:my-data")},
    ]
    if {Appointment.Role.COORDINATOR, Appointment.Role.ADMINISTRATOR} & set(
        getattr(request.user, "roles", ())
    ):
        menu.append({"label": _("Institution"), "url": reverse("accounts:my-institution")})
    return menu
