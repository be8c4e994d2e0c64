"""Of what comes after the end of a sign-in: what is kept in a page, and when the mark of who typed it goes."""

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse

from accounts import author
from accounts.middleware import KeepWhatWasTyped
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
TEXT = "Minder hard zijn voor mezelf na een fout"


@pytest.fixture
def keep():
    return KeepWhatWasTyped(lambda _request: HttpResponse())


def of_nobody(request, **cookies):
    request.user, request.session = AnonymousUser(), SessionStore()
    request.COOKIES |= cookies
    return request


def marked(rf, user):
    """The cookie that somebody's browser got when they signed in."""
    request, answer = rf.get("/"), HttpResponse()
    author.comes(request, user)
    author.answered(request, answer)
    return {author.COOKIE: answer.cookies[author.COOKIE].value}


def test_only_what_is_sent_to_a_page_that_asks_to_sign_in_is_kept(rf, keep):
    sent = of_nobody(rf.post("/", {"goal": TEXT}), **marked(rf, UserFactory()))

    kept = keep.process_view(sent, lambda _request: HttpResponse())
    assert (kept.status_code, "typed_before" in kept.content.decode()) == (403, True)
    assert keep.process_view(sent, login_not_required(lambda _request: HttpResponse())) is None


@pytest.mark.parametrize("ended", [True, False], ids=["ended from elsewhere", "still there"])
def test_the_mark_goes_with_a_session_that_was_ended_and_with_no_other(rf, keep, ended):
    session = SessionStore()
    session.create()
    asked = of_nobody(rf.get("/"), **{settings.SESSION_COOKIE_NAME: session.session_key})
    if ended:
        session.delete()

    assert (author.COOKIE in keep(asked).cookies) is ended
