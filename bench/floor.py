"""The bare floor beside which our pages are measured: somebody signed in, one indexed query, thirty lines of template.

``tests/bench/test_floor.py`` fixes its queries, lines and middleware, so that nobody wins by slowing it.
"""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from accounts.models import Institution

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
#: Django's own, as they come: nothing of ours makes the floor slower, or faster.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
BACKEND = "django.contrib.auth.backends.ModelBackend"
CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
]


def overrides() -> dict[str, Any]:
    """The settings under which the floor answers."""
    folder = str(Path(__file__).parent / "templates")
    engine = "django.template.backends.django.DjangoTemplates"
    return {
        "ROOT_URLCONF": __name__,
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": [{"BACKEND": engine, "DIRS": [folder], "OPTIONS": {"context_processors": CONTEXT}}],
        "SESSION_ENGINE": SESSION_ENGINE,
        "AUTHENTICATION_BACKENDS": [BACKEND],
        "LANGUAGE_CODE": "en",
    }


def page(request: HttpRequest, rows: int = 0) -> HttpResponse:
    """One row of a table by its key, and ``rows`` lines of four plain columns."""
    if isinstance(request.user, AnonymousUser):
        return HttpResponse(status=403)
    institution = Institution.objects.get(slug="waterpoort")
    lines = [(f"Group {n}", n, "in 3 days", "Room 4.11") for n in range(rows)]
    return render(request, "floor.html", {"institution": institution, "lines": lines})


urlpatterns = [path("", page), path("<int:rows>/", page)]
