"""The pages for what went wrong. They need no database, no session and nothing of the request."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from intervision import logs


def page(status: int) -> HttpResponse:
    """The page for ``status``. The same bytes for every cause, so that a refusal tells nothing."""
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    from accounts import kept

    return kept.after_stale_token(request) or page(403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(404)


def too_large(request: HttpRequest) -> HttpResponse:
    return page(413)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away is 503, worth another try; anything else 500, with the code of its log line."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = page(503)
        response["Retry-After"] = "10"
        return response
    return HttpResponse(render_to_string("500.html", {"code": logs.cause.get()}), status=500)
