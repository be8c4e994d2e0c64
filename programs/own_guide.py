"""What this room keeps about somebody as a guide, a coordinator or one who evaluates."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.kept import Section, section
from programs.models import (
    EvaluativeRelation,
    Guide,
    IndependenceDeclaration,
    Intake,
    IntakeSlot,
    ProgramCoordinator,
    TrainingRecord,
)


def evaluations(user: User) -> Iterator[Section]:
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


def as_guide(user: User) -> Iterator[Section]:
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
    yield from _interviews(user)
    yield _declarations(user)
    yield from _background(user)


def _interviews(user: User) -> Iterator[Section]:
    offered = IntakeSlot.objects.filter(guide=user).select_related("program", "room")
    yield section(
        "part",
        "offered_times",
        _("Intake times you offered"),
        {
            "program": _("Program"),
            "starts": _("Start"),
            "ends": _("Ends at"),
            "channel": _("How"),
            "room": _("Room"),
            "video_link": _("video link"),
            "withdrawn": _("Withdrawn on"),
        },
        (
            {
                "program": row.program.title,
                "starts": row.starts_at,
                "ends": row.ends_at,
                "channel": str(row.get_channel_display()),
                "room": row.room.name if row.room else None,
                "video_link": row.video_link,
                "withdrawn": row.withdrawn_at,
            }
            for row in offered
        ),
    )
    held = Intake.objects.filter(held_by=user).select_related("membership__program")
    yield section(
        "part",
        "intakes_held",
        _("What you noted of intake interviews"),
        {
            "program": _("Program"),
            "at": _("When"),
            "by_phone": _("By phone"),
            "expectations": _("expectations voiced"),
            "boundaries": _("boundaries agreed"),
            "goal": _("goal formulated"),
        },
        (
            {
                "program": row.membership.program.title,
                "at": row.held_at,
                "by_phone": row.by_phone,
                "expectations": row.expectations_voiced,
                "boundaries": row.boundaries_agreed,
                "goal": row.goal_formulated,
            }
            for row in held.order_by("held_at")
        ),
    )


def _declarations(user: User) -> Section:
    """That ``user`` said whom they evaluate, of how many; whom is under what they evaluate, by no name."""
    said = IndependenceDeclaration.objects.filter(guide__user=user).select_related("guide__group__program")
    return section(
        "part",
        "independence",
        _("When you said whom of a group you evaluate"),
        {"program": _("Program"), "group": _("Group"), "members": _("Of how many members"), "at": _("When")},
        (
            {
                "program": row.guide.group.program.title,
                "group": row.guide.group.name,
                "members": row.asked_about,
                "at": row.declared_at,
            }
            for row in said.annotate(asked_about=Count("members")).order_by("declared_at")
        ),
    )


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
