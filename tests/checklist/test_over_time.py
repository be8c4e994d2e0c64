"""How a program went from window to window, beside itself a year ago, and group by group."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

import catalogue
from checklist import trend, whole
from checklist.inputs import Inputs
from checklist.models import Snapshot, SnapshotRun
from checklist.scoring import score
from checklist.trend import Point
from checklist.views.over_time import moment
from checklist.year import compare
from programs.models import Program
from surveys.models import Kind, Result
from tests.checklist.stored import PLANNED_AT, by_the_book
from tests.factories.programs import (
    GroupFactory,
    IntakeFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
)

DAY = dt.timedelta(days=1)
PULSE = ("min-safety-felt", "min-depth-felt", "prep-no-extra-workload")


def point(label: str, **shown: int | None) -> Point:
    known = dict.fromkeys(("preparation", "minimal", "optimizing", "climate")) | shown
    return Point(label, PLANNED_AT, known)


def test_the_finding_says_what_went_up_down_or_stayed_since_it_was_first_known():
    points = [
        point("Sessions 1 and 2", preparation=80, minimal=60),
        point("Sessions 3 and 4", preparation=95, minimal=60, optimizing=70),
        point("Half way", preparation=95, minimal=40, optimizing=70, climate=50),
    ]

    said = trend.finding(points)

    assert said.startswith("From “Sessions 1 and 2” to “Half way”: Preparation went up from 80 to 95")
    assert "went down from 60 to 40" in said
    assert "stayed at 70" in said
    assert "limate" not in said


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([], "No answers have been shown yet."),
        ([point("Half way", preparation=80)], "One set of answers has been shown so far: “Half way”."),
        ([point("Half way"), point("At the end")], "No layer was known at two of these moments yet."),
    ],
)
def test_below_two_points_there_are_words(points, words):
    assert trend.finding(points).startswith(words)


def test_the_line_of_a_layer_stops_where_it_was_not_known_and_names_do_not_meet():
    points = [
        point("1", preparation=80, minimal=80),
        point("2", minimal=80),
        point("3", preparation=80, minimal=80),
    ]

    drawn = trend.draw(points, title="Over time")

    lines = re.findall(r'stroke-width="2" stroke-dasharray="[^"]*" d="([^"]*)"', drawn)
    assert sorted(line.count("M") for line in lines) == [1, 2]
    heights = [float(y) for y in re.findall(r'class="name" fill="[^"]*" x="[^"]*" y="([^"]*)"', drawn)]
    assert abs(heights[0] - heights[1]) >= trend.APART
    assert 'role="img"' in drawn
    assert "went" not in drawn
    assert "stayed at 80" in drawn


def marks(drawn):
    return [
        (float(x), float(y))
        for x, y in re.findall(r'transform="translate\(([\d.]+) ([\d.]+)\)" d="[^"]*"><title>', drawn)
    ]


@pytest.mark.parametrize("frame", [trend.WIDE, trend.NARROW], ids=["wide", "narrow"])
def test_layers_with_the_same_number_stand_beside_each_other_and_nearer_than_the_next(frame):
    same = {"preparation": 80, "minimal": 80, "optimizing": 80, "climate": 80}
    points = [point("1", **same), point("2", **same | {"climate": 75})]

    drawn = trend.draw(points, title="Over time", frame=frame)

    found = marks(drawn)
    first, last = sorted(found[0::2]), sorted(found[1::2])
    assert [(round(x - first[0][0]), round(y - first[0][1])) for x, y in first] == [
        (nth * trend.BESIDE[0], nth * trend.BESIDE[1]) for nth in range(4)
    ]
    assert len({y for _x, y in last}) == 4
    assert all(frame.left < x < frame.width - frame.right for x, _y in found)


def test_on_a_phone_the_names_stand_beneath_the_picture_and_take_no_width():
    points = [point("1", preparation=80, minimal=60), point("2", preparation=85, minimal=60)]

    drawn = trend.draw(points, title="Over time", frame=trend.NARROW, uid="trend-narrow")

    heights = [float(y) for y in re.findall(r'class="name" fill="[^"]*" x="[^"]*" y="([^"]*)"', drawn)]
    assert len(heights) == 2
    assert min(heights) > trend.TOP + trend.PLOT
    assert 'id="trend-narrow-desc"' in drawn
    assert trend.finding(points).split(":")[1].strip(" .")[:20] in drawn


@pytest.mark.parametrize(
    ("score", "coverage", "shown"),
    [(0.8, 1, 80), (0.849, 0.5, 80), (0.9, 0.49, None), (None, 0, None), (1.0, 1, 100)],
)
def test_a_number_of_then_is_shown_as_it_was_then(score, coverage, shown):
    assert trend.shown(score, coverage) == shown


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def clock(self):
        with time_machine.travel(PLANNED_AT, tick=False) as traveller:
            yield traveller

    def open(self, client, program, name, language="en"):
        if "_auth_user_id" not in client.session:
            client.force_login(ProgramCoordinatorFactory(program=program).user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(reverse(f"checklist:{name}", args=[program.pk]))
        assert answer.status_code == 200
        return answer.content.decode()

    def show(self, program, slot, word):
        from checklist import keeping

        words = dict.fromkeys(PULSE, word)
        told = {"kind": "pulse", "slot": slot, "people_at_least": 5, "words": words}
        Result.objects.create(program=program, group=None, released_at=dt.datetime.now(dt.UTC), **told)
        keeping.keep_due(until=float("inf"))

    def test_each_window_is_a_point_with_how_the_program_stood_after_it(self, client, clock):
        program = by_the_book()
        Program.objects.filter(pk=program.pk).update(stage="running")
        assert "No answers have been shown yet." in self.open(client, program, "over-time")
        self.show(program, 1, "good")
        page = self.open(client, program, "over-time")
        assert "One set of answers has been shown so far: “Sessions 1 and 2”." in page
        assert "<svg" not in page.partition("<main")[2].partition("trend")[0]

        clock.shift(42 * DAY)
        self.show(program, 2, "attention")
        page = self.open(client, program, "over-time")

        assert "From “Sessions 1 and 2” to “Sessions 3 and 4”" in page
        assert 'role="img"' in page
        rows = re.findall(r'<th scope="row" role="rowheader"><span>(\d\. [^(]+) \(', page)
        assert rows == ["1. Sessions 1 and 2", "2. Sessions 3 and 4"]
        assert "Van “Bijeenkomst 1 en 2” tot" in self.open(client, program, "over-time", "nl")

    def test_a_window_that_was_shown_to_one_group_alone_is_no_point(self, client):
        program = by_the_book()
        told = {
            "kind": "midway",
            "people_at_least": 5,
            "words": {"min-safety-felt": "good"},
            "released_at": PLANNED_AT,
        }
        Result.objects.create(program=program, group=program.groups.get(), **told)
        from checklist import keeping

        keeping.keep_due(until=float("inf"))

        assert "No answers have been shown yet." in self.open(client, program, "over-time")

    def test_what_another_program_was_told_or_had_kept_is_nothing_of_this_one(self, client, clock):
        other = by_the_book()
        Program.objects.filter(pk=other.pk).update(stage="running")
        self.show(other, 1, "good")
        clock.shift(400 * DAY)
        program = by_the_book()
        page = self.open(client, program, "over-time")
        assert "No answers have been shown yet." in page
        assert "After a year it is compared with itself here." in page

        Program.objects.filter(pk=program.pk).update(stage="running")
        self.show(program, 2, "good")
        page = self.open(client, program, "over-time")

        assert "One set of answers has been shown so far: “Sessions 3 and 4”." in page
        assert "from this day on:" in page

    def test_a_program_is_compared_with_itself_as_it_stood_a_year_ago(self, client, clock):
        from checklist import keeping

        program = by_the_book()
        assert "After a year it is compared with itself here." in self.open(client, program, "over-time")
        keeping.keep_due(until=float("inf"))
        clock.shift(364 * DAY)
        assert "from this day on:" in self.open(client, program, "over-time")
        clock.shift(DAY)
        Program.objects.filter(pk=program.pk).update(title="Resilience", degree_required=True)
        program.groups.update(closed=False)

        page = self.open(client, program, "over-time")

        assert "no longer met." in page
        assert "20 of 32" in page
        assert "(now: Not met)" in page

    def test_the_last_snapshot_before_a_year_ago_says_how_it_stood_then(self, client, clock):
        program = ProgramFactory()
        run = SnapshotRun.objects.create(night=PLANNED_AT.date(), began_at=PLANNED_AT, total=1)
        for days, title in ((400, "old"), (366, "then"), (364, "later")):
            Snapshot.objects.create(
                program=program,
                audience="coordinator",
                taken_at=PLANNED_AT - days * DAY,
                run=SnapshotRun.objects.create(
                    night=PLANNED_AT.date() - days * DAY, began_at=run.began_at, total=1
                ),
                catalogue_version=title,
                windows=0,
                content={
                    "items": {},
                    "layers": dict.fromkeys(("preparation", "minimal", "optimizing", "climate")),
                    "coverage": dict.fromkeys(("preparation", "minimal", "optimizing", "climate"), 0),
                },
                digest=title,
            )

        page = self.open(client, program, "over-time")

        assert "The list of conditions was another one" in page
        assert "Sunday 31 August 2025" in page or "31 August 2025" in page

    def test_groups_stand_side_by_side_where_they_differ_without_anything_that_was_said(self, client):
        program = by_the_book()
        first = program.groups.get()
        other = GroupFactory(program=program, name="Zebra")
        for _number in range(2):
            IntakeFactory(membership=MembershipFactory(group=other), goal_formulated=True)
        told = {"kind": "midway", "people_at_least": 5, "words": {"min-safety-felt": "attention"}}
        Result.objects.create(program=program, group=first, released_at=PLANNED_AT, **told)

        page = self.open(client, program, "by-group")

        assert "The groups differ in" in page
        assert 'data-label="Zebra"' in page
        assert '<span class="muted">2 members</span>' in page
        assert page.count("In a group") == 1, "what was measured is said once, not in every cell"
        answered = [
            item for item in catalogue.load().items.values() if item.measure.kind == "resident_feedback"
        ]
        assert not [item.key for item in answered if str(item.statement) in page]

    def test_without_groups_it_says_what_will_be_there(self, client):
        assert "There are no groups yet" in self.open(client, ProgramFactory(), "by-group")

    def test_the_first_page_leads_to_both(self, client):
        program = by_the_book()
        GroupFactory(program=program)

        page = self.open(client, program, "program")

        for name in ("by-group", "over-time"):
            assert reverse(f"checklist:{name}", args=[program.pk]) in page


@pytest.mark.parametrize("kind", Kind)
def test_each_moment_at_which_something_is_asked_has_its_words(kind):
    assert moment(kind, 0)
    assert moment(Kind.PULSE, 2) == "Sessions 3 and 4"


def test_what_is_not_known_any_more_is_not_said_to_be_lost():
    known = catalogue.load()
    now = score(known, "intervision", Inputs(facts={"group_size_planned": 12}))
    then = whole.kept(score(known, "intervision", Inputs(facts={"group_size_planned": 6, "onsite_share": 1})))

    found = compare(then, known.version, now)

    statements = known.items["prep-group-size"].statement, known.items["prep-onsite"].statement
    assert [change.statement for change in (*found.lost, *found.faded)] == [str(one) for one in statements]
    assert found.sentence == (
        "1 condition that was met a year ago is no longer met. "
        "1 condition that was met a year ago is not known any more."
    )
