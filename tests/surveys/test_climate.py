"""A round about the climate: who is asked, that nobody can tell who said what, what is shown and what it counts for."""

import datetime as dt
import re

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from checklist.assessing import assess
from desk.actions.erasing import let_go
from intervision import clock
from outbox import kinds
from outbox.mail import Gone, Mail
from outbox.models import Message
from outbox.rendering import get_plain
from surveys import tallies
from surveys.actions import climate
from surveys.actions.closing import close_due
from surveys.errors import AnsweredAlready, AskedRecently, BadAnswers, NobodyToAsk, NotOpen, RoundRunning
from surveys.invitations import token_of
from surveys.models import ClimateInvitation, ClimateReceipt, ClimateResult, ClimateRound, Stratum
from surveys.questions import keys
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    PlacementFactory,
    UserFactory,
)
from tests.factories.programs import GroupFactory, MembershipFactory, ProgramFactory

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
END = START + dt.timedelta(weeks=3)
DURING = START + dt.timedelta(days=1)
LEADING = "clim-management-willing"


def staffed(department, count: int) -> dict:
    return {department.pk: [f"s{n}@{department.pk.hex}.example.org" for n in range(count)]}


def placed(department, count: int):
    return [PlacementFactory(department=department).user for _ in range(count)]


@pytest.fixture
def house():
    return InstitutionFactory(name="Hillside")


@pytest.fixture
def department(house):
    return DepartmentFactory(institution=house, name="Surgery")


def begin(house, departments, staff=None, **changes):
    times = {"closes_at": END, "at": START} | changes
    return climate.open_round(house, departments, staff or {}, by=UserFactory(), **times)


def all_say(stratum, value: int, count: int | None = None, at=DURING) -> None:
    for invitation in stratum.invitations.order_by("pk")[:count]:
        climate.answer(invitation, dict.fromkeys(keys(stratum.asked), value), at=at)


def three(house, department, sizes=(5, 5, 5)):
    """A round with residents, intervisors and staff."""
    placed(department, sizes[0])
    for _ in range(sizes[1]):
        AppointmentFactory(institution=house, role="intervisor")
    return begin(house, [department], staffed(department, sizes[2]))


def test_each_stratum_is_asked_what_the_catalogue_asks_of_it(house, department):
    begun = three(house, department)

    assert {stratum.who: len(stratum.asked) for stratum in begun.strata.all()} == {
        "residents": 9,
        "intervisors": 5,
        "staff": 9,
    }
    assert Message.objects.filter(kind=climate.ASKED).count() == 15
    assert Message.objects.filter(kind=climate.CLOSING, due_at=END - dt.timedelta(days=3)).count() == 15


def test_everybody_is_asked_once_whatever_else_they_are(house, department):
    (resident, *_) = placed(department, 5)
    AppointmentFactory(institution=house, role="intervisor", user=resident)
    for _ in range(5):
        AppointmentFactory(institution=house, role="intervisor")
    begun = begin(
        house, [department], {department.pk: [resident.email.upper(), *staffed(department, 5)[department.pk]]}
    )

    assert {each.who: each.invited for each in begun.strata.all()} == {
        "residents": 5,
        "intervisors": 5,
        "staff": 5,
    }


def test_too_few_to_be_shown_are_not_asked(house, department):
    placed(department, 4)
    begun = begin(house, [department], staffed(department, 5))
    assert [each.who for each in begun.strata.all()] == ["staff"]


def test_nobody_to_ask_is_refused(house, department):
    placed(department, 4)
    with pytest.raises(NobodyToAsk):
        begin(house, [department])
    assert not ClimateRound.objects.exists()


def test_one_round_at_a_time_and_no_department_twice_in_half_a_year(house, department):
    begun = three(house, department)
    with pytest.raises(RoundRunning):
        begin(house, [department], staffed(department, 5))
    close_due(at=END)
    soon, later = END + climate.APART - dt.timedelta(days=1), END + climate.APART
    with pytest.raises(AskedRecently):
        begin(house, [department], staffed(department, 5), at=soon, closes_at=soon + dt.timedelta(weeks=3))

    other = DepartmentFactory(institution=house)
    with transaction.atomic():
        begin(house, [other], staffed(other, 5), at=soon, closes_at=soon + dt.timedelta(weeks=1))
    close_due(at=later)
    close_due(at=soon + dt.timedelta(weeks=1))
    again = later + dt.timedelta(weeks=2)
    assert begin(
        house, [department], staffed(department, 5), at=again, closes_at=again + dt.timedelta(weeks=1)
    )
    assert begun.pk


def test_an_invitation_counts_once_and_only_while_the_round_is_open(house, department):
    begun = three(house, department)
    stratum = begun.strata.get(who="staff")
    invitation = stratum.invitations.first()
    good = dict.fromkeys(keys(stratum.asked), 5)
    for given in ({}, good | {"other": 3}, good | {keys(stratum.asked)[0]: 6}):
        with pytest.raises(BadAnswers):
            climate.answer(invitation, given, at=DURING)
    for at in (START - dt.timedelta(seconds=1), END):
        with pytest.raises(NotOpen):
            climate.answer(invitation, good, at=at)

    climate.answer(invitation, good, at=DURING)
    with pytest.raises(AnsweredAlready):
        climate.answer(invitation, dict.fromkeys(good, 1), at=DURING)

    stratum.refresh_from_db()
    assert set(tallies.counts_of_stratum(stratum).values()) == {(0, 0, 0, 0, 1)}


def test_three_strata_close_by_themselves_and_are_shown_apart(house, department):
    begun = three(house, department)
    for who, value in (("residents", 5), ("intervisors", 3), ("staff", 1)):
        all_say(begun.strata.get(who=who), value)
    assert close_due(at=END - dt.timedelta(seconds=1)) == 0

    assert close_due(at=END) == 1
    assert close_due(at=END) == 0

    shown = {one.who: set(one.words.values()) for one in ClimateResult.objects.all()}
    assert shown == {"residents": {"good"}, "intervisors": {"mixed"}, "staff": {"attention"}}
    begun.refresh_from_db()
    assert begun.state == "closed"


def test_nothing_is_left_of_a_closed_round_but_its_words(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)
    close_due(at=END)

    assert not ClimateReceipt.objects.exists()
    assert not Stratum.objects.exclude(key=None, sealed=None).exists()
    assert not ClimateInvitation.objects.exclude(email="", user=None).exists()


def test_a_stratum_with_too_few_answers_is_destroyed(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="residents"), 5)
    all_say(begun.strata.get(who="staff"), 5, 4)

    close_due(at=END)

    assert [one.who for one in ClimateResult.objects.all()] == ["residents"]


def departments(house, *sizes: int):
    """Departments with so many residents, of whom all answer: the first good, the others badly."""
    found = [DepartmentFactory(institution=house) for _ in sizes]
    for each, size in zip(found, sizes, strict=True):
        placed(each, size)
    begun = begin(house, found)
    for number, each in enumerate(found):
        all_say(begun.strata.get(department=each), 1 if number else 5)
    close_due(at=END)
    return {
        (one.department, one.people_at_least): set(one.words.values()) for one in ClimateResult.objects.all()
    }, found


def test_small_departments_are_shown_together_if_they_are_enough(house):
    shown, _ = departments(house, 2, 3)
    assert shown == {(None, 5): {"attention"}}


def test_few_of_a_small_department_are_shown_nowhere(house):
    shown, (one, _other) = departments(house, 6, 4)
    assert shown == {(one, 5): {"good"}}


def test_no_answer_stands_behind_two_words(house):
    shown, (one, *_small) = departments(house, 5, 2, 4)
    assert shown == {(one, 5): {"good"}, (None, 5): {"attention"}}


def test_what_was_released_can_neither_change_nor_go(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)
    close_due(at=END)
    for change in (lambda rows: rows.update(words={}), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change(ClimateResult.objects.all())


def test_a_round_taken_back_leaves_nothing_and_can_begin_anew(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)

    assert climate.withdraw(begun.pk)
    assert not climate.withdraw(begun.pk)

    close_due(at=END)
    assert not ClimateResult.objects.exists()
    assert not ClimateReceipt.objects.exists()
    assert begin(house, [department], staffed(department, 5))


def test_whoever_is_erased_is_no_longer_named_by_a_round(house, department):
    user, *_ = placed(department, 5)
    begin(house, [department])
    let_go(user, at=DURING)
    assert not ClimateInvitation.objects.filter(user=user).exists()
    assert ClimateInvitation.objects.filter(email="").count() == 1


def test_a_climate_tally_has_one_length_and_a_new_look_each_time(house, department):
    stratum = three(house, department).strata.get(who="staff")
    seen = []
    for invitation in stratum.invitations.all():
        climate.answer(invitation, dict.fromkeys(keys(stratum.asked), 4), at=DURING)
        stratum.refresh_from_db()
        seen.append(bytes(stratum.sealed))
    assert len({len(one) for one in seen}) == 1
    assert len(set(seen)) == 5


@pytest.mark.django_db(transaction=True)
def test_joined_by_transaction_receipts_meet_one_tally_that_says_nothing_of_anybody(house, department):
    stratum = three(house, department).strata.get(who="staff")
    all_say(stratum, 4)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct s.sealed) from surveys_climatereceipt r"
            " join surveys_stratum s on s.xmin::text = r.xmin::text"
        )
        assert cursor.fetchone() == (1, 1), "the last to come, and whole: one of five inside"
    columns = {field.column for field in ClimateReceipt._meta.local_concrete_fields}
    assert columns == {"stratum_id", "invitation_id"}


# What the checklist makes of it


def program_of(house, *departments):
    group = GroupFactory(program=ProgramFactory(institution=house))
    for department in departments:
        MembershipFactory(group=group, user=PlacementFactory(department=department).user)
    return group.program


def climate_of(program, at=END):
    score = assess(program, at).score
    return score.layers["climate"], score.items[LEADING]


def test_the_climate_layer_counts_the_strata_that_were_shown(house, department):
    begun = three(house, department)
    program = program_of(house, department)
    assert climate_of(program)[1].status == "unknown"
    for who, value in (("residents", 5), ("intervisors", 3), ("staff", 1)):
        all_say(begun.strata.get(who=who), value)
    close_due(at=END)

    layer, item = climate_of(program)

    assert float(item.score) == pytest.approx((0.8 + 0.5 + 0.2) / 3)
    assert layer.usable


def test_a_program_counts_its_own_department_and_small_ones_together(house):
    _, (one, other, small) = departments(house, 5, 2, 4)
    assert [float(climate_of(program_of(house, each))[1].score) for each in (one, other, small)] == [
        pytest.approx(0.8),
        pytest.approx(0.2),
        pytest.approx(0.2),
    ]


def test_what_is_said_of_another_department_says_nothing_of_a_program(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)
    close_due(at=END)
    assert climate_of(program_of(house, DepartmentFactory(institution=house)))[1].status == "unknown"


def test_before_the_release_and_a_year_after_it_the_climate_is_unknown(house, department):
    begun = three(house, department)
    program = program_of(house, department)
    all_say(begun.strata.get(who="residents"), 5)
    assert climate_of(program, DURING)[1].status == "unknown"
    close_due(at=END)

    assert climate_of(program)[1].status == "met"
    assert climate_of(program, END + dt.timedelta(days=365))[1].status == "unknown"


def test_another_house_counts_nothing_of_it(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="intervisors"), 5)
    close_due(at=END)
    assert climate_of(program_of(InstitutionFactory()))[1].status == "unknown"


# Pages and mails


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
        "closes_on": (clock.today() + dt.timedelta(days=days)).isoformat(),
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
