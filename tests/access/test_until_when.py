"""Where a guide says something, the page says who reads it and until when, as the house keeps it."""

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse

from accounts import periods
from accounts.models import Institution
from intervision import clock
from sessions.actions import guide_rounds
from sessions.models import GuideRound
from tests.access.world import House
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def log(house: House) -> str:
    began = clock.now() - HOUR
    session = GroupSessionFactory(group=house.group, starts_at=began, ends_at=began + HOUR / 2)
    return reverse("sessions:log", args=[session.pk])


def outcome(house: House) -> str:
    return reverse("sessions:intake-outcome", args=[house.membership.pk])


def independence(house: House) -> str:
    return reverse("programs:declare", args=[house.guide.pk])


def own_round(house: House) -> str:
    asked = guide_rounds.Asked(
        GuideRound.Kind.MIDWAY, ["opt-guide-tailors"], clock.now() - DAY, clock.now() + DAY
    )
    row = guide_rounds.ask(house.group, asked, at=clock.now())
    assert row is not None
    return reverse("sessions:guide-round", args=[row.pk])


def beside_the_field(page: str) -> str:
    """The line that says who reads what is typed here."""
    _before, _, after = unescape(page).partition('class="reads"')
    return after.partition("</p>")[0]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("page", "kind"),
    [(log, "attendance"), (own_round, "attendance"), (outcome, "part"), (independence, "part")],
)
def test_each_page_says_until_when_in_the_words_of_the_one_table(client, page, kind, language):
    house = House()
    type(house.intervisor).objects.filter(pk=house.intervisor.pk).update(language=language)
    house.program.stage = "running"
    house.program.save()
    client.force_login(house.intervisor)
    where = page(house)
    for months in (None, 12):
        own = {"attendance": months} if months else {}
        Institution.objects.filter(pk=house.institution.pk).update(own_periods=own)
        house.institution.refresh_from_db()
        kept = periods.table(house.institution)[kind]
        said = beside_the_field(client.get(where).content.decode())
        assert getattr((kept.of_others if page is outcome else kept).until, language) in said
