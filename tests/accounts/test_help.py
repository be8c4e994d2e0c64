import pytest

from intervision.middleware import QUIET
from tests.factories.accounts import AppointmentFactory, HelpContactFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_help_page_is_open_and_says_whom_to_call(client):
    house = InstitutionFactory(slug="delta")
    HelpContactFactory(institution=house, phone="+31 (0)10 123 45 67", label_en="Confidential adviser")
    HelpContactFactory(label_en="Of another house")

    page = client.get("/help/delta/").content.decode()

    assert "Confidential adviser" in page
    assert "tel:+310101234567" in page
    assert "Of another house" not in page


@pytest.mark.parametrize("path", ["/help/", "/help/delta/"])
def test_the_help_page_leaves_nothing_behind(client, caplog, path):
    InstitutionFactory(slug="delta")
    caplog.set_level("INFO")

    answer = client.get(path)

    assert answer.status_code == 200
    assert not answer.cookies
    assert b"<form" not in answer.content
    assert caplog.records == []
    assert answer.resolver_match.route in QUIET


def test_the_help_page_speaks_the_language_in_its_address(client):
    InstitutionFactory(slug="delta")

    assert 'lang="nl"' in client.get("/help/delta/?language=nl").content.decode().partition("<head>")[0]
    assert 'lang="en"' in client.get("/help/delta/?language=tlh").content.decode().partition("<head>")[0]


def test_an_unknown_house_is_not_found(client):
    assert client.get("/help/nowhere/").status_code == 404


def test_a_house_without_numbers_still_says_whom_to_call(client):
    InstitutionFactory(slug="delta", country="BE")

    page = client.get("/help/delta/").content.decode()

    assert "tel:112" in page
    assert "0800-0113" not in page


def test_the_footer_leads_a_signed_in_person_to_the_help_page_of_their_house(client):
    house = InstitutionFactory(slug="delta")
    client.force_login(AppointmentFactory(institution=house).user)
    assert 'href="/help/delta/"' in client.get("/accounts/email/").content.decode()

    client.force_login(UserFactory())
    assert 'href="/help/"' in client.get("/accounts/email/").content.decode()
