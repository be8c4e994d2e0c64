from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import access, factors, hospital, invitations, signing_in
from accounts.actions import invitations as actions
from accounts.errors import InvitationOver
from accounts.forms.invitations import ChoosePasswordForm
from accounts.models import Invitation


@login_not_required
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Sets a password and signs in; whoever has one already signs in with that."""
    invitation = invitations.find(token)
    if invitation is None:
        return over(request)
    access.speak(request, invitation.user.language)
    if provider := request.POST.get("hospital"):
        return go_to_hospital(request, provider, token)
    if invitation.user.has_usable_password():
        return accept_known(request, invitation)

    form = ChoosePasswordForm(request.POST or None, user=invitation.user)
    if form.is_valid():
        try:
            user = actions.accept(invitation, password=form.cleaned_data["password"])
        except InvitationOver:
            return over(request)
        if factors.has_one(user):
            return redirect("account_login")  # which asks for it
        signing_in.sign_in(request, user, "password", reauthenticated=True)
        return redirect("/")
    context = {"form": form, "invitation": invitation, "hospitals": hospital.ways_in(request)}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def accept_known(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method == "GET":
        context = {"invitation": invitation, "hospitals": hospital.ways_in(request)}
        return render(request, "accounts/invitation_known.html", context)
    try:
        actions.accept(invitation, password=None)
    except InvitationOver:
        return over(request)
    return redirect("/")


def go_to_hospital(request: HttpRequest, provider_id: str, token: str) -> HttpResponse:
    """The invitation stays open until they are back."""
    if provider_id not in {provider.sub_id for provider in hospital.ways_in(request)}:
        raise Http404
    return hospital.leave_for(request, provider_id, token)


def over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_over.html", status=410)
