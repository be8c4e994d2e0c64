"""Where somebody is signed in; the list itself is allauth's page."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.access import Request
from intervision import notices


@require_http_methods(["POST"])
def end_sign_in(request: Request, pk: int) -> HttpResponse:
    """End one of one's own sign-ins, this one or one elsewhere: its cookie opens nothing from then on."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    here = session.is_current()
    end_sessions(request, [session])
    if here:
        return redirect("accounts:signed-out")
    notices.done(request, _("Signed out there."))
    return redirect("usersessions_list")


@require_http_methods(["POST"])
def forget_devices(request: Request) -> HttpResponse:
    """Let no browser open one's personal links without a mail any more, for whoever lost a phone."""
    access.remembered(request.user).delete()
    notices.done(request, _("Forgotten. From now on only the link in a mail opens your own pages there."))
    return redirect("usersessions_list")
