import datetime as dt
import uuid
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import access, links, tokens
from accounts.models import PersonalLink, RememberedDevice
from outbox.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.links import PersonalLinkFactory, come_by_link

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

MONDAY = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
NEXT_MONTH = MONDAY + dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def new_address(user, **changes):
    asked = {
        "purpose": "take_part",
        "about_id": uuid.uuid4(),
        "path": "/open-to-part/",
        "expires_at": NEXT_MONTH,
    }
    return urlsplit(links.address(user, **(asked | changes))).path


def test_an_address_is_whole_and_the_same_for_the_same_page():
    user, about = UserFactory(), uuid.uuid4()
    asked = {"purpose": "take_part", "about_id": about, "path": "/x/", "expires_at": NEXT_MONTH}

    first = links.address(user, **asked)

    assert first.startswith("http://127.0.0.1:8000/link/")
    assert links.address(user, **asked) == first
    assert links.address(user, **(asked | {"path": "/y/"})) != first


def test_opening_a_link_does_nothing_until_the_button_is_pressed(client):
    address = new_address(UserFactory(name="Anna"))

    page = client.get(address)

    assert page.status_code == 200
    assert "Anna" not in page.content.decode()
    assert client.get("/open-to-part/").status_code == 302

    pressed = client.post(address)

    assert (pressed.status_code, pressed.url) == (302, "/open-to-part/")
    assert client.get("/open-to-part/").content.startswith(b"Anna link")


@pytest.mark.parametrize("how", ["open", "expired"])
def test_the_first_page_of_a_link_speaks_the_language_of_its_mail(client, how):
    address = new_address(UserFactory(language="nl"))
    address = broken(address, how) if how != "open" else address
    browser = {"Accept-Language": "en"}

    assert '<html lang="nl"' in client.get(address, headers=browser).content.decode()
    assert '<html lang="nl"' not in client.get("/link/made-up/", headers=browser).content.decode()
    client.cookies["django_language"] = "en"
    assert '<html lang="en"' in client.get(address).content.decode(), "what was chosen in this browser holds"


def test_a_narrow_session_reaches_only_views_marked_for_its_purpose(client):
    client.post(new_address(UserFactory()))

    for path in ("/closed/", "/open-to-guides/", "/accounts/email/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={path}")


def test_a_full_sign_in_reaches_the_same_views(client):
    client.force_login(UserFactory(name="Anna"))

    assert client.get("/open-to-part/").content.startswith(b"Anna full")
    assert client.get("/closed/").content == b"closed"


def test_a_narrow_session_lasts_thirty_minutes(client, monday):
    client.post(new_address(UserFactory()))

    monday.shift(dt.timedelta(minutes=29))
    assert client.get("/open-to-part/").status_code == 200
    monday.shift(dt.timedelta(minutes=2))
    assert client.get("/open-to-part/").status_code == 302


def test_a_remembered_device_opens_the_same_purpose_for_thirty_days(client, monday):
    user = UserFactory(name="Anna")
    client.post(new_address(user, expires_at=NEXT_MONTH + dt.timedelta(days=9)), {"remember": "on"})

    monday.shift(dt.timedelta(days=29, hours=23))
    client.cookies.pop("sessionid")
    assert client.get("/open-to-part/").content.startswith(b"Anna link")
    assert client.get("/open-to-guides/").status_code == 302
    assert client.get("/closed/").status_code == 302

    monday.shift(dt.timedelta(hours=2))
    assert client.get("/open-to-part/").status_code == 302


def test_a_device_is_not_remembered_without_the_tick(client):
    client.post(new_address(UserFactory()))

    assert not RememberedDevice.objects.exists()


def test_a_device_remembers_one_person_at_a_time(client):
    client.post(new_address(UserFactory()), {"remember": "on"})
    client.post(new_address(second := UserFactory()), {"remember": "on"})

    assert [device.link.user for device in RememberedDevice.objects.all()] == [second]


def test_a_device_remembers_several_pages_of_one_person(client):
    user = UserFactory()
    client.post(new_address(user), {"remember": "on"})
    client.post(new_address(user, path="/open-to-guides/", purpose="guide"), {"remember": "on"})
    client.cookies.pop("sessionid")

    assert client.get("/open-to-part/").status_code == 200
    assert client.get("/open-to-guides/").status_code == 200


def test_whoever_has_several_links_may_see_what_each_of_that_purpose_is_about(client):
    user, first, second = UserFactory(name="Anna"), *sorted([uuid.uuid4(), uuid.uuid4()], key=str)
    for about in (first, second):
        client.post(new_address(user, about_id=about))
    client.post(new_address(user, purpose="guide", path="/open-to-guides/"))

    assert client.get("/open-to-part/").content.decode() == f"Anna link {first} {second}"


def test_a_link_that_was_withdrawn_opens_nothing_beside_another_either(client):
    user, first, second = UserFactory(name="Anna"), uuid.uuid4(), uuid.uuid4()
    for about in (first, second):
        client.post(new_address(user, about_id=about))

    links.revoke(second)

    assert client.get("/open-to-part/").content.decode() == f"Anna link {first}"


def test_signing_out_ends_the_narrow_session_and_the_remembered_device(client):
    client.post(new_address(UserFactory()), {"remember": "on"})

    assert client.post("/accounts/logout/").url == "/signed-out/"

    assert client.get("/open-to-part/").status_code == 302
    assert not RememberedDevice.objects.exists()


def test_a_full_sign_in_takes_the_place_of_a_narrow_session(client):
    client.post(new_address(UserFactory(name="Anna")))
    client.force_login(UserFactory(name="Bram"))

    assert client.get("/open-to-part/").content.startswith(b"Bram full")
    assert access.NARROW not in client.session


def test_a_link_takes_the_place_of_somebody_elses_sign_in(client):
    client.force_login(UserFactory(name="Bram"))

    client.post(new_address(UserFactory(name="Anna")))

    assert client.get("/open-to-part/").content.startswith(b"Anna link")
    assert client.get("/closed/").status_code == 302


def test_ones_own_link_keeps_ones_full_sign_in(client):
    client.force_login(user := UserFactory(name="Anna"))

    client.post(new_address(user))

    assert client.get("/open-to-part/").content.startswith(b"Anna full")


def test_another_persons_link_ends_the_first_persons_narrow_session(client):
    first = uuid.uuid4()
    client.post(new_address(UserFactory(name="Anna"), about_id=first))
    client.post(new_address(UserFactory(name="Bram")))

    assert client.get(f"/open-to-part/{first}/").content.startswith(b"Bram")


def test_the_session_id_changes_when_a_narrow_session_begins(client):
    client.post(new_address(user := UserFactory()))
    before = client.session.session_key
    client.post(new_address(user))

    assert client.session.session_key != before


def broken(address, how):
    user_link = PersonalLink.objects.get()
    token = address.removeprefix("/link/").removesuffix("/")
    if how == "expired":
        PersonalLink.objects.update(expires_at=MONDAY)
    elif how == "revoked":
        links.revoke(user_link.about_id)
    elif how == "sent before a revocation":
        links.revoke(user_link.about_id)
        new_address(user_link.user, about_id=user_link.about_id)
    elif how == "of somebody who may not come in":
        user_link.user.is_active = False
        user_link.user.save()
    elif how == "of a row that was changed":
        PersonalLink.objects.update(path="/closed/")
    elif how == "of another row":
        other = PersonalLinkFactory()
        token = token.replace(token.split(".")[0], links.address_of(other).split("/")[-2].split(".")[0])
    elif how == "changed in one letter":
        token = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    elif how == "deleted":
        PersonalLink.objects.all().delete()
    elif how == "made up":
        token = "made-up"
    return f"/link/{token}/"


WAYS = [
    "expired",
    "revoked",
    "sent before a revocation",
    "of somebody who may not come in",
    "of a row that was changed",
    "of another row",
    "changed in one letter",
    "deleted",
    "made up",
]


@pytest.mark.parametrize("how", WAYS)
def test_a_link_that_does_not_work_gets_one_clear_page(client, how):
    address = broken(new_address(UserFactory()), how)

    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 410
        assert "This link no longer works" in answer.content.decode()
    assert client.get("/open-to-part/").status_code == 302


@pytest.mark.parametrize("how", WAYS)
def test_asking_for_a_new_link_is_answered_alike_whatever_the_link_was(client, how):
    address = broken(new_address(UserFactory()), how)

    answer = client.post(f"{address}again/", follow=True)

    assert answer.redirect_chain == [("/link/", 302)]
    assert Message.objects.count() == (how in ("expired", "sent before a revocation"))


def test_a_new_link_goes_to_its_owner_once_in_ten_minutes_and_ends_the_old_one(client, monday):
    user = UserFactory()
    old = broken(new_address(user), "expired")

    client.post(f"{old}again/")
    client.post(f"{old}again/")

    message = Message.objects.get()
    assert (message.recipient, message.kind) == (user, "link-again")
    link = PersonalLink.objects.get()
    assert link.expires_at == MONDAY + dt.timedelta(days=7)
    assert client.get(old).status_code == 410
    assert client.get(urlsplit(links.address_of(link)).path).status_code == 200


def test_revoking_ends_open_narrow_sessions_and_remembered_devices(client):
    about = uuid.uuid4()
    client.post(new_address(UserFactory(), about_id=about), {"remember": "on"})

    assert links.revoke(about) == 1

    assert client.get("/open-to-part/").status_code == 302


@pytest.mark.parametrize("remember", [{}, {"remember": "on"}])
def test_a_new_address_does_not_bring_back_what_a_revocation_ended(client, remember):
    user, about = UserFactory(), uuid.uuid4()
    client.post(new_address(user, about_id=about), remember)

    links.revoke(about)
    new_address(user, about_id=about)

    assert client.get("/open-to-part/").status_code == 302


def test_somebody_who_may_not_come_in_any_more_is_out_at_once(client):
    user = UserFactory()
    client.post(new_address(user), {"remember": "on"})

    user.is_active = False
    user.save()

    assert client.get("/open-to-part/").status_code == 302


def test_after_a_revocation_a_new_address_works_and_the_old_one_does_not(client):
    user, about = UserFactory(), uuid.uuid4()
    old = new_address(user, about_id=about)
    links.revoke(about)
    new = new_address(user, about_id=about)

    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200


def test_a_forged_press_of_the_button_is_refused():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(new_address(UserFactory())).status_code == 403


def test_an_address_leads_only_to_pages_of_ours():
    for path in ("https://elsewhere.example/", "//elsewhere.example/", ""):
        with pytest.raises(ValueError, match="a page of ours"):
            new_address(UserFactory(), path=path)


def test_a_key_that_is_being_phased_out_still_opens_links(client, settings):
    address = new_address(UserFactory())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert client.get(address).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 410


def test_a_run_out_session_sends_htmx_to_the_sign_in_page(client):
    answer = client.get("/closed/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/login/")


def test_what_a_script_asked_for_and_gets_is_left_as_it_is(client):
    client.force_login(UserFactory())

    for address, expected in (("/closed/", (200, None)), ("/", (200, None))):
        answer = client.get(address, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.get("HX-Redirect")) == expected
    led = client.get("/accounts/login/", headers={"HX-Request": "true"})
    assert (led.status_code, led.url) == (302, "/")


def test_come_by_link_opens_a_narrow_session(client):
    assert come_by_link(client, UserFactory(), path="/open-to-part/").url == "/open-to-part/"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.one_of(st.text(max_size=250), st.from_regex(r"[A-Za-z0-9_-]{22}\.[0-9]{1,9}\.[A-Za-z0-9_-]{43}"))
)
def test_no_made_up_token_opens_anything(text):
    assert links.find(text) is None
    assert links.issued(text) is None


@given(
    pk=st.uuids(),
    counter=st.integers(0, 10**9 - 1),
    says=st.text(),
    place=st.integers(0),
    letter=st.characters(),
)
def test_a_token_survives_only_unchanged(pk, counter, says, place, letter):
    text = tokens.make("salt", pk, counter, says)
    whole = tokens.read(text)
    assert whole is not None
    assert (whole.pk, whole.counter) == (pk, counter)
    assert tokens.fits(whole, "salt", says)
    assert not tokens.fits(whole, "another salt", says)

    place %= len(text)
    changed = tokens.read(text[:place] + letter + text[place + 1 :])
    if changed is not None and changed != whole:
        assert not tokens.fits(changed, "salt", says)
