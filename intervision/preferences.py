"""The colours a reader chose, kept in a cookie so that the first byte of a page already has them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

THEME_COOKIE = "__Host-theme" if settings.HTTPS else "theme"
THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def chosen_theme(request: HttpRequest) -> str:
    """``light`` or ``dark`` where the reader chose; empty where the device decides."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the switch was on, if that is a page of ours."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)


@login_not_required
@require_http_methods(["POST"])
def set_theme(request: HttpRequest) -> HttpResponse:
    response = back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, YEAR, samesite="Lax", secure=settings.HTTPS)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
