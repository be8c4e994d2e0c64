"""Something left the group: reported, looked into by somebody independent, repaired; and who learns what."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalogue import retention
from checklist import reading
from checklist.facts.whole import facts_of
from concerns import actions, tasks
from concerns.errors import RepairUnsaid, ReportMoved
from concerns.models import KNOWN_FOR, LeakReport
from desk.actions import purging
from intervision import clock
from outbox.models import Message
from sessions.models import Attendance
from tests.access.test_access import by_link, signed_in
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def house():
    return House()


def once_in(page):
    return page.content.decode().split('name="once" value="')[1].split('"')[0]


def report(client, house, **said):
    address = reverse("concerns:new", args=[house.group.pk])
    said = {"once": once_in(client.get(address)), "kind": "evaluation"} | said
    return client.post(address, said), said


def code_in(page):
    return page.context["code"]


def test_a_report_without_a_name_stores_nobody_and_is_followed_with_its_code(house, client):
    page, _ = report(signed_in(house.resident), house)

    row = LeakReport.objects.get()
    assert (page.status_code, row.kind, row.reporter, row.state) == (200, "evaluation", None, "reported")
    assert str(house.resident.pk) not in everything_stored_about(row)
    assert code_in(page) not in everything_stored_about(row)
    seen = client.post(reverse("concerns:follow"), {"code": code_in(page).lower().replace("-", " ")})
    assert seen.context["report"] == row


def everything_stored_about(row):
    with connection.cursor() as cursor:
        cursor.execute("select t::text from concerns_leakreport t where id = %s", [row.pk])
        (text,) = cursor.fetchone()
        cursor.execute("select string_agg(t::text, '|') from outbox_message t where about_id = %s", [row.pk])
        return text + (cursor.fetchone()[0] or "")


def test_who_sends_a_report_twice_has_reported_once(house):
    client = signed_in(house.resident)
    first, said = report(client, house)
    second = client.post(reverse("concerns:new", args=[house.group.pk]), said)

    assert LeakReport.objects.count() == 1
    assert code_in(first) == code_in(second)


def test_the_form_of_somebody_else_reports_nothing(house):
    other = MembershipFactory(group=house.group).user
    _, said = report(signed_in(house.resident), house)

    page = signed_in(other).post(reverse("concerns:new", args=[house.group.pk]), said)

    assert (page.status_code, LeakReport.objects.count()) == (422, 1)


def test_a_report_goes_to_the_independent_person_and_to_nobody_else(house):
    report(signed_in(house.resident), house)

    assert [(row.kind, row.recipient) for row in Message.objects.all()] == [
        ("leak-reported", house.independent)
    ]


def test_the_mails_say_neither_the_group_nor_what_nor_who(house):
    report(signed_in(house.resident), house, named="on")
    row = LeakReport.objects.get()
    for to, repairs in (("looking", []), ("confirmed", []), ("repaired", ["told"])):
        row = actions.move(row, to, by=house.independent, repairs=repairs)
        call_command("run_due")

    words = [house.group.name, house.resident.name, house.independent.name, str(row.get_kind_display())]
    assert {m.to[0] for m in mail.outbox} == {
        one.email for one in (house.independent, house.resident, house.coordinator)
    }
    for message in mail.outbox:
        whole = message.message().as_string()
        assert [word for word in words if word in whole.replace(message.to[0], "")] == []


def test_who_left_the_group_may_still_report(house):
    house.membership.state, house.membership.left_on = "left", clock.today()
    house.membership.save()

    page, _ = report(signed_in(house.resident), house)

    assert page.status_code == 200


def test_a_personal_link_reports_about_its_own_group_only(house):
    other = House()
    MembershipFactory(group=other.group, user=house.resident)
    client = by_link(house, "take_part")

    assert client.get(reverse("concerns:new", args=[house.group.pk])).status_code == 200
    assert client.get(reverse("concerns:new", args=[other.group.pk])).status_code == 404


def test_an_independent_person_who_is_not_so_here_neither_sees_nor_moves_it(house):
    row = house.report
    page = reverse("concerns:report", args=[row.pk])
    client = signed_in(house.independent)
    assert client.get(page).status_code == 200

    def refused():
        listed = row.pk in [
            one.pk for one in client.get(reverse("concerns:list")).context["page"].object_list
        ]
        return client.get(page).status_code == 403 and not listed

    with undone():
        EvaluativeRelationFactory(
            institution=house.institution, evaluator=house.independent, resident=house.resident
        )
        assert refused()
    with undone():
        MembershipFactory(group=house.group, user=house.independent)
        assert refused()
    for role in ("coordinator", "director"):
        with undone():
            AppointmentFactory(institution=house.institution, user=house.independent, role=role)
            assert refused()
    assert not refused()


def moved(house, user):
    """``user`` was at a session of the group, and is in another group of the program now."""
    place = MembershipFactory(group=GroupFactory(program=house.program), user=user)
    session = GroupSessionFactory(group=house.group, state="logged")
    Attendance.objects.create(session=session, membership=place, state="present")
    return place


def stood_in(house, user):
    GroupSessionFactory(group=house.group, substitute=user)


@pytest.mark.parametrize("was_there", [moved, stood_in])
def test_an_independent_person_who_was_there_once_is_not_independent_of_the_group(house, was_there):
    page = reverse("concerns:report", args=[house.report.pk])
    client = signed_in(house.independent)
    was_there(House(), house.independent)
    GroupSessionFactory(group=house.group)
    assert client.get(page).status_code == 200

    was_there(house, house.independent)

    assert client.get(page).status_code == 403
    assert not client.get(reverse("concerns:list")).context["page"].object_list


def test_who_moved_to_another_group_may_still_report_about_the_one_before(house):
    person = moved(house, UserFactory()).user

    page, _ = report(signed_in(person), house)

    assert (page.status_code, LeakReport.objects.get().group) == (200, house.group)


def test_nobody_reports_about_a_group_that_met_without_them(house):
    GroupSessionFactory(group=house.group, state="logged")
    outsider = MembershipFactory(group=GroupFactory(program=house.program)).user

    page = signed_in(outsider).get(reverse("concerns:new", args=[house.group.pk]))

    assert page.status_code == 404


class undone:
    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind, fault, trace):
        transaction.set_rollback(True)
        self.atomic.__exit__(kind, fault, trace)


def test_each_step_follows_on_the_one_before_and_only_once(house):
    row = house.report
    with pytest.raises(ReportMoved):
        actions.move(row, "confirmed", by=house.independent)
    looking = actions.move(row, "looking", by=house.independent)
    with pytest.raises(ReportMoved):
        actions.move(row, "looking", by=house.independent)
    confirmed = actions.move(looking, "confirmed", by=house.independent)
    with pytest.raises(RepairUnsaid):
        actions.move(confirmed, "repaired", by=house.independent)
    repaired = actions.move(confirmed, "repaired", by=house.independent, repairs=["told", "rules"])

    assert [step.state for step in row.steps.all()] == ["looking", "confirmed", "repaired"]
    assert repaired.repairs == ["told", "rules"]


def test_the_database_keeps_a_repair_from_saying_nothing(house):
    with pytest.raises(IntegrityError), transaction.atomic():
        LeakReport.objects.filter(pk=house.report.pk).update(state="repaired", repairs=[])


def test_only_who_guides_and_coordinates_today_is_named_to_the_independent_person(house):
    over = {"until_on": clock.today() - DAY}
    GuideFactory(group=house.group, **over)
    ProgramCoordinatorFactory(program=house.program, **over)
    report(signed_in(house.resident), house)

    page = (
        signed_in(house.independent)
        .get(reverse("concerns:report", args=[LeakReport.objects.get().pk]))
        .context
    )

    assert list(page["guides"]) == [house.guide]
    assert [row.user for row in page["coordinators"]] == [house.coordinator]


def test_a_second_press_and_a_stale_page_change_nothing(house):
    client, page = signed_in(house.independent), reverse("concerns:step", args=[house.report.pk])
    begin = {"seen": "reported", "to": "looking"}

    assert [client.post(page, begin).status_code for _ in range(2)] == [302, 302]
    assert client.post(page, {"seen": "reported", "to": "confirmed"}).status_code == 409
    assert client.post(page, {"seen": "looking", "to": "repaired", "repairs": ["told"]}).status_code == 422
    assert [step.state for step in house.report.steps.all()] == ["looking"]


def test_a_confirmed_leak_is_a_hard_flag_until_it_is_repaired(house):
    held = GroupSessionFactory(group=house.group, state="logged")
    assert held.is_logged

    def incidents():
        return facts_of(reading.read(house.program, clock.now()).scope)["confidentiality_incidents"]

    assert incidents() == 0
    row = actions.move(house.report, "looking", by=house.independent)
    assert incidents() == 0
    row = actions.move(row, "confirmed", by=house.independent)
    assert incidents() == 1
    actions.move(row, "repaired", by=house.independent, repairs=["told"])
    assert incidents() == 0


def test_without_an_independent_person_it_is_not_known_whether_something_left():
    house = House()
    house.independent.appointments.all().delete()
    GroupSessionFactory(group=house.group, state="logged")

    found = facts_of(reading.read(house.program, clock.now()).scope)

    assert found["confidentiality_incidents"] is None


def test_the_coordinator_learns_of_the_group_once_it_is_found_true_and_never_who(house):
    client, page = signed_in(house.coordinator), reverse("concerns:confirmed", args=[house.program.pk])
    row = actions.move(house.report, "looking", by=house.independent)
    assert not client.get(page).context["page"].object_list

    actions.move(row, "confirmed", by=house.independent)

    told = client.get(page).content.decode()
    assert house.group.name in told
    assert house.resident.name not in told
    assert "leak" in [need.kind for need in client.get("/").context["first"]]
    client.post(reverse("programs:pause-group", args=[house.program.pk, house.group.pk]), {"paused": "1"})
    assert "leak" not in [need.kind for need in client.get("/").context["first"]]


def test_ones_own_reports_are_those_one_made_by_name(house):
    fellow = MembershipFactory(group=house.group).user
    mine, _ = LeakReport.objects.create(group=house.group, kind="written", reporter=fellow), house.report
    LeakReport.objects.create(group=house.group, kind="pressed")

    page = signed_in(fellow).get(reverse("concerns:mine"))

    assert list(page.context["reports"]) == [mine]


def test_who_reported_is_forgotten_thirty_days_after_it_is_settled_by_the_nightly_purge(house):
    with time_machine.travel(NOON, tick=False) as moment:
        page, _ = report(signed_in(house.resident), house, named="on")
        row = actions.move(LeakReport.objects.get(), "looking", by=house.independent)
        actions.move(row, "not_confirmed", by=house.independent)
        moment.shift(30 * DAY)
        purging.purge(at=clock.now())
        assert actions.follow(code_in(page)) is not None
        moment.shift(DAY)
        night = purging.purge(at=clock.now())

    assert LeakReport.objects.get().reporter is None
    assert actions.follow(code_in(page)) is None
    assert actions.follow("") is None
    assert "report" not in night.counts  # a number would tell an administrator that there was one
    assert f" {KNOWN_FOR.days} days after" in retention.of("report").until.en


def test_who_reported_what_waits_or_is_not_repaired_is_known_however_long_it_takes(house):
    with time_machine.travel(NOON, tick=False) as moment:
        page, _ = report(signed_in(house.resident), house, named="on")
        actions.move(LeakReport.objects.get(), "looking", by=house.independent)
        moment.shift(90 * DAY)
        purging.purge(at=clock.now())

    assert actions.follow(code_in(page)).reporter == house.resident


def test_a_report_that_waits_reminds_once_and_reaches_whoever_is_appointed_later(house):
    with time_machine.travel(NOON, tick=False) as moment:
        report(signed_in(house.resident), house)
        later = house.appointed("independent")
        for _ in range(3):
            moment.shift(4 * DAY)
            tasks.every_night()

    found = sorted((row.kind, row.recipient_id) for row in Message.objects.all())
    both = sorted((house.independent.pk, later.pk))
    assert found == [*(("leak-reported", pk) for pk in both), *(("leak-waits", pk) for pk in both)]


@pytest.mark.parametrize(("has", "gets"), [("coordinator", "independent"), ("independent", "director")])
def test_nobody_is_independent_and_coordinates_or_directs_the_same_house(house, has, gets):
    somebody = house.appointed(has)
    form = {"name": "x", "email": somebody.email, "role": gets}

    page = signed_in(house.administrator).post(f"/institution/{house.institution.slug}/people/invite/", form)

    assert page.status_code == 422
    assert list(somebody.appointments.values_list("role", flat=True)) == [has]


def test_a_coordinator_does_not_appoint_the_independent_person(house):
    form = {"name": "x", "email": "x@example.org", "role": "independent"}

    page = signed_in(house.coordinator).post(f"/institution/{house.institution.slug}/people/invite/", form)

    assert page.status_code == 422


def test_made_up_codes_tell_nothing(client):
    for code in ("", "ABCD", str(uuid.uuid4()), "a" * 40):
        assert client.post(reverse("concerns:follow"), {"code": code}).status_code == 422
