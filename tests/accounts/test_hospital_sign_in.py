"""A hospital's own sign-in, with real providers: whom it lets in, and which attacks it does not."""

import base64
import io
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.actions.invitations import send
from accounts.invitations import address_of
from accounts.models import User
from intervision import clock
from intervision.hospital import by_certificate, openid_connect, origins
from tests.accounts.test_second_factor import PASSWORD, sets_up_an_app, signs_in, with_app, with_password
from tests.factories.accounts import AppointmentFactory, InstitutionFactory, PlacementFactory, UserFactory
from tests.factories.own_texts import goal
from tests.factories.programs import MembershipFactory
from tests.factories.signing_in import code_for
from tests.node.hospital import SITE, Hospital, asserts, signs_in_there

pytestmark = pytest.mark.django_db

WRONG = "Signing in there did not work"


class OpenId:
    def __init__(self, there: Hospital, settings: Any) -> None:
        settings.SOCIALACCOUNT_PROVIDERS = there.open_id()
        self.provider = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["provider_id"]
        self.login = f"/accounts/oidc/{self.provider}/login/"

    def comes_back(self, client: Client, sent: Any, subject: str) -> Any:
        return client.get(signs_in_there(sent.url, subject))


class Saml:
    login = "/accounts/saml/hospital/login/"
    acs = "/accounts/saml/hospital/acs/"

    def __init__(self, there: Hospital, settings: Any, way: str = "") -> None:
        settings.SOCIALACCOUNT_PROVIDERS = there.saml(way)
        self.provider = settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]["provider_id"]

    def comes_back(self, client: Client, sent: Any, subject: str) -> Any:
        return self.posts(client, asserts(sent.url, subject))

    def posts(self, client: Client, form: dict[str, str]) -> Any:
        return client.get(client.post(self.acs, form).url)


def browser() -> Client:
    return Client(headers={"host": SITE.removeprefix("http://")})


@pytest.fixture
def client() -> Client:
    return browser()


@pytest.fixture(params=[OpenId, Saml], ids=["openid", "saml"])
def way(request: Any, identity_provider: Hospital, settings: Any) -> Any:
    return request.param(identity_provider, settings)


@pytest.fixture
def open_id(identity_provider: Hospital, settings: Any) -> OpenId:
    return OpenId(identity_provider, settings)


def signs_in_at(client: Client, way: Any, subject: str, onward: str = "") -> Any:
    return way.comes_back(client, client.post(f"{way.login}?next={onward}"), subject)


def says_again_that_it_is_them(client: Client, way: Any, subject: str) -> None:
    sent = client.post("/accounts/hospital/again/", {"hospital": way.provider, "next": "/"})
    assert way.comes_back(client, sent, subject).status_code == 302


def known_as(subject: str, way: Any, user: User | None = None) -> User:
    found = user or UserFactory()
    SocialAccount.objects.create(user=found, provider=way.provider, uid=subject)
    return found


def is_signed_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_somebody_who_is_known_there_comes_in_and_where_they_wanted(client, way):
    user = known_as("s-17", way)

    answer = signs_in_at(client, way, "s-17", onward="/me/")

    assert answer.url == "/me/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().extra_data == {}


def test_somebody_unknown_comes_not_in_and_no_account_is_made(client, way):
    user = with_password(UserFactory(email="same@example.org"))  # the address the hospital says is theirs

    answer = signs_in_at(client, way, "s-18")

    assert answer.status_code == 403
    assert "Not linked yet" in answer.content.decode()
    assert not is_signed_in(client)
    assert list(User.objects.all()) == [user]
    assert not SocialAccount.objects.exists()


def invited(client, user, institution=None):
    path = "/" + address_of(send(user, institution or InstitutionFactory(), invited_by=None)).split("/", 3)[3]
    assert "Sign in at North" in client.get(path).content.decode()
    return path


def test_an_invitation_links_the_account_at_the_hospital(client, way):
    user = UserFactory()
    path = invited(client, user)

    way.comes_back(client, client.post(path, {"hospital": way.provider}), "s-19")

    assert is_signed_in(client)
    assert SocialAccount.objects.get(user=user).uid == "s-19"
    assert client.get(path).status_code == 410

    again = browser()
    signs_in_at(again, way, "s-19")
    assert again.session["_auth_user_id"] == str(user.pk)


def test_a_new_id_at_the_hospital_is_linked_by_a_new_invitation_to_the_same_person(client, way):
    """All that hangs on the person stays: it is the same row."""
    user = known_as("old", way)
    path = invited(client, user)

    way.comes_back(client, client.post(path, {"hospital": way.provider}), "new")

    assert client.session["_auth_user_id"] == str(user.pk)
    assert [row.uid for row in SocialAccount.objects.filter(user=user)] == ["new"]
    assert signs_in_at(browser(), way, "old").status_code == 403


def test_what_somebody_sealed_opens_after_a_new_id_and_a_new_address(client, way):
    place = MembershipFactory(accepted_at=clock.now(), invited_at=clock.now())
    PlacementFactory(user=place.user, department__institution=place.program.institution)
    goal(place, "Say no in time")
    user = known_as("old", way, place.user)
    call_command("start_over", user.email, new_address="new@example.org", stdout=io.StringIO())
    user.refresh_from_db()

    way.comes_back(client, client.post(invited(client, user), {"hospital": way.provider}), "new")

    assert user.email == "new@example.org"
    assert "Say no in time" in client.get(reverse("programs:my-goals", args=[place.pk])).content.decode()


def test_an_invitation_never_takes_an_account_from_another_person(client, way):
    owner = known_as("s-20", way)
    path = invited(client, UserFactory())

    answer = way.comes_back(client, client.post(path, {"hospital": way.provider}), "s-20")

    assert answer.status_code == 409
    assert not is_signed_in(client)
    assert SocialAccount.objects.get().user == owner
    assert client.get(path).status_code == 200


def test_who_gives_up_on_the_way_leaves_nothing_behind_for_the_next(client, way):
    """A shared machine: the invitation of the first is not used by the second."""
    path = invited(client, UserFactory())
    client.post(path, {"hospital": way.provider})

    assert signs_in_at(client, way, "s-21").status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_invitation_leads_only_to_sign_ins_there_are(client, way):
    path = invited(client, UserFactory())

    for none in ("made-up", "saml", "openid_connect"):  # the kinds are not the hospital's own names
        assert client.post(path, {"hospital": none}).status_code == 404


def test_a_role_needs_a_second_factor_here_unless_the_hospital_asks_for_one(client, way, settings):
    known_as("s-22", way, AppointmentFactory().user)
    signs_in_at(client, way, "s-22")
    assert client.get("/programs/").url == "/accounts/2fa/"

    settings.HOSPITAL_SECOND_FACTOR = True

    assert client.get("/programs/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_sets_up_an_app_gets_the_recovery_codes_without_another_code(client, way):
    """They have no password to say that it is still them, and the code they just typed works once."""
    known_as("s-29", way, AppointmentFactory().user)
    signs_in_at(client, way, "s-29")
    says_again_that_it_is_them(client, way, "s-29")

    _secret, answer = sets_up_an_app(client)

    assert client.get(answer.url).status_code == 200
    assert "recovery codes" in client.get(answer.url).content.decode()


def test_a_second_factor_that_somebody_has_is_asked_for(client, way):
    user = known_as("s-23", way, AppointmentFactory().user)
    secret = with_app(user)

    assert signs_in_at(client, way, "s-23").url == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)

    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert client.get("/programs/").status_code == 200


def test_ones_own_sign_in_stays_beside_it(client, way):
    user = known_as("s-24", way, with_password(UserFactory()))

    signs_in(client, user)

    assert is_signed_in(client)


def test_linking_by_oneself_asks_again_and_unlinking_keeps_a_way_in(client, way):
    user = known_as("before", way, with_password(UserFactory()))
    client.force_login(user)
    back = way.comes_back(client, client.post(f"{way.login}?process=connect"), "s-25")
    assert back.url == "/accounts/reauthenticate/"
    assert SocialAccount.objects.get().uid == "before"

    client.post(back.url, {"password": PASSWORD})

    account = SocialAccount.objects.get(user=user)  # and no other at this hospital any more
    assert account.uid == "s-25"
    page = "/accounts/hospital/"
    assert "North" in client.get(page).content.decode()
    User.objects.filter(pk=user.pk).update(password="!")
    client.force_login(User.objects.get(pk=user.pk))
    says_again_that_it_is_them(client, way, "s-25")
    assert "could not sign in any more" in client.post(page, {"account": account.pk}).content.decode()
    assert SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_a_foreign_next_leads_to_our_own_page(client, way, onward):
    known_as("s-26", way)

    assert signs_in_at(client, way, "s-26", onward=onward).url == "/"


def test_nobody_leaves_by_a_mere_link(client, way):
    assert client.get(way.login).status_code == 200


def test_an_answer_to_somebody_else_is_refused(client, way):
    """A login begun in one browser does not end in another: the state is bound to the session."""
    known_as("s-27", way)
    sent = client.post(way.login)

    victim = browser()
    answer = way.comes_back(victim, sent, "s-27")

    assert answer.status_code in (401, 403)
    assert not is_signed_in(victim)


def test_an_answer_is_good_for_once(client, way):
    known_as("s-28", way)
    sent = client.post(way.login)
    if isinstance(way, Saml):
        form = asserts(sent.url, "s-28")
        answers = [way.posts(client, form), way.posts(client, form)]
    else:
        back = signs_in_there(sent.url, "s-28")
        answers = [client.get(back), client.get(back)]

    assert answers[0].status_code == 302
    assert answers[1].status_code in (401, 403)


def test_pkce_is_on_and_only_the_identity_is_asked_for(client, open_id):
    sent = client.post(open_id.login)

    assert "code_challenge_method=S256" in sent.url
    assert re.search(r"[?&]scope=openid(&|$)", sent.url)


def test_tokens_of_another_issuer_are_refused(client, identity_provider, settings):
    """Whoever gets us to ask the wrong place gets tokens that name another issuer than the one configured."""
    settings.SOCIALACCOUNT_PROVIDERS = identity_provider.open_id(f"{identity_provider.issuer}/elsewhere")
    provider = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["provider_id"]
    SocialAccount.objects.create(user=UserFactory(), provider=provider, uid="s-29")

    sent = client.post(f"/accounts/oidc/{provider}/login/")
    answer = client.get(signs_in_there(sent.url, "s-29"))

    assert answer.status_code == 401
    assert WRONG in answer.content.decode()
    assert not is_signed_in(client)


def test_the_same_subject_of_another_issuer_is_somebody_else():
    one, other = (
        openid_connect(issuer=issuer, client_id="c", secret="s", name="n")["APPS"][0]["provider_id"]
        for issuer in ("https://one.example", "https://other.example")
    )

    assert one != other


@pytest.mark.parametrize(
    "forged",
    ["/unsigned", "/message-alone", "/stranger", "/other-issuer", "/other-audience", "/unasked", "/over"],
)
def test_an_assertion_that_is_not_signed_for_us_now_is_refused(client, identity_provider, settings, forged):
    way = Saml(identity_provider, settings, forged)
    known_as("s-30", way)

    answer = signs_in_at(client, way, "s-30")

    assert answer.status_code in (401, 403)
    assert not is_signed_in(client)


def test_an_assertion_changed_on_the_way_is_refused(client, identity_provider, settings):
    way = Saml(identity_provider, settings)
    known_as("s-31", way)
    known_as("s-32", way)
    form = asserts(client.post(way.login).url, "s-31")
    said = base64.b64decode(form["SAMLResponse"]).decode()
    assert "s-31" in said
    form["SAMLResponse"] = base64.b64encode(said.replace("s-31", "s-32").encode()).decode()

    assert way.posts(client, form).status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize("said", ["", "!!", "PHg+", base64.b64encode(b"<a" * 1000).decode()])
def test_what_is_no_assertion_is_refused(client, identity_provider, settings, said):
    way = Saml(identity_provider, settings)

    assert way.posts(client, {"SAMLResponse": said}).status_code == 401


def test_without_such_a_sign_in_no_page_speaks_of_one(client):
    page = client.get("/accounts/login/").content.decode()

    assert "where you work" not in page
    assert client.get("/accounts/oidc/anything/login/").status_code == 404
    assert client.get("/accounts/saml/hospital/login/").status_code == 404


def test_a_form_may_lead_on_to_the_hospital_and_nowhere_else():
    providers = openid_connect(issuer="https://login.example/realm", client_id="c", secret="s", name="n")

    assert origins({"openid_connect": providers}) == ["https://login.example"]


def test_a_certificate_that_is_none_stops_the_start():
    with pytest.raises(ImproperlyConfigured):
        by_certificate("e", "https://login.example/", "x")


def test_nobody_with_a_second_factor_loses_it_by_a_new_link(client, way):
    user = with_password(AppointmentFactory().user)
    with_app(user)
    path = invited(client, user)

    back = way.comes_back(client, client.post(path, {"hospital": way.provider}), "s-33")

    assert back.url == "/accounts/2fa/authenticate/"
    assert Authenticator.objects.filter(user=user).exists()
