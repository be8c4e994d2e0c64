"""Who is asking, in which house, in which language and time zone. Runs between sign-in and the view."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone

from accounts import access, author, factors, kept
from accounts.models import User

Answer = Callable[[HttpRequest], HttpResponse]


class KnowPerson:
    """Let a narrow session reach the views marked for it, and use the person's house and language.

    Before LoginRequiredMiddleware: whoever is nobody here meets the sign-in page there.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Any) -> HttpResponse:
        request.narrow = request.institution = None
        timezone.deactivate()
        if auth.SESSION_KEY in request.session:
            request.session.pop(access.NARROW, None)  # a full sign-in takes the place of a narrow one
        return self.answer(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        user = self.person(request, getattr(view, "open_to_links", frozenset()))
        if user is None:
            return
        access.speak(request, user.language)
        if home := user.home:
            access.use_institution(request, home)

    def person(self, request: Any, purposes: frozenset[str]) -> User | None:
        """Whoever is signed in, or came by a link to a view that links open."""
        if request.user.is_authenticated:
            return cast(User, request.user)
        links = access.open_links(request, purposes)
        if not links:
            return None
        request.user = User.objects.with_house().get(pk=links[0].user_id)
        request.narrow = access.Narrow(frozenset(link.about_id for link in links))
        return cast(User, request.user)


def lead_htmx_to_sign_in(answer: Answer) -> Answer:
    """A run-out session answers htmx with a whole new page, or the sign-in page lands inside a card."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if isinstance(response, HttpResponseRedirect) and request.headers.get("HX-Request") == "true":
            address = response.url.partition("?")[0]
            if address in (
                resolve_url(settings.LOGIN_URL),
                reverse("mfa_index"),
                reverse("mfa_reauthenticate"),
            ):
                return HttpResponse(status=204, headers={"HX-Redirect": address})
        return response

    return middleware


class KeepWhatWasTyped:
    """Let nobody lose what they typed because their sign-in ran out meanwhile, also without JavaScript.

    After KnowPerson and the check against forgery, before LoginRequiredMiddleware.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Any) -> HttpResponse:
        request.sent_on = request.author = None  # a sign-in that ran out just before this left its mark
        author.ended(request)
        response = self.answer(request)
        author.answered(request, response)
        if request.sent_on and response.status_code >= HTTPStatus.BAD_REQUEST:
            kept.give_back(request.sent_on)
        return response

    def process_view(self, request: Any, view: Any, *args: object) -> HttpResponse | None:
        if request.method != "POST" or not getattr(view, "login_required", True):
            return None
        if getattr(view, "decided_now", False):
            return None
        if kept.FIELD in request.POST:
            return self.comes_back(request)
        if request.user.is_authenticated or not kept.is_sent_by_page(request):
            return None
        who = kept.whose(request)
        sealed = kept.seal(request, who) if who else ""
        return kept.page(request, sealed, state="ended") if sealed else None

    def comes_back(self, request: Any) -> HttpResponse | None:
        """What was kept goes on as if it were sent now, when the same person sends it."""
        typed = kept.opened(request)
        if typed is None:
            raise PermissionDenied
        if refused := kept.stopped(request, typed):
            return refused
        if not kept.take(typed):
            return kept.page(request, "", state="sent")
        request.sent_on = typed
        request.POST = request._post = typed.post
        return None


class RequireSecondFactor:
    """Lead whoever must have a second factor, and signed in without one, to the page where they set it up.

    After LoginRequiredMiddleware. A narrow session is no sign-in and reads nothing that a role gives.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: Any, *args: object) -> HttpResponse | None:
        request.must_enrol = self.lacks_one(request)
        if not request.must_enrol or request.resolver_match.view_name in factors.WITHOUT_SECOND_FACTOR:
            return None
        if not factors.has_one(request.user):
            return redirect("mfa_index")
        onward = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': onward})}")

    def lacks_one(self, request: Any) -> bool:
        if request.narrow:
            return False
        user = request.user
        return user.is_authenticated and factors.required_of(user) and not factors.passed(request)
