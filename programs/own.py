"""What this room keeps about one person, and how it lets go of it."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import vault
from accounts.models import User
from catalogue.kept import Section, section
from programs.actions import running
from programs.models import (
    DepartmentRule,
    EvaluativeRelation,
    FacilitatorProfile,
    GroundRulesConfirmation,
    Guide,
    IndependenceDeclaration,
    Intake,
    IntakeSlot,
    Interest,
    JoinRequest,
    LearningGoal,
    Membership,
    Occupation,
    PeopleImport,
    Preparation,
    Program,
    ProgramCoordinator,
    TrainingRecord,
    UndoableStep,
    WaitingPlace,
)
from vault.models import SealedField


def export_own(user: User) -> Iterator[Section]:
    """The part of ``user`` in programs, as member, guide, coordinator or evaluator. Nobody else is named."""
    yield from _as_member(user)
    yield from _intakes(user)
    yield from _evaluations(user)
    yield from _as_guide(user)
    yield from _asked(user)
    yield from _written(user)


def _as_member(user: User) -> Iterator[Section]:
    places = Membership.objects.filter(user=user).select_related("program", "group").order_by("created_at")
    yield section(
        "part",
        "memberships",
        _("Programs you take or took part in"),
        {
            "program": _("Program"),
            "group": _("Group"),
            "state": _("State"),
            "invited": _("Invited on"),
            "accepted": _("Accepted on"),
            "declined": _("Declined on"),
            "from": _("From"),
            "until": _("Until"),
            "paused_from": _("Paused from"),
            "paused_until": _("Paused until"),
            "suspended_from": _("Closed to you from"),
        },
        (
            {
                "program": row.program.title,
                "group": row.group.name if row.group else None,
                "state": str(row.get_state_display()),
                "invited": row.invited_at,
                "accepted": row.accepted_at,
                "declined": row.declined_at,
                "from": row.joined_on,
                "until": row.left_on,
                "paused_from": row.paused_from,
                "paused_until": row.paused_until,
                "suspended_from": row.suspended_from,
            }
            for row in places
        ),
    )
    agreed = GroundRulesConfirmation.objects.filter(user=user).select_related("ground_rules__group")
    yield section(
        "part",
        "ground_rules",
        _("Ground rules you agreed to"),
        {"group": _("Group"), "version": _("Version"), "at": _("When")},
        (
            {
                "group": row.ground_rules.group.name,
                "version": row.ground_rules.version,
                "at": row.confirmed_at,
            }
            for row in agreed.order_by("confirmed_at")
        ),
    )


def _intakes(user: User) -> Iterator[Section]:
    slots = IntakeSlot.objects.filter(membership__user=user).select_related("program", "room")
    yield section(
        "part",
        "intake_times",
        _("Your intake times"),
        {
            "program": _("Program"),
            "starts": _("Start"),
            "ends": _("Ends at"),
            "channel": _("How"),
            "reserved": _("Reserved on"),
            "kept": _("Kept on"),
        },
        (
            {
                "program": row.program.title,
                "starts": row.starts_at,
                "ends": row.ends_at,
                "channel": str(row.get_channel_display()),
                "reserved": row.reserved_at,
                "kept": row.kept_at,
            }
            for row in slots
        ),
    )
    intakes = Intake.objects.filter(membership__user=user).select_related("membership__program")
    yield section(
        "part",
        "intakes",
        _("Your intake interviews"),
        {
            "program": _("Program"),
            "state": _("State"),
            "at": _("When"),
            "by_phone": _("By phone"),
            "expectations": _("expectations voiced"),
            "boundaries": _("boundaries agreed"),
            "goal": _("goal formulated"),
        },
        (
            {
                "program": row.membership.program.title,
                "state": str(row.get_state_display()),
                "at": row.held_at,
                "by_phone": row.by_phone,
                "expectations": row.expectations_voiced,
                "boundaries": row.boundaries_agreed,
                "goal": row.goal_formulated,
            }
            for row in intakes.order_by("created_at")
        ),
    )
    waiting = WaitingPlace.objects.filter(membership__user=user).select_related("program")
    yield section(
        "part",
        "waiting",
        _("Waiting lists"),
        {"program": _("Program"), "for": _("For"), "since": _("Since"), "until": _("Until")},
        (
            {
                "program": row.program.title,
                "for": str(row.get_kind_display()),
                "since": row.created_at,
                "until": row.ended_at,
            }
            for row in waiting
        ),
    )


def _evaluations(user: User) -> Iterator[Section]:
    columns = {
        "institution": _("Institution"),
        "kind": _("What"),
        "source": _("Comes from"),
        "from": _("From"),
        "until": _("Until"),
    }
    ways = (
        ("evaluated_by", _("That somebody evaluates you"), {"resident": user}),
        ("evaluates", _("That you evaluate somebody"), {"evaluator": user}),
    )
    for key, title, whose in ways:
        relations = EvaluativeRelation.objects.filter(**whose).select_related("institution")
        rows = (
            {
                "institution": row.institution.name,
                "kind": str(row.get_kind_display()),
                "source": str(row.get_source_display()),
                "from": row.from_on,
                "until": row.until_on,
            }
            for row in relations.order_by("from_on", "id")
        )
        yield section("part", key, title, columns, rows)
    rules = user.department_rules.select_related("department").order_by("from_on")
    yield section(
        "part",
        "assessing_staff",
        _("Departments whose residents you assess"),
        {"department": _("Department"), "from": _("From"), "until": _("Until")},
        ({"department": row.department.name, "from": row.from_on, "until": row.until_on} for row in rules),
    )


def _as_guide(user: User) -> Iterator[Section]:
    guided = Guide.objects.filter(user=user).select_related("group__program").order_by("from_on")
    columns = {
        "program": _("Program"),
        "group": _("Group"),
        "role": _("Role"),
        "from": _("From"),
        "until": _("Until"),
        "suspended_from": _("Closed to you from"),
    }
    yield section(
        "part",
        "guided",
        _("Groups you guide or guided"),
        columns,
        (
            {
                "program": row.group.program.title,
                "group": row.group.name,
                "role": str(row.get_role_display()),
                "from": row.from_on,
                "until": row.until_on,
                "suspended_from": row.suspended_from,
            }
            for row in guided
        ),
    )
    coordinated = ProgramCoordinator.objects.filter(user=user).select_related("program").order_by("from_on")
    yield section(
        "part",
        "coordinated",
        _("Programs you coordinate or coordinated"),
        {name: columns[name] for name in ("program", "from", "until", "suspended_from")},
        (
            {
                "program": row.program.title,
                "from": row.from_on,
                "until": row.until_on,
                "suspended_from": row.suspended_from,
            }
            for row in coordinated
        ),
    )
    offered = IntakeSlot.objects.filter(guide=user).select_related("program")
    yield section(
        "part",
        "offered_times",
        _("Intake times you offered"),
        {"program": _("Program"), "starts": _("Start"), "ends": _("Ends at")},
        ({"program": row.program.title, "starts": row.starts_at, "ends": row.ends_at} for row in offered),
    )
    yield from _background(user)


def _background(user: User) -> Iterator[Section]:
    profiles = user.facilitator_profiles.select_related("institution")
    yield section(
        "part",
        "guide_profile",
        _("You as a guide"),
        {
            "institution": _("Institution"),
            "kind": _("kind"),
            "insider": _("knows this workplace from within"),
            "cbt": _("experience with cognitive-behavioural work"),
            "capacity": _("groups at most"),
        },
        (
            {
                "institution": row.institution.name,
                "kind": str(row.get_kind_display()),
                "insider": row.insider,
                "cbt": row.cbt_experience,
                "capacity": row.capacity,
            }
            for row in profiles
        ),
    )
    trainings = TrainingRecord.objects.filter(user=user)
    yield section(
        "part",
        "trainings",
        _("Trainings you followed"),
        {"topic": _("topic"), "hours": _("hours"), "on": _("date"), "trainer": _("given by")},
        (
            {
                "topic": str(row.get_topic_display()),
                "hours": str(row.hours),
                "on": row.on,
                "trainer": row.trainer,
            }
            for row in trainings
        ),
    )


def _asked(user: User) -> Iterator[Section]:
    asked = JoinRequest.objects.filter(email__iexact=user.email).select_related("program")
    yield section(
        "part",
        "join_requests",
        _("Programs you asked to join"),
        {"program": _("Program"), "at": _("When")},
        ({"program": row.program.title, "at": row.asked_at} for row in asked.order_by("asked_at")),
    )
    interests = Interest.objects.filter(email__iexact=user.email).select_related("institution")
    yield section(
        "part",
        "interests",
        _("Institutions whose next round you asked about"),
        {"institution": _("Institution"), "at": _("When")},
        ({"institution": row.institution.name, "at": row.created_at} for row in interests),
    )


def _written(user: User) -> Iterator[Section]:
    """Sealed texts, opened at the door like everywhere; that the person opened them is written down too."""
    texts = {"expectations": _("Expectations"), "not_to_discuss": _("Would rather not discuss")}
    preparations = Preparation.objects.filter(vault__owner=user).select_related("membership__program")
    yield section(
        "preparation",
        "preparations",
        _("Preparation for the intake interview"),
        {"program": _("Program")} | texts | {"first_goal": _("Would like to learn")},
        _opened(user, list(preparations)),
    )
    goals = LearningGoal.objects.filter(vault__owner=user).select_related("membership__program")
    yield section(
        "goal",
        "goals",
        _("What I want to learn"),
        {"program": _("Program"), "goal": _("Learning goal"), "progress": _("How does it go?")},
        _opened(user, list(goals)),
    )


def _opened(user: User, rows: list[Any]) -> list[dict[str, str]]:
    texts = opened(user, rows)
    return [{"program": row.membership.program.title, **text} for row, text in zip(rows, texts, strict=True)]


def opened(user: User, rows: list[Any]) -> list[dict[str, str]]:
    """The texts of each of ``rows`` by field. Where they cannot be opened that is said, and the rest goes on."""
    try:
        return vault.read_all(user, rows) if rows else []
    except vault.CannotOpen as error:
        sealed = [field.name for field in rows[0]._meta.concrete_fields if isinstance(field, SealedField)]
        return [dict.fromkeys(sealed, str(error)) for _row in rows]


def parts(user: User) -> QuerySet[Membership]:
    """Places that ``user`` knows of, in programs that go on."""
    return _going_on(user).filter(pk__in=Membership.objects.answerable_by(user).values("pk"))


def _going_on(user: User) -> QuerySet[Membership]:
    live = Membership.objects.live().filter(user=user).exclude(state=Membership.State.COMPLETED)
    over = (Program.Stage.COMPLETED, Program.Stage.CANCELLED)
    together = ("program__institution", "group", "user")
    return live.exclude(program__stage__in=over).select_related(*together)


def end_part(place: Membership, *, at: dt.datetime) -> None:
    """``place`` ends today and cannot be taken back by others. Seat and time go to whoever waits."""
    running.leave(place, on=place.program.institution.on_day(at), by=place.user)
    UndoableStep.objects.filter(before__membership=str(place.pk)).delete()


def erase_own(user: User, addresses: Collection[str], *, at: dt.datetime) -> None:
    """End every part of ``user``, and delete all that no count needs.

    What stays, by a row that names nobody: that somebody took part, had an intake, agreed to the ground rules,
    guided a group.
    """
    for place in _going_on(user):
        end_part(place, at=at)
    for model in (DepartmentRule, EvaluativeRelation):
        model.objects.filter(evaluator=user).delete()
    EvaluativeRelation.objects.filter(resident=user).delete()
    Membership.objects.filter(user=user).update(given_name="", given_email="")
    for of_guide in (FacilitatorProfile, TrainingRecord):
        of_guide.objects.filter(user=user).delete()
    for sealed in (Preparation, LearningGoal):
        sealed.objects.filter(vault__owner=user).delete()
    WaitingPlace.objects.filter(membership__user=user).delete()
    Occupation.objects.filter(person=user).delete()
    IndependenceDeclaration.members.through.objects.filter(user_id=user.pk).delete()
    for email in addresses:
        JoinRequest.objects.filter(email__iexact=email).delete()
        Interest.objects.filter(email__iexact=email).delete()
        _forget_in_lists(email)
    _forget_in_ways_back(user)


def _forget_in_lists(email: str) -> None:
    """Lists of people that were read and never stored still hold what was typed."""
    for typed in PeopleImport.objects.select_for_update().exclude(rows=[]):
        kept = [row for row in typed.rows if email not in str(row.get("cells", "")).lower()]
        if len(kept) < len(typed.rows):
            PeopleImport.objects.filter(pk=typed.pk).update(rows=kept)


def _forget_in_ways_back(user: User) -> None:
    """A list that was stored remembers what it changed about people, to take it back."""
    for stored in PeopleImport.objects.select_for_update().filter(made__before__icontains=str(user.pk)):
        kept = [change for change in stored.made["before"] if str(user.pk) not in str(change)]
        PeopleImport.objects.filter(pk=stored.pk).update(made=stored.made | {"before": kept})
