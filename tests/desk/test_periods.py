"""A house keeps things for less time than the table says: what it says everywhere, and what goes when."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import periods
from accounts.actions import institutions
from accounts.errors import PeriodRefused, StaleInstitution
from accounts.models import BusyTime, Institution, InstitutionEvent, PurgeReport, User
from catalogue import retention
from desk import periods as kept
from desk.actions import purging
from intervision import clock, versions
from outbox.models import Message
from programs.kept import table_of
from programs.models import LearningGoal, Membership, Preparation, Program, StageChange
from sessions.models import Attendance, PrivateLine, SessionLog
from tests.access.sessions import over
from tests.access.test_access import signed_in
from tests.access.world import House
from tests.accounts.test_second_factor import with_password
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.outbox import MessageFactory
from tests.factories.own_texts import goal
from tests.factories.programs import EvaluativeRelationFactory, MembershipFactory
from vault.models import AccessEvent

pytestmark = pytest.mark.django_db
#: Long enough ago for the clock of the database, which no test moves.
THEN = dt.datetime(2023, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
OF_A_GOAL = retention.of("goal").reads.en
LEAST = {key: kind.least.number for key, kind in retention.load().items() if kind.least}
MOST = {key: kind.period.number for key, kind in retention.load().items() if kind.period}


def keeps(house: House, **numbers: int) -> Institution:
    """Let the house keep kinds for so many of the table's days or months."""
    institution = Institution.objects.get(pk=house.institution.pk)
    seen = versions.fingerprint(institution, institutions.KEPT)
    return institutions.shorten(institution, numbers, seen=seen)


def ended() -> House:
    """A house whose program ended on the day ``THEN``, with one of each kind of the table left of it."""
    with time_machine.travel(THEN, tick=False):
        house = House()
        house.session.state = "logged"
        house.session.save()
        Attendance.objects.create(session=house.session, membership=house.membership, state="present")
        SessionLog.objects.create(session=house.session, own_case=True, logged_by=house.intervisor)
        vault_id = goal(house.membership, "Iets leren").vault_id
        Preparation.objects.create(membership=house.membership, vault_id=vault_id)
        PrivateLine.objects.create(session=house.session, membership=house.membership, vault_id=vault_id)
        Program.objects.filter(pk=house.program.pk).update(stage="completed")
        StageChange.objects.create(program=house.program, from_stage="running", to_stage="completed")
        MessageFactory(state="sent", sent_at=THEN, due_at=THEN, recipient=house.resident)
        BusyTime.objects.create(user=house.resident, kind="leave", from_at=THEN - DAY, until_at=THEN)
        AccessEvent.objects.create(
            at=THEN, actor_id=house.intervisor.pk, owner_id=house.resident.pk, kind="programs.learninggoal",
            about_id=house.membership.pk, house_id=house.institution.pk,
        )  # fmt: skip
    return house


def left_of(house: House) -> dict[str, int]:
    people = {"user": house.resident}
    return {
        "goal": LearningGoal.objects.filter(membership__program=house.program).count(),
        "preparation": Preparation.objects.filter(membership__program=house.program).count(),
        "private_line": PrivateLine.objects.filter(membership__program=house.program).count(),
        "attendance": Attendance.objects.filter(membership=house.membership).count()
        + SessionLog.objects.filter(session=house.session).count(),
        "access_events": AccessEvent.objects.filter(house_id=house.institution.pk).count(),
        "messages": Message.objects.filter(recipient=house.resident).count(),
        "accounts": User.objects.filter(pk=house.resident.pk, erased_at=None).count(),
        "availability": BusyTime.objects.filter(**people).count(),
    }


def just_after(kind: str, number: int) -> dt.datetime:
    """The first moment at which what ended ``THEN`` is no longer kept for ``number`` days or months."""
    period = retention.of(kind).period.of(number)
    at = THEN
    while period.before(at) <= THEN:
        at += DAY
    return at


@pytest.mark.parametrize("kind", sorted(LEAST))
def test_what_a_house_keeps_for_less_time_goes_sooner_and_elsewhere_not(kind):
    here, there = ended(), ended()
    keeps(here, **{kind: LEAST[kind]})
    for house in (here, there) if kind != "accounts" else ():
        AppointmentFactory(user=house.resident, institution=house.institution, from_on=THEN.date())
    at = just_after(kind, LEAST[kind])
    before = left_of(here)
    assert before[kind] >= 1

    with time_machine.travel(at - 2 * DAY, tick=False):
        purging.purge(at=at - 2 * DAY)
        assert left_of(here)[kind] == before[kind]
    with time_machine.travel(at, tick=False):
        expected = purging.due(at=at, houses=periods.houses(at))[kind]
        report = purging.purge(at=at)
        gone = {name for name, count in left_of(here).items() if count < before[name]}

    assert not report.failed
    assert report.counts[kind] == expected >= before[kind]
    assert kind in gone
    assert left_of(here)[kind] == 0
    assert left_of(there)[kind] == before[kind]


@pytest.mark.parametrize(
    ("own", "months", "goes"),
    [
        ({}, 13, False),
        ({}, 35, False),
        ({}, 37, True),
        ({"goal": 14}, 13, False),
        ({"access_events": 12}, 11, False),
        ({"access_events": 12}, 13, True),
        ({"access_events": 24}, 23, False),
        ({"access_events": 24}, 25, True),
        # What no page stores neither shortens nor lengthens.
        ({"access_events": 1}, 11, False),
        ({"access_events": 99}, 37, True),
    ],
)
def test_the_database_lets_events_of_a_house_go_by_its_own_period_and_no_sooner(own, months, goes):
    house = House()
    Institution.objects.filter(pk=house.institution.pk).update(own_periods=own)
    with connection.cursor() as cursor:
        cursor.execute("select now() - make_interval(months => %s)", [months])
        [at] = cursor.fetchone()
        AccessEvent.objects.create(
            at=at, actor_id=house.intervisor.pk, owner_id=house.resident.pk, kind="x", about_id=house.group.pk,
            house_id=house.institution.pk,
        )  # fmt: skip

        cursor.execute("select vault_purge_events_of(%s, '2999-01-01')", [house.institution.pk])
        assert cursor.fetchone() == (int(goes),)


def test_the_database_lets_no_event_go_before_the_shortest_period_there_may_be():
    house = House()
    for at in (clock.now(), THEN):
        AccessEvent.objects.create(
            at=at, actor_id=house.intervisor.pk, owner_id=house.resident.pk, kind="x", about_id=house.group.pk,
            house_id=house.institution.pk,
        )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("select vault_purge_events_of(%s, '2999-01-01')", [house.group.pk])
        assert cursor.fetchone() == (0,)
        cursor.execute("select vault_purge_events_of(%s, '2999-01-01')", [house.institution.pk])
        assert cursor.fetchone() == (1,)
    assert AccessEvent.objects.get().at > THEN


def test_a_longer_period_in_the_row_itself_lengthens_nothing():
    house = ended()
    Institution.objects.filter(pk=house.institution.pk).update(own_periods={"goal": 3000, "released": 3})
    at = just_after("goal", MOST["goal"])

    assert periods.table(Institution.objects.get(pk=house.institution.pk)) == retention.load()
    with time_machine.travel(at, tick=False):
        purging.purge(at=at)
    assert not LearningGoal.objects.exists()


def test_an_account_is_kept_as_long_as_the_house_of_each_tie_keeps_it():
    here, there = House(), House()
    keeps(here, accounts=6)
    with time_machine.travel(THEN, tick=False):
        people = {}
        for name, houses in {"here": [here], "there": [there], "both": [here, there]}.items():
            people[name] = UserFactory()
            for house in houses:
                AppointmentFactory(user=people[name], institution=house.institution, until_on=THEN.date())
        people["evaluates"] = UserFactory()
        EvaluativeRelationFactory(
            institution=here.institution,
            resident=here.resident,
            evaluator=people["evaluates"],
            until_on=THEN.date(),
        )
        people["left"] = MembershipFactory(
            group=here.group, state="left", joined_on=THEN.date(), left_on=THEN.date()
        ).user
        people["untied"] = UserFactory()
    at = just_after("accounts", 6)

    with time_machine.travel(at, tick=False):
        purging.purge(at=at)

    erased = {
        name for name, user in people.items() if User.objects.filter(pk=user.pk, erased_at__isnull=False)
    }
    assert erased == {"here", "left"}


@pytest.mark.parametrize(
    "numbers", [{"goal": 31}, {"goal": 13}, {"released": 1}, {"nothing": 1}, {"messages": 0}]
)
def test_a_period_out_of_bounds_is_refused(numbers):
    house = House()

    with pytest.raises(PeriodRefused):
        keeps(house, **numbers)
    assert Institution.objects.get(pk=house.institution.pk).own_periods == {}


def test_of_two_editors_the_second_is_told(client):
    house = House()
    institution = Institution.objects.get(pk=house.institution.pk)
    seen = versions.fingerprint(institution, institutions.KEPT)
    keeps(house, goal=20)

    with pytest.raises(StaleInstitution):
        institutions.shorten(institution, {"goal": 14}, seen=seen)
    answer = signed_in(house.administrator).post(
        reverse("desk:shorten", args=[institution.slug]), MOST | {"goal": 14, "seen": seen, "sure": "1"}
    )
    assert answer.status_code == 409
    assert 'value="14"' in answer.content.decode()
    assert Institution.objects.get(pk=institution.pk).own_periods == {"goal": 20}


def asked(house: House, **typed: object) -> dict[str, object]:
    institution = Institution.objects.get(pk=house.institution.pk)
    return MOST | {"seen": versions.fingerprint(institution, institutions.KEPT)} | typed


def test_before_saving_the_page_says_what_the_next_night_lets_go_of():
    house = ended()
    url = reverse("desk:shorten", args=[house.institution.slug])
    with time_machine.travel(THEN + 19 * DAY, tick=False):
        PurgeReport.objects.create(ran_at=clock.now())
        administrator = signed_in(house.administrator)
        said = administrator.post(url, asked(house, goal=14)).content.decode()
        assert "A learning goal: 14 days instead of 30 days." in said
        assert "<li>A learning goal: fewer than five</li>" in said
        assert "Preparation for the intake interview: 1" not in said
        assert "It goes the next night, on" in said
        assert 'datetime="2023-03-21' in said
        assert Institution.objects.get(pk=house.institution.pk).own_periods == {}
        assert LearningGoal.objects.exists()

        saved = administrator.post(url, asked(house, goal=14, sure="1"))
        assert saved.url == reverse("desk:how-long", args=[house.institution.slug])
        counts = purging.purge(at=clock.now() + DAY).counts
    assert counts["goal"] == 1


@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [
        ("goal", 4, "fewer than five"),
        ("goal", 5, "5"),
        ("preparation", 1, "fewer than five"),
        ("private_line", 1, "fewer than five"),
        ("messages", 1, "1"),
    ],
)
def test_few_texts_of_people_s_own_are_not_counted_out(kind, count, words):
    with translation.override("en"):
        assert kept.amount(kind, count) == words


@pytest.mark.parametrize(
    ("goal", "said"), [(14, "It goes the coming night."), (30, "to go the coming night")]
)
def test_before_the_first_night_and_after_one_that_is_late_no_moment_is_named(goal, said):
    house = ended()
    url = reverse("desk:shorten", args=[house.institution.slug])
    with time_machine.travel(THEN + 19 * DAY, tick=False):
        for hours in (None, 24, 30):
            if hours:
                PurgeReport.objects.create(ran_at=clock.now() - dt.timedelta(hours=hours))
            page = (
                signed_in(house.administrator).post(url, asked(house, goal=goal, messages=4)).content.decode()
            )
            main = page.partition("<main")[2].partition("</main>")[0]
            assert said in main
            assert "<time" not in main


def test_nothing_changed_asks_nothing():
    house = House()
    answer = signed_in(house.administrator).post(
        reverse("desk:shorten", args=[house.institution.slug]), asked(house)
    )

    assert answer.status_code == 302
    assert not InstitutionEvent.objects.filter(id=house.institution.pk, pgh_label="update").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [(31, "more than 30 days"), (13, "Less than 14 days"), ("x", "whole number"), ("", "Say how long")],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(typed, said):
    house = House()
    answer = signed_in(house.administrator).post(
        reverse("desk:shorten", args=[house.institution.slug]), asked(house, goal=typed, messages=4)
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="4"' in answer.content.decode()


def test_who_changed_what_and_when_stays_and_cannot_be_changed():
    house = House()
    url = reverse("desk:shorten", args=[house.institution.slug])
    administrator = signed_in(house.administrator)
    administrator.post(url, asked(house, goal=20, sure="1"))
    administrator.post(url, asked(house, goal=30, messages=4, sure="1"))

    said = administrator.get(reverse("desk:how-long", args=[house.institution.slug])).content.decode()
    trail = said.partition('id="changes"')[2]
    first, second = (
        trail.index("from 30 days to 20 days"),
        trail.index("from 20 days to 30 days; Messages: from 6 months to 4 months"),
    )
    assert second < first
    assert trail.count(house.administrator.name) == 2
    assert InstitutionEvent.append_only


def test_who_administers_is_not_spoken_to_as_the_person_it_is_about():
    house = House()
    administrator, slug = signed_in(house.administrator), [house.institution.slug]

    said = administrator.get(reverse("desk:how-long", args=slug)).content.decode()
    form = administrator.get(reverse("desk:shorten", args=slug)).content.decode()
    sure = administrator.post(reverse("desk:shorten", args=slug), asked(house, accounts=7)).content.decode()

    assert "The person who wrote it reads this." in said
    assert "You read this" not in said
    assert "An account (months)" in form
    assert "An account: 7 months instead of 12 months." in sure


def taking_part() -> House:
    house = House()
    Membership.objects.filter(pk=house.membership.pk).update(invited_at=clock.now(), accepted_at=clock.now())
    return house


def everywhere(house: House) -> dict[str, str]:
    """Each page that says until when a goal is kept."""
    resident, pk = signed_in(house.resident), house.membership.pk
    guide = signed_in(house.intervisor)
    pages = {
        "field": resident.get(reverse("programs:new-goal", args=[pk])),
        "goals": resident.get(reverse("programs:my-goals", args=[pk])),
        "my data": resident.get(reverse("desk:my-data")),
        "everything": resident.get(reverse("desk:everything")),
        "as a page": resident.get(reverse("desk:everything-page")),
        "json": resident.get(reverse("desk:everything-json")),
        "shared": guide.post(reverse("programs:read-shared", args=[pk])),
        "security": guide.get(reverse("accounts:security")),
        "how long": signed_in(house.officer).get(reverse("desk:how-long", args=[house.institution.slug])),
    }
    return {name: page.content.decode() for name, page in pages.items()}


@pytest.mark.parametrize(("own", "words"), [({}, "30 days"), ({"goal": 17}, "17 days")])
def test_every_sentence_says_the_own_period(own, words):
    house = taking_part()
    text = goal(house.membership, "Iets leren")
    text.shared_with = house.guide
    text.save()
    keeps(house, **own)

    for name, page in everywhere(house).items():
        assert f"deleted {words} after the program ends" in page, name
        if name not in ("json", "shared", "how long"):
            assert f"{OF_A_GOAL} It is deleted {words} after" in page, name


def test_other_fields_and_pages_say_the_own_period_too():
    house = taking_part()
    keeps(house, preparation=15, private_line=16, access_events=13)
    resident = signed_in(house.resident)

    line = resident.get(reverse("sessions:line", kwargs=over(house))).content.decode()
    preparation = resident.get(
        reverse("programs:my-preparation", args=[house.membership.pk])
    ).content.decode()

    assert "deleted 16 days after" in line
    assert preparation.count("deleted 15 days after") == 3
    assert "kept for 13 months" in resident.get(reverse("programs:opened-by")).content.decode()
    assert "kept for 13 months" in resident.get(reverse("desk:erase")).content.decode()


def test_the_page_without_sign_in_says_the_table():
    house = House()
    keeps(house, goal=17)

    said = Client().get(reverse("accounts:security")).content.decode()

    assert "deleted 30 days after" in said
    assert "deleted 17 days after" not in said


def test_somebody_in_two_houses_reads_of_each_what_it_keeps():
    here, there = House(), House()
    MembershipFactory(group=there.group, user=here.resident)
    keeps(here, goal=17, messages=4)
    keeps(there, messages=3)
    person = User.objects.with_house().get(pk=here.resident.pk)

    table = table_of(person)

    said = table["goal"].until.en
    assert f"{here.institution.name}: It is deleted 17 days after the program ends." in said
    assert f"{there.institution.name}: It is deleted 30 days after the program ends." in said
    assert table["preparation"] == retention.of("preparation")
    assert table["messages"].period == retention.Period(months=4)
    assert {one.period for one in table_of(User.objects.with_house().get(pk=UserFactory().pk)).values()} == {
        kind.period for kind in retention.load().values()
    }


def test_a_shorter_period_asks_again_who_it_is():
    house = House()
    client = Client()
    client.force_login(with_password(house.administrator))

    asked = client.post(reverse("desk:shorten", args=[house.institution.slug]), {"sure": "1"})

    assert asked.url.startswith("/accounts/reauthenticate/")
    assert Institution.objects.get(pk=house.institution.pk).own_periods == {}
