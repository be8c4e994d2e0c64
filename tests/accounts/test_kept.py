"""What was typed when a sign-in ran out: locked in the page, sent on by the same person alone, stored nowhere."""

import base64
import datetime as dt
import logging
import re
import uuid

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

import vault
from accounts import author, kept
from accounts.models import User
from intervision import clock
from programs.models import LearningGoal
from sessions.models import SessionLog
from tests.factories.links import come_by_link
from tests.factories.programs import GuideFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory
from tests.factories.signing_in import with_password_only
from vault import keyring, sealing, secrets

pytestmark = pytest.mark.django_db
TEXT = "Minder hard zijn voor mezelf na een fout"
NOW = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
PASSWORD = "een goede lange zin voor dit"
SIGN_IN = "/accounts/login/"
LATER = NOW + dt.timedelta(minutes=31)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    return MembershipFactory(accepted_at=NOW)


@pytest.fixture
def device():
    """Checks forms as a browser does, with the token it was given last."""
    return Client(enforce_csrf_checks=True)


def address(place):
    return reverse("programs:new-goal", args=[place.pk])


def token(answer):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())[1]


def locked_in(answer):
    return re.search(rf'name="{kept.FIELD}" value="([^"]+)"', answer.content.decode())[1]


def typed_too_late(device, place, **more):
    """The page that comes when ``place``'s owner sends a goal half an hour after opening the form."""
    device.force_login(place.user)
    form = device.get(address(place))
    with time_machine.travel(LATER, tick=False):
        said = {"csrfmiddlewaretoken": token(form), "goal": TEXT, "share": "", "goal_id": str(uuid.uuid4())}
        return device.post(address(place), said | more)


def send(device, place, answer, *, at=LATER, **more):
    fields = {"csrfmiddlewaretoken": token(answer), kept.FIELD: locked_in(answer)}
    with time_machine.travel(at, tick=False):
        return device.post(address(place), fields | more)


def sign_in_again(device, user, *, client_login=Client.force_login, at=LATER):
    with time_machine.travel(at, tick=False):
        client_login(device, user)
        device.cookies.pop(
            settings.CSRF_COOKIE_NAME
        )  # as signing in does: forms have a new token from here on
        device.get(reverse("accounts:me"))


def test_what_was_typed_is_shown_to_the_same_person_and_sent_by_them(device, place):
    page = typed_too_late(device, place)
    assert page.status_code == 403
    assert "You are no longer signed in" in page.content.decode()

    sign_in_again(device, place.user)
    again = send(device, place, page)
    assert TEXT in again.content.decode()
    assert not LearningGoal.objects.exists()

    assert send(device, place, again).status_code == 302
    assert vault.read(place.user, LearningGoal.objects.get())["goal"] == TEXT


def test_the_page_holds_it_locked_and_nothing_of_it_is_stored_or_logged(device, place, caplog):
    caplog.set_level(logging.DEBUG)
    page = typed_too_late(device, place)
    sign_in_again(device, place.user)
    send(device, place, page)

    assert TEXT not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert not any(TEXT in row.get_decoded().__repr__() for row in Session.objects.all())
    assert TEXT not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from cache_entries where value like %s", [f"%{TEXT}%"])
        assert cursor.fetchone() == (0,)


def test_the_next_person_at_the_machine_neither_sees_nor_sends_it(device, place):
    page = typed_too_late(device, place)
    other = MembershipFactory(accepted_at=NOW).user
    sign_in_again(device, other)

    first = send(device, place, page)
    assert "Somebody else typed this" in first.content.decode()
    with time_machine.travel(LATER, tick=False):
        fresh = token(device.get(reverse("accounts:me")))
        straight = device.post(address(place), {"csrfmiddlewaretoken": fresh, kept.FIELD: locked_in(page)})

    for answer in (first, straight):
        assert answer.status_code == 403
        assert TEXT not in answer.content.decode()
        assert kept.FIELD not in answer.content.decode()
    assert not LearningGoal.objects.exists()


@pytest.mark.parametrize("signed_in", [True, False])
def test_twelve_hours_later_the_page_opens_for_nobody_and_says_so(device, place, signed_in):
    page = typed_too_late(device, place)
    last = LATER + kept.LASTS
    sign_in_again(device, place.user, at=last)
    assert TEXT in send(device, place, page, at=last).content.decode()
    if not signed_in:
        device.cookies.pop(settings.SESSION_COOKIE_NAME)

    late = send(device, place, page, at=last + dt.timedelta(seconds=1))
    with time_machine.travel(last, tick=False):
        fresh = token(device.get(reverse("accounts:me" if signed_in else "account_login")))
    straight = send(device, place, page, at=last + dt.timedelta(seconds=1), csrfmiddlewaretoken=fresh)

    for answer in (late, straight):
        said = answer.content.decode()
        assert (answer.status_code, "This page was kept too long" in said) == (403, True)
        assert TEXT not in said
        assert kept.FIELD not in said
    assert not LearningGoal.objects.exists()


def test_what_was_sent_once_is_not_saved_a_second_time(device, place):
    page = typed_too_late(device, place)
    sign_in_again(device, place.user)
    again = send(device, place, page)
    assert send(device, place, again).status_code == 302
    LearningGoal.objects.all().delete()  # so that nothing but the kept page itself can refuse it

    for old in (again, page):
        said = send(device, place, old)
        assert (said.status_code, "You sent this already" in said.content.decode()) == (403, True)
    assert not LearningGoal.objects.exists()


def test_what_could_not_be_saved_can_be_sent_again(device, place):
    page = typed_too_late(device, place, share="nobody")
    sign_in_again(device, place.user)
    again = send(device, place, page)

    assert send(device, place, again).status_code == 422
    assert send(device, place, again).status_code == 422


def test_whoever_is_not_signed_in_yet_gets_the_same_page_again(device, place):
    page = typed_too_late(device, place)
    again = send(device, place, page)

    assert "You are no longer signed in" in again.content.decode()
    assert locked_in(again) == locked_in(page)


def test_a_form_that_asks_nobody_to_sign_in_is_not_kept(device, place):
    place.user.set_password(PASSWORD)
    place.user.save()
    typed_too_late(device, place)

    with time_machine.travel(LATER, tick=False):
        said = {
            "csrfmiddlewaretoken": token(device.get(SIGN_IN)),
            "login": place.user.email,
            "password": PASSWORD,
        }
        answer = device.post(SIGN_IN, said)

    assert answer.status_code == 302


def test_a_password_alone_is_no_whole_sign_in_where_two_factors_are_asked(device, place):
    page = typed_too_late(device, place)
    User.objects.filter(pk=place.user.pk).update(short_password=True)
    sign_in_again(device, place.user, client_login=with_password_only)

    answer = send(device, place, page)
    assert "You are no longer signed in" in answer.content.decode()
    assert TEXT not in answer.content.decode()
    straight = send(device, place, answer)
    assert (straight.status_code, TEXT in straight.content.decode()) == (403, False)
    assert not LearningGoal.objects.exists()


def test_it_goes_to_the_address_it_was_typed_for_and_nowhere_else(device, place):
    page = typed_too_late(device, place)
    sign_in_again(device, place.user)
    elsewhere = reverse("programs:my-preparation", args=[place.pk])
    with time_machine.travel(LATER, tick=False):
        fresh = token(device.get(reverse("accounts:me")))
        answer = device.post(elsewhere, {"csrfmiddlewaretoken": fresh, kept.FIELD: locked_in(page)})

    assert answer.status_code == 403
    assert not LearningGoal.objects.exists()


@pytest.mark.parametrize("forged", ["", "sealed1.AAAA", "nonsense", None])
def test_what_we_did_not_lock_is_refused_as_ever(device, place, forged):
    device.force_login(place.user)
    form = device.get(address(place))
    forged = secrets.seal('["totp", 1]') if forged is None else forged
    fields = {"goal": TEXT, kept.FIELD: forged}

    assert device.post(address(place), fields | {"csrfmiddlewaretoken": token(form)}).status_code == 403
    stale = device.post(address(place), fields)
    assert stale.status_code == 403
    assert kept.FIELD not in stale.content.decode()
    assert not LearningGoal.objects.exists()


def test_a_forged_post_without_a_token_is_refused_without_a_page_that_sends_it(device, place):
    device.force_login(place.user)
    answer = device.post(address(place), {"goal": TEXT, "share": ""})

    assert answer.status_code == 403
    assert TEXT not in answer.content.decode()


def test_a_sign_in_that_was_ended_leads_to_signing_in(device, place):
    device.force_login(place.user)
    form = device.get(address(place))
    Session.objects.all().delete()
    answer = device.post(address(place), {"csrfmiddlewaretoken": token(form), "goal": TEXT, "share": ""})

    assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_login"))


def test_somebody_deactivated_keeps_nothing(device, place):
    device.force_login(place.user)
    form = device.get(address(place))
    User.objects.filter(pk=place.user.pk).update(is_active=False)
    with time_machine.travel(LATER, tick=False):
        answer = device.post(address(place), {"csrfmiddlewaretoken": token(form), "goal": TEXT})

    assert answer.status_code == 302


def test_twelve_hours_end_a_sign_in_in_use_and_lose_nothing_either(device, place):
    device.force_login(place.user)
    form = device.get(address(place))
    Session.objects.update(expire_date=NOW + dt.timedelta(days=1))
    with time_machine.travel(NOW + dt.timedelta(hours=13), tick=False):
        answer = device.post(address(place), {"csrfmiddlewaretoken": token(form), "goal": TEXT, "share": ""})

    assert locked_in(answer)


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}])
def test_scripts_are_led_to_signing_in_as_before(device, place, headers):
    device.force_login(place.user)
    form = device.get(address(place))
    with time_machine.travel(LATER, tick=False):
        said = {"csrfmiddlewaretoken": token(form), "goal": TEXT}
        answer = device.post(address(place), said, headers=headers)

    assert answer.status_code != 403


def test_neither_a_password_nor_a_form_with_a_file_nor_an_empty_one_is_kept(device, place, rf):
    secret = rf.post("/", {"password1": "x", "oldpassword": "y", "code": "123456"})
    file = rf.post("/", {"goal": TEXT, "file": SimpleUploadedFile("list.csv", b"a")})

    assert [kept.seal(request, "me") for request in (secret, file, rf.post("/"))] == ["", "", ""]


def test_a_log_by_a_link_is_kept_until_the_link_is_opened_again(device):
    guide = GuideFactory(group__program__stage="running")
    end = NOW - dt.timedelta(hours=1)
    session = GroupSessionFactory(group=guide.group, starts_at=end - dt.timedelta(hours=2), ends_at=end)
    url = reverse("sessions:log", args=[session.pk])
    plain = Client()
    come_by_link(plain, guide.user, purpose="guide", about_id=guide.group_id)
    device.cookies = plain.cookies
    form = device.get(url)
    answers = {f"answer_{item.key}": "4" for item in form.context["form"].questions}
    said = {"started": "11:00", "ended": "12:00", "count_pager": "0", "count_called_away": "0"}
    said |= {"count_left_for_care": "0", "csrfmiddlewaretoken": token(form), **answers}
    with time_machine.travel(LATER, tick=False):
        page = device.post(url, said)
        come_by_link(plain, guide.user, purpose="guide", about_id=guide.group_id)
        device.cookies = plain.cookies
        device.get(url)
        again = device.post(url, {"csrfmiddlewaretoken": token(page), kept.FIELD: locked_in(page)})
        if again.status_code == 403:
            again = device.post(url, {"csrfmiddlewaretoken": token(again), kept.FIELD: locked_in(again)})

    assert again.status_code == 302
    assert SessionLog.objects.get().logged_by == guide.user


def signs_in_by_page(device, user):
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    device.cookies.pop(settings.SESSION_COOKIE_NAME, None)  # as when an earlier sign-in ran out
    page = device.get(SIGN_IN)
    said = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token(page)}
    assert device.post(SIGN_IN, said).status_code == 302


def comes_by_link(device, user):
    """As far as this browser keeps it: a link's half hour takes the place of what was there."""
    device.enforce_csrf_checks = device.handler.enforce_csrf_checks = False
    come_by_link(device, user)
    device.handler.enforce_csrf_checks = True


def filled_in(device, place, goal=TEXT):
    form = device.get(address(place))
    return {"csrfmiddlewaretoken": token(form), "goal": goal, "share": "", "goal_id": str(uuid.uuid4())}


def test_another_tab_that_noticed_first_and_a_second_form_lose_nothing(device, place):
    signs_in_by_page(device, place.user)
    forms = [filled_in(device, place, goal=f"{TEXT} {n}") for n in (1, 2)]
    with time_machine.travel(LATER, tick=False):
        assert device.get(reverse("accounts:me")).status_code == 302
        pages = [device.post(address(place), form) for form in forms]

    assert device.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert [page.status_code for page in pages] == [403, 403]
    sign_in_again(device, place.user)
    for n, page in enumerate(pages, start=1):
        again = send(device, place, page)
        assert f"{TEXT} {n}" in again.content.decode()
        assert send(device, place, again).status_code == 302
    assert LearningGoal.objects.count() == len(pages)


def too_late_without_session(device, place, *, after=dt.timedelta(minutes=31)):
    form = filled_in(device, place)
    with time_machine.travel(NOW + after, tick=False):
        device.get(reverse("accounts:me"))
        return device.post(address(place), form)


@pytest.mark.parametrize("comes", [signs_in_by_page, comes_by_link])
def test_whoever_comes_next_takes_the_mark_over(device, place, comes):
    signs_in_by_page(device, place.user)
    first = device.cookies[author.COOKIE].value
    other = MembershipFactory(accepted_at=NOW)
    comes(device, other.user)

    assert device.cookies[author.COOKIE].value != first
    assert whose_mark(device) == str(other.user.pk)


def whose_mark(device):
    request = HttpRequest()
    request.COOKIES = {author.COOKIE: device.cookies[author.COOKIE].value}
    return author.of(request)


def test_an_older_persons_form_is_not_kept_for_whoever_signed_in_since(device, place):
    signs_in_by_page(device, place.user)
    form = filled_in(device, place)
    signs_in_by_page(device, MembershipFactory(accepted_at=NOW).user)
    with time_machine.travel(LATER, tick=False):
        device.get(reverse("accounts:me"))
        answer = device.post(address(place), form)

    assert answer.status_code == 403
    assert kept.FIELD not in answer.content.decode()


def test_signing_out_leaves_no_mark(device, place):
    signs_in_by_page(device, place.user)
    form = filled_in(device, place)
    device.post(reverse("account_logout"), form)
    answer = device.post(address(place), form)

    assert device.cookies[author.COOKIE].value == ""
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, SIGN_IN)


def test_the_end_of_twelve_hours_leaves_the_mark(device, place):
    signs_in_by_page(device, place.user)
    Session.objects.update(expire_date=NOW + dt.timedelta(days=2))

    assert locked_in(too_late_without_session(device, place, after=dt.timedelta(hours=13)))


def test_the_mark_names_nobody_who_reads_it_opens_nothing_and_ends_after_a_day(device, place):
    signs_in_by_page(device, place.user)
    cookie = device.cookies[author.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    for told in (str(place.user.pk), place.user.email):
        assert told not in cookie.value
        assert base64.b64encode(told.encode()).decode().rstrip("=")[:-1] not in cookie.value
    device.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert device.get(address(place)).status_code == 302

    with time_machine.travel(NOW + author.LASTS - dt.timedelta(seconds=1), tick=False):
        assert whose_mark(device) == str(place.user.pk)
    with time_machine.travel(NOW + author.LASTS, tick=False):
        assert whose_mark(device) is None


@pytest.mark.parametrize("forged", ["", "nonsense", "sealed1.AAAA", '["typed before", "1", 9e12]'])
def test_a_mark_that_is_not_ours_names_nobody(device, forged):
    device.cookies[author.COOKIE] = secrets.seal(forged) if forged.startswith("[") else forged

    assert whose_mark(device) is None


def test_a_link_that_does_not_open_a_page_keeps_nothing_for_it(device, place):
    plain = Client()
    come_by_link(plain, place.user, about_id=place.pk)
    answer = plain.post(address(place), {"goal": TEXT, "share": ""})

    assert (answer.status_code, clock.now()) == (302, NOW)


def test_after_an_end_from_elsewhere_nothing_is_kept_in_the_name_of_who_sat_here(device, place):
    """A stranger at the same machine: what they send is not offered to the one who was signed in."""
    signs_in_by_page(device, place.user)
    form = filled_in(device, place)
    Session.objects.all().delete()
    device.get("/")
    answer = device.post(address(place), form)

    assert device.cookies[author.COOKIE].value == ""
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, SIGN_IN)


def test_what_ends_something_for_good_is_not_kept(device, place):
    signs_in_by_page(device, place.user)
    form = filled_in(device, place)
    ends = {"desk:erase": [], "desk:end-part": [place.pk]}
    with time_machine.travel(LATER, tick=False):
        answers = [device.post(reverse(name, args=ids), form | {"sure": "on"}) for name, ids in ends.items()]

    for answer in answers:
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, SIGN_IN)


def test_a_button_alone_is_not_kept_as_nobody_filled_in_anything(device, place):
    device.force_login(place.user)
    form = device.get(address(place))
    pressed = {"csrfmiddlewaretoken": token(form), "sure": "on", "goal_id": str(uuid.uuid4()), "share": ""}
    with time_machine.travel(LATER, tick=False):
        answer = device.post(address(place), pressed)

    assert (answer.status_code, answer.url.partition("?")[0]) == (302, SIGN_IN)


def test_with_a_wrong_key_signing_in_goes_on_and_nothing_is_kept(device, place, settings):
    signs_in_by_page(device, place.user)
    form = filled_in(device, place)
    settings.INTERVISION_KEKS = keyring.written(keyring.Kek("other", sealing.new_key()))
    with time_machine.travel(LATER, tick=False):
        answer = device.post(address(place), form)
        signs_in_by_page(device, place.user)

        assert (answer.status_code, answer.url.partition("?")[0]) == (302, SIGN_IN)
        assert device.get(reverse("accounts:me")).status_code == 200


def test_before_it_is_sent_on_the_page_it_is_for_can_be_looked_at(device, place):
    page = typed_too_late(device, place)
    sign_in_again(device, place.user)

    assert f'href="{address(place)}"' in send(device, place, page).content.decode()
