"""Signing in to the demonstration, one button for each role. The URLs exist only when DEMO is on."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import factors, signing_in
from accounts.models import User

#: The demonstration's people, by their address.
ROLES = [
    (
        "coordinator@demo.example",
        _("Coordinator"),
        _("Plans programs, groups and dates, and sees what is missing"),
    ),
    ("intervisor@demo.example", _("Intervisor"), _("Guides groups: intakes, sessions, the log")),
    ("resident@demo.example", _("Resident"), _("Takes part: the time reserved, the group, the next session")),
    (
        "director@demo.example",
        _("Director"),
        _("Sees how programs are doing, never a group or a person"),
    ),
    ("administrator@demo.example", _("Administrator"), _("Sees to the institution and to who has a role")),
    (
        "independent@demo.example",
        _("Independent person"),
        _("Looks into reports that something left a group"),
    ),
    (
        "examples@demo.example",
        _("Coordinator of the second hospital"),
        _("Runs programs that show what the checklist says: strong, fragile, held down, flagged, unknown"),
    ),
    (
        "examples-director@demo.example",
        _("Director of the second hospital"),
        _("Reads what these programs come to together, never a group or a person"),
    ),
    (
        "privacy@demo.example",
        _("Privacy officer"),
        _("Sees who opened which text, never a text"),
    ),
]


class SignInForm(forms.Form):
    email = forms.ChoiceField(choices=[(email, email) for email, _label, _job in ROLES])


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    if request.method == "GET":
        there = set(User.objects.filter(email__endswith="@demo.example").values_list("email", flat=True))
        roles = [role for role in ROLES if role[0] in there]
        return render(request, "accounts/demo.html", {"roles": roles, "next": request.GET.get("next", "")})
    form = SignInForm(request.POST)
    user = User.objects.filter(email=form.cleaned_data["email"]).first() if form.is_valid() else None
    if user is None:
        raise Http404
    signing_in.sign_in(request, user, factors.DEMONSTRATION)
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    response = redirect(target if ours else "/")
    # Whoever tries it keeps the language of their browser, whatever the person they become prefers.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        translation.get_language(),
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response
