"""From a program's rows in the database to plain ones: five queries, whatever its size."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from accounts.models import BusyTime, Placement
from accounts.models.person import current_q
from checklist.models import Declaration, Justification
from checklist.rows import (
    FrameRow,
    GroupRow,
    GuideRow,
    LogRow,
    MemberRow,
    RoomRow,
    Scope,
    SessionRow,
    TextRow,
)
from programs import independence
from programs.models import (
    FacilitatorProfile,
    GroundRulesConfirmation,
    Guide,
    Membership,
    Program,
    ProgramCoordinator,
    ProgramText,
    TrainingRecord,
)
from sessions.models import Attendance, GroupSession, Interruption

GUIDING = (TrainingRecord.Topic.FACILITATION, TrainingRecord.Topic.COUNSELLING)
DUTIES = (BusyTime.Kind.DUTY, BusyTime.Kind.POST_NIGHT)
AWAY = (*DUTIES, BusyTime.Kind.LEAVE)
Row = Mapping[str, Any]
WORDS = ("purpose_en", "purpose_nl", "limits_en", "limits_nl")


@dataclass(frozen=True)
class Reading:
    """``declarations`` and ``justifications`` are by item; ``min_n`` is the institution's."""

    scope: Scope
    declarations: dict[str, Declaration]
    justifications: dict[str, Justification]
    min_n: int


def read(program: Program, at: dt.datetime) -> Reading:
    """``program`` comes with its institution."""
    house = program.institution
    on = house.on_day(at)
    about = _about(program, on)
    members, sessions = _members(program, on), _sessions(program, house.zone)
    groups = [_group(row, members, sessions) for row in _groups(program, on)]
    coordinators = tuple(about["in_force"])
    scope = Scope(
        frame=frame_of(program, about),
        at=at,
        groups=tuple(groups),
        coordinators=coordinators,
        independence=_independence(groups, coordinators, on),
    )
    return Reading(scope, _declarations(about), _justifications(about), house.min_n)


def frame_of(program: Program, about: Row | None = None) -> FrameRow:
    """What is decided about ``program``; also of one that is being typed and stored nowhere."""
    house = program.institution
    return FrameRow(
        format=program.format,
        title=program.title,
        description=program.description,
        stage=program.paused_stage or program.stage,
        target_size=program.target_size,
        interval_weeks=program.interval_weeks,
        session_minutes=program.session_minutes,
        sessions_total=program.sessions_total,
        participation=program.participation,
        degree_required=program.degree_required,
        coaching_alongside=program.coaching_alongside,
        coaching_mode=program.coaching_mode,
        requires_prior_error=program.requires_prior_error,
        refreshments=program.refreshments,
        texts=None if about is None else tuple(_text(row) for row in about["versions"]),
        first_invited_at=about["invited"] if about else None,
        zone=house.zone,
        working_days=tuple(house.working_days),
        working_from=house.working_from,
        working_until=house.working_until,
    )


def _about(program: Program, on: dt.date) -> Row:
    """Everything that hangs on the program itself, in one query."""
    here = {"program": OuterRef("pk")}
    invited = Membership.objects.filter(**here).order_by().values("program")
    in_force = ProgramCoordinator.objects.active(on).filter(**here).order_by()
    found = Program.objects.filter(pk=program.pk).values(
        invited=Subquery(invited.annotate(first=Min("invited_at")).values("first")),
        in_force=ArraySubquery(in_force.values("user")),
        versions=ArraySubquery(_as_json(ProgramText.objects.filter(**here), *WORDS, "published_at")),
        declared=ArraySubquery(
            _as_json(Declaration.objects.filter(**here), "item", "answer", "note", "answered_at")
        ),
        justified=ArraySubquery(_as_json(Justification.objects.filter(**here), "item", "text", "changed_at")),
    )
    return found[0]


def _as_json(rows: QuerySet[Any], *fields: str) -> Any:
    return rows.values(row=JSONObject(**{field: field for field in fields}))


def _groups(program: Program, on: dt.date) -> Any:
    profile = FacilitatorProfile.objects.filter(user=OuterRef("user"), institution=program.institution_id)
    trainings = TrainingRecord.objects.filter(user=OuterRef("user"), on__lte=on).order_by()
    hours = trainings.filter(topic__in=GUIDING).values("user").annotate(sum=Sum("hours")).values("sum")
    guides = Guide.objects.current(on).filter(group=OuterRef("pk"))
    told = guides.values(
        row=JSONObject(
            user="user",
            role="role",
            suspended_from="suspended_from",
            kind=Subquery(profile.values("kind")),
            cbt=Subquery(profile.values("cbt_experience")),
            trained_cbt=Exists(trainings.filter(topic=TrainingRecord.Topic.CBT)),
            steering=Exists(trainings.filter(topic=TrainingRecord.Topic.STEERING)),
            hours=Subquery(hours),
            confirmed_at=_first_confirmed(),
        )
    )
    return program.groups.order_by("name", "created_at").values(
        "id", "name", "closed", guide_rows=ArraySubquery(told)
    )


def _first_confirmed() -> Subquery:
    """When somebody first confirmed the ground rules of that group, in any version."""
    own = GroundRulesConfirmation.objects.filter(user=OuterRef("user"), ground_rules__group=OuterRef("group"))
    return Subquery(own.order_by("confirmed_at").values("confirmed_at")[:1])


def _members(program: Program, on: dt.date) -> dict[UUID, list[MemberRow]]:
    placed = Placement.objects.filter(current_q(on), user=OuterRef("user"))[:1]
    place = placed.values(
        row=JSONObject(
            year="training_year", training_years="department__training_years", discipline="discipline"
        )
    )
    duties = BusyTime.objects.filter(user=OuterRef("user"), kind__in=DUTIES).order_by().values("user")
    away = BusyTime.objects.filter(
        user=OuterRef(OuterRef("user")),
        kind__in=AWAY,
        from_at__lt=OuterRef("ends_at"),
        until_at__gt=OuterRef("starts_at"),
    )
    clashes = GroupSession.objects.filter(Exists(away), group=OuterRef("group")).order_by()
    rows = Membership.objects.filter(program=program, group__isnull=False).values(
        "id", "group_id", "user_id", "joined_on", "left_on", "paused_from", "paused_until", "suspended_from",
        "intake_slot__starts_at", "intake__state", "intake__held_at", "intake__held_by",
        "intake__expectations_voiced", "intake__boundaries_agreed", "intake__goal_formulated",
        place=Subquery(place),
        confirmed_at=_first_confirmed(),
        duties_until=Subquery(duties.annotate(last=Max("until_at")).values("last")),
        clashes=ArraySubquery(clashes.values("pk")),
    )  # fmt: skip
    found: dict[UUID, list[MemberRow]] = defaultdict(list)
    for row in rows:
        found[row["group_id"]].append(_member(row))
    return found


def _member(row: Row) -> MemberRow:
    place = row["place"] or {}
    took_place = row["intake__state"] in ("held", "held_late")
    return MemberRow(
        id=row["id"],
        user=row["user_id"],
        joined_on=row["joined_on"],
        left_on=row["left_on"],
        paused_from=row["paused_from"],
        paused_until=row["paused_until"],
        suspended_from=row["suspended_from"],
        year=place.get("year"),
        training_years=place.get("training_years"),
        discipline=place.get("discipline") or "",
        slot_at=row["intake_slot__starts_at"],
        intake_at=row["intake__held_at"] if took_place else None,
        intake_by=row["intake__held_by"],
        framed=bool(row["intake__expectations_voiced"] and row["intake__boundaries_agreed"]),
        goal=bool(row["intake__goal_formulated"]),
        confirmed_at=row["confirmed_at"],
        clashes=frozenset(row["clashes"]),
        duties_until=row["duties_until"],
    )


def _sessions(program: Program, zone: ZoneInfo) -> dict[UUID, list[SessionRow]]:
    mine = {"session": OuterRef("pk")}
    present = Attendance.objects.filter(**mine, state=Attendance.State.PRESENT).order_by()
    interrupted = Interruption.objects.filter(**mine).order_by().values("session")
    rows = GroupSession.objects.filter(group__program=program).values(
        "id", "group_id", "starts_at", "ends_at", "state", "first_planned_at", "refreshments", "started_at", "ended_at",
        "room_id", "room__on_hospital_site", "room__daylight", "room__comfortable_temperature",
        "log__own_case", "log__next_step", "log__themes", "log__answers",
        present=ArraySubquery(present.values("membership")),
        interrupted=Subquery(interrupted.annotate(sum=Sum("count")).values("sum")),
    )  # fmt: skip
    found: dict[UUID, list[SessionRow]] = defaultdict(list)
    for row in rows:
        found[row["group_id"]].append(_session(row, zone))
    return found


def _session(row: Row, zone: ZoneInfo) -> SessionRow:
    room = RoomRow(row["room__on_hospital_site"], row["room__daylight"], row["room__comfortable_temperature"])
    return SessionRow(
        id=row["id"],
        starts_at=row["starts_at"].astimezone(zone),
        ends_at=row["ends_at"].astimezone(zone),
        state=row["state"],
        first_planned_at=row["first_planned_at"].astimezone(zone),
        room=room if row["room_id"] else None,
        refreshments=row["refreshments"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        present=frozenset(row["present"]),
        interruptions=row["interrupted"] or 0,
        log=_log(row) if row["log__themes"] is not None else None,
    )


def _log(row: Row) -> LogRow:
    answers = {key: int(answer) for key, answer in (row["log__answers"] or {}).items()}
    return LogRow(row["log__own_case"], row["log__next_step"], tuple(row["log__themes"]), answers)


def _group(
    row: Row, members: dict[UUID, list[MemberRow]], sessions: dict[UUID, list[SessionRow]]
) -> GroupRow:
    return GroupRow(
        id=row["id"],
        name=row["name"],
        closed=row["closed"],
        members=tuple(members[row["id"]]),
        guides=tuple(_guide(guide) for guide in row["guide_rows"]),
        sessions=tuple(sessions[row["id"]]),
    )


def _guide(row: Row) -> GuideRow:
    return GuideRow(
        user=UUID(row["user"]),
        leads=row["role"] == Guide.Role.LEAD,
        suspended=row["suspended_from"] is not None,
        kind=row["kind"] or "",
        cbt=bool(row["cbt"] or row["trained_cbt"]),
        steering=row["steering"],
        hours=row["hours"] or 0,
        confirmed_at=_moment(row["confirmed_at"]),
    )


def _independence(
    groups: list[GroupRow], coordinators: tuple[UUID, ...], on: dt.date
) -> independence.Knowledge:
    members = {member.user for group in groups for member in group.members}
    guides = {guide.user for group in groups for guide in group.guides}
    return independence.knowledge({*members, *guides, *coordinators}, members, on)  # type: ignore[arg-type]


def _text(row: Row) -> TextRow:
    return TextRow(
        (row["purpose_en"], row["purpose_nl"]),
        (row["limits_en"], row["limits_nl"]),
        _moment(row["published_at"]),
    )


def _declarations(about: Row) -> dict[str, Declaration]:
    return {
        row["item"]: Declaration(**{**row, "answered_at": _moment(row["answered_at"])})
        for row in about["declared"]
    }


def _justifications(about: Row) -> dict[str, Justification]:
    return {
        row["item"]: Justification(**{**row, "changed_at": _moment(row["changed_at"])})
        for row in about["justified"]
    }


def _moment(text: str | None) -> dt.datetime | None:
    """A time as PostgreSQL writes it into JSON."""
    return dt.datetime.fromisoformat(text) if text else None
