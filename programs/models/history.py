"""What changed in a planning. Only columns that a coordinator sees anyway, none with words about a person."""

from django.db import models

from intervision.history import of
from programs.models.group import Group, Membership
from programs.models.guide import Guide
from programs.models.independence import EvaluativeRelation
from programs.models.intake import Intake, IntakeSlot
from programs.models.program import Program, ProgramCoordinator, ProgramText

FRAME = (
    "title", "stage", "starts_on", "ends_on", "answers_until", "target_size", "interval_weeks", "session_minutes",
    "sessions_total", "intake_minutes", "participation", "joining", "degree_required", "coaching_alongside",
    "coaching_mode", "requires_prior_error", "refreshments",
)  # fmt: skip


class ProgramEvent(of(Program, *FRAME)):  # type: ignore[misc]
    class Meta:
        indexes = [models.Index(fields=("id",))]


class ProgramTextEvent(of(ProgramText, "program", "version", "published_at")):  # type: ignore[misc]
    class Meta:
        indexes = [models.Index(fields=("program",))]


class ProgramCoordinatorEvent(
    of(ProgramCoordinator, "program", "user", "from_on", "until_on", "suspended_from")  # type: ignore[misc]
):
    class Meta:
        indexes = [models.Index(fields=("program",))]


class GroupEvent(of(Group, "program", "name", "places", "closed", "paused_at", "half_day", "room")):  # type: ignore[misc]
    class Meta:
        indexes = [models.Index(fields=("program",))]


class MembershipEvent(
    of(Membership, "program", "group", "user", "state", "paused_from", "paused_until", "suspended_from")  # type: ignore[misc]
):
    class Meta:
        indexes = [models.Index(fields=("program",))]


class GuideEvent(of(Guide, "group", "user", "role", "from_on", "until_on", "suspended_from")):  # type: ignore[misc]
    class Meta:
        indexes = [models.Index(fields=("group",))]


class IntakeSlotEvent(
    of(IntakeSlot, "program", "guide", "starts_at", "channel", "room", "membership", "withdrawn_at")  # type: ignore[misc]
):
    class Meta:
        indexes = [models.Index(fields=("program",))]


class IntakeEvent(of(Intake, "membership", "state")):  # type: ignore[misc]
    class Meta:
        indexes = [models.Index(fields=("membership",))]


class EvaluativeRelationEvent(
    of(EvaluativeRelation, "institution", "evaluator", "resident", "kind", "from_on", "until_on")  # type: ignore[misc]
):
    class Meta:
        indexes = [models.Index(fields=("resident",))]
