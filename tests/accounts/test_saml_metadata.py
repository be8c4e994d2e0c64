"""A hospital known by the address of its metadata: fetched by https at first use, kept, and said so when it cannot."""

import datetime as dt
import http.server
import logging
import ssl
import threading
from typing import Any

import environ
import pytest
import requests
import time_machine
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from accounts import saml_metadata
from accounts.actions.invitations import send
from accounts.invitations import address_of
from intervision import hospital
from tests.accounts.test_hospital_sign_in import Saml as SamlByHand
from tests.accounts.test_hospital_sign_in import browser, known_as, signs_in_at
from tests.factories.accounts import InstitutionFactory, UserFactory
from tests.node.hospital import ENTITY, Hospital, pair

pytestmark = pytest.mark.django_db
HERE = "127.0.0.1"
NOW = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
LOGIN = "/accounts/saml/hospital/login/"


class Published(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked += 1
        self.server.answer(self)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def published(monkeypatch, tmp_path):
    """A server with TLS that this machine trusts; ``document`` is what it publishes."""
    keys = pair(address=HERE)
    (tmp_path / "server.pem").write_text(keys["key"] + keys["certificate"])
    (tmp_path / "trusted.pem").write_text(keys["certificate"])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    server = http.server.ThreadingHTTPServer((HERE, 0), Published)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.asked, server.document, server.answer, server.ended = 0, b"<nothing/>", whole, threading.Event()
    server.address = f"https://{HERE}:{server.server_port}/metadata"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    cache.clear()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()
    cache.clear()


def whole(handler):
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(handler.server.document)


def failing(handler):
    handler.send_error(500)


def elsewhere(handler):
    """Leads from there to the document itself."""
    if handler.path == "/metadata":
        handler.send_response(302)
        handler.send_header("Location", "/moved")
        handler.end_headers()
    else:
        whole(handler)


def too_long(handler):
    handler.server.document += b" " * saml_metadata.MOST
    whole(handler)


def silent(handler):
    handler.server.ended.wait()


def byte_by_byte(handler):
    handler.send_response(200)
    handler.end_headers()
    for byte in handler.server.document:
        if handler.server.ended.wait(0.01):
            return
        handler.wfile.write(bytes([byte]))


class Saml(SamlByHand):
    """The same provider, of which only the address of its metadata is known."""

    def __init__(self, there: Hospital, settings: Any, address: str) -> None:
        settings.SOCIALACCOUNT_PROVIDERS = there.saml_by_metadata(address)
        self.provider = settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]["provider_id"]


@pytest.fixture
def there(settings, published):
    """A hospital that says all that is needed, and at which nobody arrives."""
    certificate = "".join(pair()["certificate"].splitlines()[1:-1])
    published.document = (
        f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}"><IDPSSODescriptor '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo '
        'xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>'
        f"{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        'Location="https://login.example/"/></IDPSSODescriptor></EntityDescriptor>'
    ).encode()
    return Saml(Hospital(), settings, published.address)


@pytest.fixture
def way(identity_provider, settings, published):
    published.document = requests.get(f"{identity_provider.issuer}/saml/metadata", timeout=60).content
    return Saml(identity_provider, settings, published.address)


def test_somebody_comes_in_by_metadata_that_are_fetched_once(way, published):
    user = known_as("s-41", way)

    for _ in range(2):
        client = browser()
        assert signs_in_at(client, way, "s-41", onward="/me/").url == "/me/"
        assert client.session["_auth_user_id"] == str(user.pk)
    assert published.asked == 1


@pytest.mark.parametrize("answer", [failing, elsewhere, too_long, silent, byte_by_byte])
def test_whatever_the_server_does_it_is_asked_once_a_minute_and_nobody_waits_for_ever(
    there, settings, published, answer
):
    if answer in (silent, byte_by_byte):
        idp(settings)["metadata_request_timeout"] = 1
    published.answer = answer
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(2):
            assert browser().post(LOGIN).status_code == 503
        assert published.asked <= 1

        published.answer = whole
        clock.shift(saml_metadata.FAILED_FOR + 1)
        idp(settings)["metadata_request_timeout"] = 5
        assert browser().post(LOGIN).status_code == (503 if answer is too_long else 302)


def idp(settings):
    return settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]["settings"]["idp"]


def test_one_at_a_time_waits_for_the_server(there, published):
    with saml_metadata.on_its_way:
        assert browser().post(LOGIN).status_code == 503
    assert published.asked == 0

    assert browser().post(LOGIN).status_code == 302
    assert saml_metadata.on_its_way.acquire(blocking=False)
    saml_metadata.on_its_way.release()


def test_they_are_fetched_anew_before_they_leave_and_used_until_then(there, published):
    with time_machine.travel(NOW, tick=False) as clock:
        assert browser().post(LOGIN).status_code == 302
        clock.shift(hospital.METADATA_FOR - saml_metadata.EARLY + 1)
        published.answer = failing
        assert browser().post(LOGIN).status_code == 302
        assert published.asked == 2

        clock.shift(saml_metadata.EARLY)
        assert browser().post(LOGIN).status_code == 503


def test_people_are_known_as_they_were_by_address_and_certificate(identity_provider, settings, way):
    assert way.provider == SamlByHand(identity_provider, settings).provider


@pytest.mark.parametrize(
    "document",
    [
        b"<nothing/>",
        b"no xml",
        b"",
        b'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:another"><IDPSSODescriptor/>'
        b"</EntityDescriptor>",
        f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}"><IDPSSODescriptor>'
        '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        'Location="https://login.example/"/></IDPSSODescriptor></EntityDescriptor>'.encode(),
    ],
    ids=["nothing", "no-xml", "empty", "another-issuer", "no-certificate"],
)
def test_metadata_that_say_too_little_stop_whoever_signs_in_there_with_a_page(
    settings, published, document, caplog
):
    caplog.set_level(logging.ERROR)
    published.document = document
    Saml(Hospital(), settings, published.address)

    answer = browser().post(LOGIN)
    assert answer.status_code == 503
    assert "Not reachable now" in answer.content.decode()
    assert "SAML_METADATA_URL cannot be used" in caplog.text


def test_a_server_that_is_away_or_that_nobody_trusts_says_so_too(settings, published, monkeypatch, tmp_path):
    Saml(Hospital(), settings, f"https://{HERE}:9/metadata")
    assert browser().post(LOGIN).status_code == 503

    (tmp_path / "others.pem").write_text(pair()["certificate"])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "others.pem"))
    Saml(Hospital(), settings, published.address)
    assert browser().post(LOGIN).status_code == 503
    assert published.asked == 0


def test_signing_in_here_and_our_own_metadata_go_on(settings, published):
    way = Saml(Hospital(), settings, published.address)
    user, client = UserFactory(), browser()
    address = address_of(send(user, InstitutionFactory(), invited_by=None))
    path = "/" + address.split("/", 3)[3]

    assert "Sign in at North" in client.get("/accounts/login/").content.decode()
    assert published.asked == 0
    assert client.post(path, {"hospital": way.provider}).status_code == 503
    ours = client.get("/accounts/saml/hospital/metadata/")
    assert (ours.status_code, b"AssertionConsumerService" in ours.content) == (200, True)
    assert published.asked == 1


def told(**values):
    known = environ.Env()
    known.ENVIRON = {"SAML_ENTITY_ID": ENTITY, **values}
    return hospital.read(known)


def test_the_environment_names_an_address_or_both_others(tmp_path):
    (tmp_path / "c.pem").write_text(pair()["certificate"])
    by_hand = {
        "SAML_SIGN_ON_URL": "https://login.example/",
        "SAML_CERTIFICATE_FILE": str(tmp_path / "c.pem"),
    }
    by_address = {"SAML_METADATA_URL": "https://meta.example/saml"}

    [app] = told(**by_address)["saml"]["APPS"]
    assert app["settings"]["idp"]["metadata_url"] == "https://meta.example/saml"
    assert app["name"] == "meta.example"
    assert hospital.origins(told(**by_address)) == ["https://meta.example"]
    assert hospital.origins(told(**by_hand)) == ["https://login.example"]
    with pytest.raises(ImproperlyConfigured, match="set one"):
        told(**by_address, SAML_SIGN_ON_URL="https://login.example/")


def test_an_address_without_https_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="https"):
        told(SAML_METADATA_URL="http://meta.example/saml")
