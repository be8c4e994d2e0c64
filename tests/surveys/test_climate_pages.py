"""The pages and mails of a round about the climate: for who asks, who is asked and who reads."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from intervision import clock
from outbox import kinds
from outbox.mail import Gone, Mail
from outbox.models import Message
from outbox.rendering import get_plain
from surveys import tallies
from surveys.actions import climate
from surveys.actions.closing import close_due
from surveys.invitations import token_of
from surveys.models import ClimateRound, Stratum
from surveys.questions import keys
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    UserFactory,
)
from tests.surveys.climate_rounds import DURING, END, START, all_say, begin, placed, staffed, three

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return InstitutionFactory(name="Hillside")


@pytest.fixture
def department(house):
    return DepartmentFactory(institution=house, name="Surgery")


@pytest.fixture
def coordinator(client, house):
    user = AppointmentFactory(institution=house, role="coordinator").user
    client.force_login(user)
    return user


def new(house, *departments):
    chosen = "&".join(f"department={each.pk}" for each in departments)
    return f"{reverse('surveys:climate-new', args=[house.slug])}?{chosen}"


def typed(department, text: str, days: int = 21):
    return {
        "closes_on": (department.institution.on_day(clock.now()) + dt.timedelta(days=days)).isoformat(),
        f"staff_{department.pk.hex}": text,
    }


def test_a_coordinator_asks_and_reads_who_is_asked(client, house, department, coordinator):
    placed(department, 5)
    page = client.get(new(house, department)).content.decode()
    assert "Residents of Surgery" in page
    assert "5 people" in page

    text = "A@example.org, b@example.org\n\nc@example.org;d@example.org e@example.org a@example.org"
    told = client.post(new(house, department), typed(department, text), follow=True).content.decode()

    assert "The climate is being asked" in told
    assert ClimateRound.objects.get().opened_by == coordinator
    assert {each.who: each.invited for each in Stratum.objects.all()} == {"residents": 5, "staff": 5}


@pytest.mark.parametrize(
    ("text", "days", "said"),
    [
        ("a@example.org nobody", 21, "This is not an e-mail address: nobody"),
        ("a@example.org", 21, "At least 5 addresses"),
        ("", 6, "Choose a day from one week"),
        ("", 61, "Choose a day from one week"),
        ("", 21, "In none of these groups"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client, house, department, coordinator, text, days, said
):
    told = client.post(new(house, department), typed(department, text, days))
    assert told.status_code == 422
    assert said in told.content.decode()
    assert text in told.content.decode()
    assert not ClimateRound.objects.exists()


def test_without_a_department_one_is_asked_for(client, house, department, coordinator):
    told = client.get(reverse("surveys:climate-new", args=[house.slug]))
    assert "Surgery" in told.content.decode()
    for wrong in ("?department=x", f"?department={DepartmentFactory().pk}"):
        assert client.get(reverse("surveys:climate-new", args=[house.slug]) + wrong).status_code == 422


def mails(kind=climate.ASKED, at=DURING):
    found = []
    for message in Message.objects.filter(kind=kind).order_by("pk"):
        told = kinds.find(kind).render(message.about_id, message.recipient, at)
        assert isinstance(told, Mail)
        found.append((told.subject, get_plain(told.template, {**told.context, "subject": told.subject})))
    return found


def test_each_mail_has_a_link_of_its_own_and_answers_without_an_account(client, house, department):
    now = clock.now()
    begun = begin(house, [department], staffed(department, 5), at=now, closes_at=now + dt.timedelta(weeks=3))
    links = [re.search(r"https?://\S+", text)[0] for _subject, text in mails(at=now)]
    assert len(set(links)) == 5
    stratum = begun.strata.get()
    path = "/" + links[0].split("/", 3)[3]

    house.language = "nl"
    house.save()
    assert '<html lang="nl"' in client.get(path, headers={"Accept-Language": "en"}).content.decode()
    client.cookies["django_language"] = "en"
    first = client.get(path).content.decode()
    wrong = client.post(path, {})
    thanks = client.post(path, dict.fromkeys(keys(stratum.asked), "4"), follow=True).content.decode()
    again = client.post(path, dict.fromkeys(keys(stratum.asked), "1"), follow=True).content.decode()

    assert first.count('type="radio"') == 45
    assert wrong.status_code == 422
    assert "Thank you" in thanks
    assert "Thank you" in again
    stratum.refresh_from_db()
    assert set(tallies.counts_of_stratum(stratum).values()) == {(0, 0, 0, 1, 0)}


def test_who_has_not_answered_yet_is_not_thanked_for_a_colleague(client, house, department):
    now = clock.now()
    begun = begin(house, [department], staffed(department, 5), at=now, closes_at=now + dt.timedelta(weeks=3))
    first, second, *_ = begun.strata.get().invitations.all()
    climate.answer(first, dict.fromkeys(keys(first.stratum.asked), 4), at=now)

    told = [client.get(reverse("surveys:climate-answer", args=[token_of(one)])) for one in (first, second)]

    assert ["Thank you" in answer.content.decode() for answer in told] == [True, False]
    assert [answer.context["state"] for answer in told] == ["answered", "open"]


def test_afterwards_the_link_shows_what_everybody_said(client, house, department):
    now = clock.now()
    begun = begin(house, [department], staffed(department, 5), at=now - dt.timedelta(weeks=3), closes_at=now)
    stratum = begun.strata.get()
    all_say(stratum, 5, at=now - dt.timedelta(days=1))
    path = reverse("surveys:climate-answer", args=[token_of(stratum.invitations.first())])
    assert "These questions are closed" in client.get(path).content.decode()

    close_due(at=now)

    told = client.get(path).content.decode()
    assert "Staff of Surgery" in told
    assert "Good" in told
    late = client.post(path, dict.fromkeys(keys(stratum.asked), "1"))
    assert late.status_code == 409


def test_mails_of_a_round_that_is_over_do_not_leave(house, department):
    begun = begin(house, [department], staffed(department, 5))
    about = begun.strata.get().invitations.first().pk
    for moment in (END, DURING):
        if moment == DURING:
            climate.withdraw(begun.pk)
        for kind in (climate.ASKED, climate.CLOSING):
            assert isinstance(kinds.find(kind).render(about, UserFactory(), moment), Gone)


def test_rounds_and_their_words_are_read_by_coordinator_and_director(client, house, department, coordinator):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 1)
    close_due(at=END)
    director = AppointmentFactory(institution=house, role="director").user
    for user in (coordinator, director):
        client.force_login(user)
        listed = client.get(reverse("surveys:climate", args=[house.slug])).content.decode()
        told = client.get(reverse("surveys:climate-round", args=[begun.pk])).content.decode()
        assert ("Ask about the climate" in listed) is (user == coordinator)
        assert told.count("Needs attention") >= 9
        assert told.count("Too few answers") == 2


def test_the_climate_leads_back_to_where_each_reader_came_from(client, house, coordinator):
    director = AppointmentFactory(institution=house, role="director").user
    pages = {
        coordinator: reverse("accounts:institution", args=[house.slug]),
        director: reverse("desk:director"),
    }
    for user, back in pages.items():
        client.force_login(user)
        listed = client.get(reverse("surveys:climate", args=[house.slug])).content.decode()
        crumbs = re.search(r'<p class="crumbs">.*?</p>', listed)
        assert crumbs
        assert f'href="{back}"' in crumbs[0]
        assert client.get(back).status_code == 200


def test_a_house_reads_its_own_rounds_alone(client, house, department, coordinator):
    begun = three(house, department)
    elsewhere = DepartmentFactory()
    begin(elsewhere.institution, [elsewhere], staffed(elsewhere, 5))
    client.force_login(coordinator)

    told = client.get(reverse("surveys:climate", args=[house.slug]))

    assert list(told.context["page"]) == [begun]


def test_the_list_asks_as_much_for_many_rounds_as_for_few(
    client, house, coordinator, django_assert_max_num_queries
):
    page = reverse("surveys:climate", args=[house.slug])
    for number in range(30):
        ClimateRound.objects.create(
            institution=house,
            opens_at=START - dt.timedelta(days=400 * number),
            closes_at=END - dt.timedelta(days=400 * number),
            state="closed",
        )
    client.get(page)
    with django_assert_max_num_queries(7):
        client.get(page)


def test_who_takes_a_round_back_reads_that_it_is(client, house, department, coordinator):
    begun = three(house, department)
    told = client.post(reverse("surveys:climate-withdraw", args=[begun.pk]), follow=True)
    assert "taken back" in told.content.decode()
    begun.refresh_from_db()
    assert begun.state == "withdrawn"
    assert "taken back" in client.get(reverse("surveys:climate-round", args=[begun.pk])).content.decode()
