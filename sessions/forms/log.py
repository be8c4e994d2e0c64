"""The guide's log as a form: ticks, counts, times and worded choices; nowhere a line of text."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue import load
from programs.models import Membership
from sessions.actions.logs import Entry
from sessions.models import Attendance, GroupSession, Interruption

AGREEMENT = (
    ("1", _("Not at all")),
    ("2", _("Rather not")),
    ("3", _("Partly")),
    ("4", _("Largely")),
    ("5", _("Fully")),
)
MOST = 5
COUNTS = [*((str(count), str(count)) for count in range(MOST)), (str(MOST), f"{MOST}+")]
#: The most that a session may have started earlier or ended later than planned.
AROUND = dt.timedelta(hours=4)


UNMARKED: Mapping[str, Any] = {"state": Attendance.State.PRESENT, "left_early": False}


@dataclass(frozen=True, slots=True)
class Person:
    """One row of ticks; ``excused`` said beforehand that they cannot come."""

    id: uuid.UUID
    name: str
    present: bool
    early: bool
    excused: bool


class TicksForm(forms.Form):
    """Who was there, who left early: one tick each, ``present_ID`` and ``early_ID`` by id of the membership.

    ``session`` comes ``with_marks``.
    """

    def __init__(
        self, *args: Any, members: Sequence[Membership], session: GroupSession, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members, self.session = members, session

    @property
    def people(self) -> list[Person]:
        """As ticked, or as noted; whoever is not noted at all was there."""
        known = {mark["membership"]: mark for mark in self.session.marks}
        return [self._person(member, known.get(str(member.pk), UNMARKED)) for member in self.members]

    def _person(self, member: Membership, mark: Mapping[str, Any]) -> Person:
        present, early = mark["state"] == Attendance.State.PRESENT, mark["left_early"]
        excused = mark["state"] == Attendance.State.EXCUSED
        if self.is_bound:
            present, early = self._is_ticked("present", member), self._is_ticked("early", member)
        return Person(member.pk, member.name, present, early, excused)

    def ticked(self, which: str) -> set[uuid.UUID]:
        return {member.pk for member in self.members if self._is_ticked(which, member)}

    def _is_ticked(self, which: str, member: Membership) -> bool:
        return f"{which}_{member.pk}" in self.data


class LogForm(TicksForm):
    started = forms.TimeField(label=_("Began at"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    ended = forms.TimeField(label=_("Ended at"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    own_case = forms.BooleanField(label=_("Somebody brought a situation of their own"), required=False)
    next_step = forms.BooleanField(label=_("We found a next step"), required=False)
    themes = forms.MultipleChoiceField(
        label=_("What it was about"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, session: GroupSession, **kwargs: Any) -> None:
        log = getattr(session, "log", None)
        kwargs["initial"] = {
            "started": _local(session, session.started_at or session.starts_at).time(),
            "ended": _local(session, session.ended_at or session.ends_at).time(),
            "own_case": log is not None and log.own_case,
            "next_step": log is not None and log.next_step,
            "themes": log.themes if log else [],
        } | kwargs.get("initial", {})
        super().__init__(*args, session=session, **kwargs)
        catalogue = load()
        themes = [(key, str(words)) for key, words in catalogue.themes.items()]
        self.fields["themes"].choices = themes  # type: ignore[attr-defined]
        counted = {row["kind"]: row["count"] for row in session.interrupted}
        for kind in Interruption.Kind:
            self.fields[f"count_{kind.value}"] = forms.ChoiceField(
                label=kind.label.capitalize(),
                choices=COUNTS,
                widget=forms.RadioSelect,
                initial=str(min(counted.get(kind.value, 0), MOST)),
            )
        self.questions = catalogue.log_questions(session.group.program.format)
        for item in self.questions:
            given = log.answers.get(item.key) if log else None
            self.fields[f"answer_{item.key}"] = forms.ChoiceField(
                label=str(item.measure.words),
                choices=AGREEMENT,
                widget=forms.RadioSelect,
                initial=str(given) if given else None,
                error_messages={"required": _("Choose what fits best; “Partly” is an answer too.")},
            )

    @property
    def times(self) -> list[tuple[forms.BoundField, str]]:
        """Both times, each as it stands in its field."""
        fields = (self["started"], self["ended"])
        return [(field, field.field.widget.format_value(field.value()) or "") for field in fields]

    @property
    def counts(self) -> list[forms.BoundField]:
        return [self[f"count_{kind}"] for kind in Interruption.Kind.values]

    @property
    def answers(self) -> list[forms.BoundField]:
        return [self[f"answer_{item.key}"] for item in self.questions]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("started") and data.get("ended"):
            started, ended = self._moment(data["started"]), self._moment(data["ended"])
            if ended <= started:
                self.add_error("ended", _("The end must be after the start."))
            elif started < self.session.starts_at - AROUND or ended > self.session.ends_at + AROUND:
                self.add_error("started", _("This is more than four hours from the planned time."))
        return data

    def _moment(self, at: dt.time) -> dt.datetime:
        planned = _local(self.session, self.session.starts_at)
        return dt.datetime.combine(planned.date(), at, planned.tzinfo).astimezone(dt.UTC)

    @property
    def entry(self) -> Entry:
        """What a valid form says."""
        data = self.cleaned_data
        return Entry(
            present=self.ticked("present"),
            left_early=self.ticked("early"),
            started_at=self._moment(data["started"]),
            ended_at=self._moment(data["ended"]),
            interruptions={kind: int(data[f"count_{kind}"]) for kind in Interruption.Kind.values},
            own_case=data["own_case"],
            next_step=data["next_step"],
            themes=data["themes"],
            answers={item.key: int(data[f"answer_{item.key}"]) for item in self.questions},
        )


def _local(session: GroupSession, at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at, session.group.program.institution.zone)
