"""Staff without a second factor reach nothing but setting one up."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts import factors
from accounts.actions.invitations import send
from accounts.invitations import address_of
from accounts.models import Appointment
from tests.access.table import rows, views
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory, InstitutionFactory, UserFactory
from tests.factories.links import come_by_link
from tests.factories.signing_in import code_for, with_password_only

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2027, 1, 11, 12, tzinfo=dt.UTC)
PASSWORD = "a quiet room with daylight"
LOGIN, SECOND_STEP, ENROL = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/2fa/"


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signs_in(client, user, password=PASSWORD, onward=""):
    return client.post(f"{LOGIN}?next={onward}", {"login": user.email, "password": password})


def with_app(user):
    """The person's app shows codes of the secret that this returns."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def sets_up_an_app(client):
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page).group(1)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    return secret, answer


STAFF = [row for row in rows() if row.by in ("coordinator", "intervisor", "director", "administrator")]


@pytest.mark.parametrize("row", STAFF, ids=str)
def test_a_role_without_a_second_factor_opens_nothing(row):
    house = House()
    client = with_password_only(Client(), getattr(house, row.by))

    answer = getattr(client, row.method)(reverse(row.name, kwargs=row.at(house)), row.data(house))

    if row.name in factors.WITHOUT_SECOND_FACTOR:
        assert answer.headers.get("Location") != ENROL
    else:
        assert (answer.status_code, answer.url) == (302, ENROL)


def test_the_pages_left_open_are_there():
    assert factors.WITHOUT_SECOND_FACTOR - {"demo:sign-in"} <= {name for name, _ in views()}


@pytest.mark.parametrize("role", Appointment.Role.values)
def test_every_role_must_have_one_and_no_role_need_not(client, role):
    with_password_only(client, AppointmentFactory(role=role).user)
    assert client.get("/", follow=True).redirect_chain == [(ENROL, 302)]

    with_password_only(client, UserFactory())
    assert client.get("/").status_code == 200


def test_a_role_given_today_asks_on_the_next_request(client):
    with_password_only(client, user := UserFactory())
    assert client.get("/").status_code == 200

    AppointmentFactory(user=user)

    assert client.get("/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_everything_and_gives_codes(client):
    user = with_password(AppointmentFactory().user)
    signs_in(client, user)
    assert client.get("/programs/").url == ENROL
    assert "One more step" in client.get(ENROL).content.decode()
    again = client.get(reverse("mfa_activate_totp")).url
    client.post(again, {"password": PASSWORD})

    _, answer = sets_up_an_app(client)

    assert answer.url == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r"<code>\d{8}</code>", client.get(answer.url).content.decode())) == 10
    assert client.get("/programs/").status_code == 200


def test_signing_in_asks_for_the_code_and_then_opens_everything(client):
    user = with_password(AppointmentFactory().user)
    secret = with_app(user)

    assert signs_in(client, user, onward="/programs/").url == SECOND_STEP
    assert client.get("/programs/").url.startswith(LOGIN)
    assert "not right" in client.post(SECOND_STEP, {"code": "000000"}).content.decode()

    answer = client.post(SECOND_STEP, {"code": code_for(secret)})

    assert answer.url == "/programs/"
    assert client.get("/programs/").status_code == 200


@pytest.mark.parametrize("later", [0, 25, 45, 80])
def test_a_code_works_once_also_for_somebody_who_looked_over_a_shoulder(client, later):
    user = with_password(AppointmentFactory().user)
    with time_machine.travel(NOON, tick=False) as now:
        code = code_for(with_app(user))
        signs_in(client, user)
        assert client.post(SECOND_STEP, {"code": code}).status_code == 302

        now.shift(later)
        thief = Client()
        signs_in(thief, user)

        assert thief.post(SECOND_STEP, {"code": f"{code[:3]} {code[3:]}"}).status_code == 200
        assert thief.get("/programs/").url.startswith(LOGIN)


@pytest.mark.parametrize(("later", "status"), [(29, 302), (59, 302), (61, 200)])
def test_a_code_waits_for_somebody_slow_but_not_for_long(client, later, status):
    user = with_password(AppointmentFactory().user)
    with time_machine.travel(NOON, tick=False) as now:
        code = code_for(with_app(user))
        signs_in(client, user)
        now.shift(later)

        assert client.post(SECOND_STEP, {"code": code}).status_code == status


def test_a_recovery_code_lets_in_once(client, django_capture_on_commit_callbacks):
    user = with_password(AppointmentFactory().user)
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        sets_up_an_app(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.search(r"<code>(\d{8})</code>", page).group(1)

    for works in (True, False):
        visitor = Client()
        signs_in(visitor, user)
        visitor.post(SECOND_STEP, {"code": code})
        assert (visitor.get("/programs/").status_code == 200) is works


def test_a_sign_in_from_before_the_second_factor_is_asked_for_it_and_goes_on(client):
    user = AppointmentFactory().user
    with_password_only(client, user)
    secret = with_app(user)

    asked = client.get("/programs/?page=2")
    assert asked.url == "/accounts/2fa/reauthenticate/?next=%2Fprograms%2F%3Fpage%3D2"

    assert client.post(asked.url, {"code": code_for(secret)}).url == "/programs/?page=2"
    assert client.get("/programs/").status_code == 200


def test_whoever_sent_a_form_meanwhile_goes_on_at_the_first_page(client):
    with_password_only(client, user := AppointmentFactory().user)
    with_app(user)

    assert client.post("/programs/new/?copy=1").url == "/accounts/2fa/reauthenticate/?next=%2F"


def test_without_the_factor_it_was_made_with_a_sign_in_opens_nothing_here_or_elsewhere(client):
    user = with_password(AppointmentFactory().user)
    secret = with_app(user)
    elsewhere = Client()
    signs_in(elsewhere, user)
    elsewhere.post(SECOND_STEP, {"code": code_for(secret)})
    assert elsewhere.get("/programs/").status_code == 200
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/programs/").url == ENROL
    assert elsewhere.get("/programs/").url.startswith(LOGIN)


def signed_in_with(secret, user):
    visitor = Client()
    signs_in(visitor, user)
    visitor.post(SECOND_STEP, {"code": code_for(secret)})
    assert visitor.get("/programs/").status_code == 200
    return visitor


def test_with_a_factor_end_ones_own_other_sign_ins_only():
    mine, theirs = (with_password(AppointmentFactory().user) for _ in range(2))
    with time_machine.travel(NOON, tick=False) as now:
        secret = with_app(mine)
        here, colleague = signed_in_with(secret, mine), signed_in_with(with_app(theirs), theirs)
        now.shift(60)
        elsewhere = signed_in_with(secret, mine)

        here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        here.post(reverse("mfa_deactivate_totp"))

        assert here.get("/me/").url == ENROL
        assert elsewhere.get("/me/").url.startswith(LOGIN)
        assert colleague.get("/me/").status_code == 200


def test_codes_on_paper_prove_no_app_and_no_passkey(rf, client):
    user = UserFactory()
    request = rf.get("/")
    request.session, request.user = with_password_only(client, user).session, user
    added = {
        kind: Authenticator.objects.create(user=user, type=kind, data={})
        for kind in ("recovery_codes", "totp")
    }

    factors.record_added(request, user, added["recovery_codes"])
    assert not factors.passed(request)

    factors.record_added(request, user, added["totp"])
    assert factors.passed(request)


def test_an_invitation_does_not_go_around_a_second_factor(client):
    """Somebody who signed in at the hospital so far, has an app, and now chooses a password here."""
    user = UserFactory()
    with_app(user)
    path = "/" + address_of(send(user, InstitutionFactory(), invited_by=None)).split("/", 3)[3]

    assert client.post(path, {"password": PASSWORD}).url == LOGIN
    assert "_auth_user_id" not in client.session
    assert signs_in(client, user).url == SECOND_STEP


def test_a_short_password_may_never_stand_alone(client):
    user = UserFactory()
    user.set_password("short but")
    user.save()
    with_password_only(client, user)

    assert client.get("/").url == ENROL


def test_a_personal_link_needs_no_second_factor():
    house = House()
    client = Client()
    come_by_link(client, house.intervisor, purpose="guide", about_id=house.group.pk)

    assert client.get(reverse("sessions:group", args=[house.group.pk])).status_code == 200


def test_htmx_is_led_to_the_whole_page(client):
    with_password_only(client, AppointmentFactory().user)

    answer = client.get("/programs/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, ENROL)


def test_the_second_factor_costs_no_query(client, django_assert_num_queries):
    client.force_login(AppointmentFactory().user)
    client.get("/me/")

    with django_assert_num_queries(3):  # the session, the person with their house, and the person of the form
        client.get("/me/")


def test_what_a_dump_holds_makes_no_code(client):
    """The seeds are sealed with a key that is not in the database."""
    user = with_password(AppointmentFactory().user)
    secret = with_app(user)
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_generate_recovery_codes"))

    kept = {row.type: row.data for row in Authenticator.objects.filter(user=user)}

    assert set(kept) == {"totp", "recovery_codes"}
    assert secret not in str(kept)
    assert all(
        sealed.startswith("sealed") for sealed in (kept["totp"]["secret"], kept["recovery_codes"]["seed"])
    )


@pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_reauthenticate_webauthn", "mfa_add_webauthn"])
@pytest.mark.parametrize(
    "credential", ["9" * 5000, "[" * 100_000, "null", "[]", '{"id": 1}', '{"response": [1]}']
)
def test_what_is_no_passkey_is_refused_everywhere(client, name, credential):
    user = with_password(UserFactory())
    with_app(user)
    if name == "mfa_authenticate":
        signs_in(client, user)
    else:
        client.force_login(user)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert client.post(reverse(name), {"credential": credential}).status_code in (200, 302)
    assert not Authenticator.objects.filter(user=user, type="webauthn").exists()


def test_ones_own_app_or_passkey_counts_and_neither_codes_nor_somebody_elses():
    mine, theirs = UserFactory(), UserFactory()
    Authenticator.objects.create(user=theirs, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=mine, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert factors.has_one(theirs)
    assert not factors.has_one(mine)
