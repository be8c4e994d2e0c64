from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access, links
from accounts.actions import links as actions
from accounts.forms.links import AskForm


@login_not_required
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, since mail scanners follow links: only pressing it opens anything."""
    if sent := links.issued(token):
        access.speak(request, sent.user.language)
    link = links.find(token)
    if link is None:
        return render(request, "accounts/link_ended.html", {"token": token}, status=410)
    if request.method == "GET":
        return render(request, "accounts/link.html", {"token": token})
    response = redirect(link.path)
    if request.user.is_authenticated and request.user.pk == link.user_id:
        return response
    access.begin(request, link)
    if request.POST.get("remember"):
        access.remember(request, response, link)
    return response


@login_not_required
@require_http_methods(["POST"])
def send_link_again(request: HttpRequest, token: str) -> HttpResponse:
    """Whatever the token is, the answer is the same; a mail leaves only for one we once sent."""
    actions.send_again(token)
    return redirect("accounts:link-on-its-way")


@login_not_required
@require_http_methods(["GET", "POST"])
def ask_for_link(request: Any) -> HttpResponse:
    """For whoever takes part and is at a browser that does not know them, as after scanning a code."""
    data = request.POST if request.method == "POST" else None
    form = AskForm(data, initial={"next": request.GET.get("next", "")})
    if form.is_valid():
        if ratelimit.consume(request, action="ask"):
            actions.send_to(form.cleaned_data["email"], path=form.cleaned_data["next"])
            return redirect("accounts:link-on-its-way")
        form.add_error(None, _("Very many people at once. Please wait a minute and try again."))
    return render(request, "accounts/ask_for_link.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET"])
def link_on_its_way(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_on_its_way.html")


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends a full sign-in and a narrow session alike, and what this device remembers."""
    if request.method == "GET":
        return render(request, "accounts/sign_out.html")
    response = redirect("accounts:signed-out")
    access.end(request, response)
    return response


@login_not_required
@require_http_methods(["GET"])
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/signed_out.html")
