"""Signing in at the hospital: whom it lets in, and how a person here is linked to an account there.

An account there is linked by opening an invitation and signing in there, never because addresses are the same:
addresses are handed on to others. The link lives here; what a person wrote hangs on the person, so it stays when a
hospital changes an id and somebody is invited to link anew.
"""

from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess, Provider
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import invitations, once_more, saml_metadata
from accounts.actions import invitations as actions
from accounts.errors import InvitationOver
from accounts.models import User

#: In the state kept for one way there and back: the token of the invitation that somebody left with.
INVITED = "invitation"


def ways_in(request: HttpRequest) -> list[Provider]:
    return list(HospitalAdapter().list_providers(request)) if settings.SOCIALACCOUNT_PROVIDERS else []


def leave_for(request: HttpRequest, provider_id: str, token: str) -> HttpResponse:
    """Send somebody who opened the invitation ``token`` to the hospital, to come back and be linked."""
    provider = HospitalAdapter().get_provider(request, provider_id)
    idp = provider.app.settings.get("idp")
    if idp and not saml_metadata.are_there(idp):
        return saml_metadata.missing(request)
    response: HttpResponse = provider.redirect(request, process=AuthProcess.LOGIN, data={INVITED: token})
    return response


class HospitalAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("You have no password yet. Without this link you could not sign in any more."),
        "no_verified_email": _("Confirm your e-mail address first."),
    }

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Keep nothing of what the hospital says about somebody but who they are there."""
        sociallogin.said_at = once_more.said_at(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = []
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link the account to the person whose invitation was opened before; or know somebody again who was asked."""
        data = sociallogin.state.get("data") or {}
        if once_more.ASKED in data:
            raise ImmediateHttpResponse(once_more.comes_back(request, sociallogin))
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            ask_before_linking(request, sociallogin)
        token = data.get(INVITED)
        if token is None:
            return
        invitation = invitations.find(token)
        if invitation is None:
            raise ImmediateHttpResponse(render(request, "accounts/invitation_over.html", status=410))
        if sociallogin.account.pk and sociallogin.account.user_id != invitation.user_id:
            raise ImmediateHttpResponse(render(request, "socialaccount/another_person.html", status=409))
        try:
            user = actions.accept(invitation, password=None)
        except InvitationOver as error:
            over = render(request, "accounts/invitation_over.html", status=410)
            raise ImmediateHttpResponse(over) from error
        link(user, sociallogin)
        once_more.note(request, user, sociallogin)  # they hold the mail, and signed in with it

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Known at the hospital is not known here."""
        raise ImmediateHttpResponse(render(request, "socialaccount/not_linked.html", status=403))


def ask_before_linking(request: HttpRequest, sociallogin: SocialLogin) -> None:
    if once_more.is_needed(request):
        raise ImmediateHttpResponse(once_more.ask(reverse("socialaccount_connections")))
    if request.user.is_authenticated and is_reauthentication_required(request, app="intervision"):
        raise ImmediateHttpResponse(once_more.hold_link(request, sociallogin))


def link(user: User, sociallogin: SocialLogin) -> None:
    sociallogin.account.user = sociallogin.user = user
    sociallogin.account.save()
    drop_others(sociallogin)


def drop_others(sociallogin: SocialLogin, **kwargs: Any) -> None:
    """One account with each issuer: an id that was theirs may be given to somebody else."""
    account = sociallogin.account
    others = SocialAccount.objects.filter(user=account.user_id, provider=account.provider)
    others.exclude(pk=account.pk).delete()
