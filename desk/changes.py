"""What changed in a program's planning: the rows that the database wrote beside each change, in words."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import (
    EvaluativeRelation,
    Group,
    Guide,
    Intake,
    IntakeSlot,
    Membership,
    Program,
    ProgramCoordinator,
    ProgramText,
)
from sessions.models import GroupSession

#: Noun -> model, table of its changes, and which of them belong to the program.
KINDS: dict[str, tuple[type[models.Model], str, str]] = {
    "program": (Program, "programs_programevent", "e.id = %(program)s"),
    "text": (ProgramText, "programs_programtextevent", "e.program_id = %(program)s"),
    "coordinator": (ProgramCoordinator, "programs_programcoordinatorevent", "e.program_id = %(program)s"),
    "group": (Group, "programs_groupevent", "e.program_id = %(program)s"),
    "member": (Membership, "programs_membershipevent", "e.program_id = %(program)s"),
    "guide": (Guide, "programs_guideevent", "e.group_id in (select id from groups)"),
    "slot": (IntakeSlot, "programs_intakeslotevent", "e.program_id = %(program)s"),
    "intake": (Intake, "programs_intakeevent", "e.membership_id in (select id from members)"),
    "session": (
        GroupSession,
        "intervision_sessions_groupsessionevent",
        "e.group_id in (select id from groups)",
    ),
    "relation": (
        EvaluativeRelation,
        "programs_evaluativerelationevent",
        "e.resident_id in (select user_id from members)"
        " and e.institution_id = (select institution_id from programs_program where id = %(program)s)",
    ),
}
OURS = """
with groups as (
  select id from programs_group where program_id = %(program)s
   union select pgh_obj_id from programs_groupevent where program_id = %(program)s
), members as (
  select id, user_id from programs_membership where program_id = %(program)s
   union select pgh_obj_id, user_id from programs_membershipevent where program_id = %(program)s
)
"""
ROWS = " union all ".join(
    f"""select '{noun}' as noun, e.pgh_id, e.pgh_label as label, e.pgh_context->>'user' as who,
        coalesce((e.pgh_context->>'at')::timestamptz, e.pgh_created_at) as at, to_jsonb(e) as now,
        lag(to_jsonb(e)) over (partition by e.pgh_obj_id order by e.pgh_id) as before
   from {table} e where {ours}"""  # noqa: S608 - names of our own tables
    for noun, (_model, table, ours) in KINDS.items()
)
COUNTS = " union all ".join(
    f"select count(*) as n from {table} e where {ours}"  # noqa: S608
    for _model, table, ours in KINDS.values()
)
#: People as they are called in the program. Whoever was taken out of it before they took part in anything of this
#: house is called nothing: the name that was given went with their place, and their own is not this house's to know.
NAMES = """
select u.id::text, coalesce(place.name, case when
         exists (select from accounts_appointment a where a.user_id = u.id and a.institution_id = %(house)s)
         or exists (select from programs_evaluativerelation r
                     where r.evaluator_id = u.id and r.institution_id = %(house)s)
         or exists (select from programs_membership m join programs_program p on p.id = m.program_id
                     where m.user_id = u.id and m.accepted_at is not null and p.institution_id = %(house)s)
       then u.name else %(gone)s end)
  from accounts_user u
  left join lateral (
       select case when m.given_name > '' and m.accepted_at is null then m.given_name else u.name end as name
         from programs_membership m where m.user_id = u.id and m.program_id = %(program)s
        order by m.state in ('left', 'declined'), m.id limit 1) place on true
 where u.id::text = any(%(ids)s) and u.erased_at is null
 union all select id::text, name from programs_group where id::text = any(%(ids)s)
 union all select id::text, name from programs_room where id::text = any(%(ids)s)
 union all select m.id::text, case when m.given_name > '' and m.accepted_at is null then m.given_name else u.name end
             from programs_membership m join accounts_user u on u.id = m.user_id
            where m.id::text = any(%(ids)s)
"""
LABELS: dict[str, str | Promise] = {
    "answers_until": gettext_lazy("answers until"),
    "cancel_reason": gettext_lazy("why it is cancelled"),
    "channel": gettext_lazy("where"),
    "closed": gettext_lazy("closed"),
    "coaching_alongside": gettext_lazy("coaching alongside"),
    "coaching_mode": gettext_lazy("coaching call"),
    "degree_required": gettext_lazy("the guide must be a physician"),
    "ends_at": gettext_lazy("end"),
    "ends_on": gettext_lazy("last day"),
    "evaluator": gettext_lazy("who evaluates"),
    "from_on": gettext_lazy("from"),
    "group": gettext_lazy("group"),
    "guide": gettext_lazy("guide"),
    "half_day": gettext_lazy("half-day"),
    "intake_minutes": gettext_lazy("minutes in an intake"),
    "interval_weeks": gettext_lazy("weeks between sessions"),
    "joining": gettext_lazy("how people come in"),
    "kind": gettext_lazy("kind"),
    "membership": gettext_lazy("for"),
    "name": gettext_lazy("name"),
    "number": gettext_lazy("number"),
    "participation": gettext_lazy("participation"),
    "paused_at": gettext_lazy("pauses since"),
    "paused_from": gettext_lazy("pauses from"),
    "paused_until": gettext_lazy("pauses until"),
    "places": gettext_lazy("places"),
    "published_at": gettext_lazy("published"),
    "refreshments": gettext_lazy("refreshments"),
    "requires_prior_error": gettext_lazy("only after an error"),
    "resident": gettext_lazy("who is evaluated"),
    "role": gettext_lazy("role"),
    "room": gettext_lazy("room"),
    "session_minutes": gettext_lazy("minutes in a session"),
    "sessions_total": gettext_lazy("number of sessions"),
    "stage": gettext_lazy("stage"),
    "starts_at": gettext_lazy("begin"),
    "starts_on": gettext_lazy("first day"),
    "state": gettext_lazy("state"),
    "substitute": gettext_lazy("stands in"),
    "suspended_from": gettext_lazy("suspended from"),
    "target_size": gettext_lazy("people in a group"),
    "title": gettext_lazy("name"),
    "until_on": gettext_lazy("until"),
    "user": gettext_lazy("person"),
    "version": gettext_lazy("version"),
    "withdrawn_at": gettext_lazy("withdrawn"),
}


@dataclass(frozen=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One line: what it is about, what happened to it, who did it (empty where the clock did) and when."""

    about: str
    label: str
    who: str
    at: dt.datetime
    differences: list[Difference]


class Changes:
    """All changes of a program, the latest first, read in pages."""

    ordered = True

    def __init__(self, program: Program) -> None:
        self.program = program
        self.values = {"program": program.pk}

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"{OURS} select sum(n)::int from ({COUNTS}) counted", self.values)  # noqa: S608
            return int(cursor.fetchone()[0])

    def __getitem__(self, part: slice) -> list[Change]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""{OURS} select noun, label, who, at, now, before from ({ROWS}) changes
                     order by at desc, noun, pgh_id desc limit %(most)s offset %(first)s""",  # noqa: S608
                self.values | {"first": part.start, "most": part.stop - part.start},
            )
            rows = [Row.read(*row) for row in cursor.fetchall()]
        names = names_of(rows, self.program)
        return [row.say(names) for row in rows]


def names_of(rows: "list[Row]", program: Program) -> dict[str, str]:
    ids = sorted({value for row in rows for value in row.ids()})
    values: dict[str, Any] = {"ids": ids, "program": program.pk, "house": program.institution_id}
    values["gone"] = _("somebody who is no longer in the program")
    with connection.cursor() as cursor:
        cursor.execute(NAMES, values)
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Row:
    noun: str
    label: str
    who: str | None
    at: dt.datetime
    now: Mapping[str, Any]
    before: Mapping[str, Any] | None

    @classmethod
    def read(
        cls, noun: str, label: str, who: str | None, at: dt.datetime, now: str, before: str | None
    ) -> "Row":
        return cls(noun, label, who, at, json.loads(now), json.loads(before) if before else None)

    def ids(self) -> Iterator[str]:
        known = [
            value
            for row in (self.now, self.before or {})
            for key, value in row.items()
            if key.endswith("_id") and not key.startswith("pgh_")
        ]
        yield from (str(value) for value in [*known, self.who] if value)

    def say(self, names: dict[str, str]) -> Change:
        who = names.get(self.who, _("somebody who is erased")) if self.who else ""
        return Change(self.about(names), self.label, who, self.at, list(self.differences(names)))

    def about(self, names: dict[str, str]) -> str:
        said = {
            key: names.get(str(value), _("erased")) for key, value in self.now.items() if key.endswith("_id")
        }
        words = ABOUT[self.noun]
        if "starts_at" in self.now:
            said["moment"] = moment(self.now["starts_at"])
        return str(words) % (dict(self.now) | said)

    def differences(self, names: dict[str, str]) -> Iterator[Difference]:
        if self.label != "update" or self.before is None:
            return
        for column, after in self.now.items():
            before = self.before[column]
            key = column.removesuffix("_id")
            if before != after and key in LABELS:
                field = KINDS[self.noun][0]._meta.get_field(key)
                yield Difference(str(LABELS[key]), spoken(field, before, names), spoken(field, after, names))


ABOUT: dict[str, str | Promise] = {
    "program": gettext_lazy("The program"),
    "text": gettext_lazy("Purpose and limits, version %(version)s"),
    "coordinator": gettext_lazy("%(user_id)s as coordinator"),
    "group": "%(name)s",
    "member": gettext_lazy("%(user_id)s in the program"),
    "guide": gettext_lazy("%(user_id)s as guide of %(group_id)s"),
    "slot": gettext_lazy("Intake time of %(guide_id)s, %(moment)s"),
    "intake": gettext_lazy("Intake of %(membership_id)s"),
    "session": gettext_lazy("Session %(number)s of %(group_id)s"),
    "relation": gettext_lazy("%(evaluator_id)s evaluates %(resident_id)s"),
}


def moment(value: str) -> str:
    return str(date_format(localtime(dt.datetime.fromisoformat(value)), "D j F Y, H:i"))


def spoken(field: Any, value: Any, names: dict[str, str]) -> str:
    """A stored value as a page says it."""
    if value is None or value == "":
        return _("nothing")
    if field.is_relation:
        return names.get(str(value), _("erased"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField):
        return moment(value)
    if isinstance(field, models.DateField):
        return str(date_format(dt.date.fromisoformat(value), "D j F Y"))
    return str(value)
