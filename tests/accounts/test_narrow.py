"""Each condition of what a narrow session and a remembered device open, by itself."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from accounts import access
from accounts.models import RememberedDevice
from tests.factories.links import PersonalLinkFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def visit(key: str = ""):
    request = RequestFactory().get("/")
    request.session = SessionStore()
    if key:
        request.COOKIES[access.DEVICE_COOKIE] = key
    return request


def narrow(link, until=NOON + access.LASTS):
    known = {"user": str(link.user_id), "until": until.timestamp(), "links": {str(link.pk): link.counter}}
    return {access.NARROW: known}


def device(link, key, expires_at=NOON + access.REMEMBERED_FOR):
    return RememberedDevice.objects.create(link=link, key_hash=access.hashed(key), expires_at=expires_at)


def test_a_narrow_session_ends_at_its_last_moment():
    link = PersonalLinkFactory()

    assert access.in_session(narrow(link), [link.purpose]) == [link]
    assert access.in_session(narrow(link, until=NOON), [link.purpose]) == []


def test_a_link_that_is_over_or_taken_back_opens_nothing_here_or_on_a_device():
    over = PersonalLinkFactory(expires_at=NOON)
    back = PersonalLinkFactory(revoked_at=NOON)

    for link in (over, back):
        device(link, "mine")
        assert access.in_session(narrow(link), [link.purpose]) == []
        assert access.on_device(visit("mine"), [link.purpose]) == []


def test_a_device_opens_what_was_remembered_under_its_own_key_until_it_is_over():
    link = PersonalLinkFactory()
    row = device(link, "mine")

    assert access.on_device(visit("mine"), [link.purpose]) == [link]
    assert access.on_device(visit("another"), [link.purpose]) == []
    assert access.on_device(visit(), [link.purpose]) == []
    assert access.on_device(visit("mine"), ["guide"]) == []
    row.expires_at = NOON
    row.save()
    assert access.on_device(visit("mine"), [link.purpose]) == []


def test_a_device_on_which_two_people_were_remembered_at_once_opens_the_pages_of_one():
    links = [PersonalLinkFactory(), PersonalLinkFactory()]
    for link in links:
        device(link, "mine")

    assert access.open_links(visit("mine"), [links[0].purpose]) in ([links[0]], [links[1]])


def test_a_narrow_session_begins_with_a_new_token_and_nothing_of_a_sign_in():
    link, earlier = PersonalLinkFactory(), PersonalLinkFactory()
    request = visit()
    request.session.update(narrow(earlier))
    request.session[access.NARROW]["user"] = str(link.user_id)
    request.session[SESSION_KEY] = str(link.user_id)

    access.begin(request, link)

    assert set(request.session[access.NARROW]["links"]) == {str(link.pk)}
    assert SESSION_KEY not in request.session
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_a_device_of_somebody_else_gets_a_new_key_and_forgets_them():
    mine, theirs = PersonalLinkFactory(), PersonalLinkFactory()
    device(mine, "my phone")
    device(theirs, "this one")
    answer = HttpResponse()

    access.remember(visit("this one"), answer, mine)

    assert answer.cookies[access.DEVICE_COOKIE].value not in ("", "this one", "my phone")
    assert not theirs.devices.exists()
    assert mine.devices.count() == 2


def signs_in(request, link):
    user_logged_in.send(type(link.user), request=request, user=link.user)


@pytest.mark.parametrize("comes", [signs_in, access.begin])
def test_a_device_that_knew_somebody_else_forgets_them_when_another_comes(comes):
    mine, theirs = PersonalLinkFactory(), PersonalLinkFactory()
    kept = device(theirs, "another")
    own = device(mine, "this one")
    device(theirs, "this one")

    comes(visit("this one"), mine)

    assert set(RememberedDevice.objects.all()) == {kept, own}


def test_forgetting_a_device_forgets_no_other():
    link = PersonalLinkFactory()
    device(link, "this one")
    kept = device(link, "another")
    answer = HttpResponse()

    access.end(visit("this one"), answer)

    assert list(RememberedDevice.objects.all()) == [kept]
    assert answer.cookies[access.DEVICE_COOKIE]["max-age"] == 0
