from time import monotonic

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import NoReverseMatch, reverse

from outbox import delivery, mailbox
from tests.factories.outbox import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.outbox.demo_site")]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "outbox.mailbox.MailboxBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def post(**fields) -> str:
    """Deliver one message and name the file in which it arrived."""
    MessageFactory(**fields)
    assert delivery.deliver_due(until=monotonic() + 10) == 1
    return mailbox.names()[0]


def test_what_is_told_arrives_in_the_mailbox(client):
    name = post(recipient__email="anna@example.org", recipient__name="Anna")

    page = client.get(reverse("mailbox:letters")).content.decode()

    assert "anna@example.org" in page
    assert reverse("mailbox:letter", args=[name]) in page


def test_the_newest_comes_first():
    older, newer = post(), post()

    assert mailbox.names() == [newer, older]


def test_the_post_of_one_address_can_be_found(client):
    post(recipient__email="anna@example.org")
    post(recipient__email="bram@example.org")

    page = client.get(reverse("mailbox:letters"), {"q": "ANNA@"}).content.decode()

    assert "anna@example.org" in page
    assert "bram@example.org" not in page


def test_a_long_mailbox_has_pages(client):
    mail.get_connection().send_messages(
        [EmailMessage(f"Letter {n}", to=["a@example.org"]) for n in range(51)]
    )

    page = client.get(reverse("mailbox:letters")).content.decode()

    assert ("Letter 50" in page, "Letter 0<" in page) == (True, False)


def test_a_letter_is_shown_as_text_and_in_a_frame_of_its_own(client):
    name = post(recipient__name="Anna")

    answer = client.get(reverse("mailbox:letter", args=[name]))

    assert "Yes, Anna: 16:30" in answer.content.decode()
    assert f'src="{reverse("mailbox:letter-html", args=[name])}"' in answer.content.decode()
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_the_frame_may_show_styles_and_open_links_in_the_window_and_nothing_else(client):
    answer = client.get(reverse("mailbox:letter-html", args=[post()]))

    assert '<base target="_top">' in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'unsafe-inline'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["sandbox"] == "allow-top-navigation-by-user-activation"


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fsecret-key", "0" * 20 + "-" + "a" * 32])
def test_no_other_file_can_be_read(client, folder, name):
    folder.mkdir()
    (folder.parent / "secret-key.eml").write_text("Subject: secret")

    assert client.get(f"/demo/mail/{name}/").status_code == 404
    assert client.get(f"/demo/mail/{name}/html/").status_code == 404


def test_an_empty_mailbox_says_what_will_be_there(client):
    assert "No messages" in client.get(reverse("mailbox:letters")).content.decode()


@pytest.mark.urls("intervision.urls")
def test_outside_a_demonstration_there_is_no_mailbox(client):
    with pytest.raises(NoReverseMatch):
        reverse("mailbox:letters")
    assert client.get("/demo/mail/").status_code == 404
