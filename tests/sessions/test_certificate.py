"""The certificate: hours and sessions of whoever asks, readable by everybody, silent on everything else."""

import datetime as dt
import io

import pikepdf
import pytest
from django.urls import reverse
from django.utils import translation

from intervision import clock
from sessions import certificate
from sessions.models import Attendance, SessionLog
from tests.access.world import House
from tests.factories.programs import MembershipFactory
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 2, 2, 13, tzinfo=dt.UTC)


@pytest.fixture
def house():
    """A resident who was at two of three logged sessions, and said something of a fourth."""
    made = House()
    for week, (state, came) in enumerate(
        [("logged", "present"), ("logged", "absent"), ("logged", "present"), ("planned", "present")]
    ):
        row = GroupSessionFactory(group=made.group, starts_at=START + dt.timedelta(weeks=week), state=state)
        Attendance.objects.create(session=row, membership=made.membership, state=came)
        SessionLog.objects.create(session=row, themes=["recovery_and_recharge"], logged_by=made.intervisor)
    return made


def test_it_counts_sessions_and_hours_of_the_log(house):
    found = dict(certificate.words(house.membership, at=clock.now())["rows"])

    assert found == {
        "Sessions attended": "2",
        "Hours": "5.5",
        "First session": "2 February 2027",
        "Last session": "16 February 2027",
    }


@pytest.mark.parametrize(
    ("minutes", "said"), [(60, "1"), (75, "1.25"), (90, "1.5"), (104, "1.5"), (105, "1.75"), (165, "2.75")]
)
def test_hours_are_to_the_quarter_and_never_upward(house, minutes, said):
    row = GroupSessionFactory.build(
        group=house.group, starts_at=START, ends_at=START + dt.timedelta(minutes=minutes)
    )

    assert certificate.hours([row]) == said


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Certificate of taking part"), ("nl", "Bewijs van deelname")]
)
def test_the_file_says_its_title_and_language_and_is_made_for_screen_readers(house, language, title):
    with translation.override(language):
        made = certificate.pdf(house.membership, at=clock.now())

    with pikepdf.open(io.BytesIO(made)) as file:
        assert str(file.docinfo["/Title"]) == title
        assert str(file.Root["/Lang"]) == language
        assert file.Root["/MarkInfo"]["/Marked"]
        assert file.open_metadata()["pdfuaid:part"] == "1"


def test_a_name_is_never_read_as_markup(house):
    house.resident.name = '#read("/etc/passwd") *bold* " \\ $x$'
    house.resident.save()
    house.membership.user.refresh_from_db()

    assert certificate.pdf(house.membership, at=clock.now()).startswith(b"%PDF-")


def test_a_name_in_signs_that_the_font_does_not_have_is_no_fault(house):
    house.resident.name = "\u674e \U0001f33f"
    house.resident.save()
    house.membership.user.refresh_from_db()

    assert certificate.pdf(house.membership, at=clock.now()).startswith(b"%PDF-")


def test_only_whoever_was_there_can_make_it(client, house):
    page = reverse("sessions:certificate", args=[house.membership.pk])
    never = MembershipFactory(group=house.group)
    for user, status in (
        (house.resident, 200),
        (house.intervisor, 404),
        (house.coordinator, 404),
        (never.user, 404),
    ):
        client.force_login(user)
        assert client.get(page).status_code == status

    client.force_login(house.resident)
    assert page in client.get(reverse("desk:my-data")).content.decode()
    client.force_login(never.user)
    assert client.get(reverse("sessions:certificate", args=[never.pk])).status_code == 404
