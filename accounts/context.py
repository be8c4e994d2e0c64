from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def page(request: HttpRequest) -> dict[str, Any]:
    """The house whose page this is, and where "I need to talk to someone" leads from here."""
    institution = getattr(request, "institution", None)
    help_url = (
        reverse("accounts:help", args=[institution.slug]) if institution else reverse("accounts:help-list")
    )
    return {"institution": institution, "help_url": help_url}
