"""The coordinator's way from frame to start, and how far a program has come along it."""

from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intervision import addresses
from programs.models import Program

#: What a room says about its step: done, or done with something to look at.
State = Literal["done", "look"]


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    label: str | Promise
    #: Reversed with the program's id.
    url_name: str


STEPS = (
    Step("frame", _("Frame"), "programs:frame"),
    Step("people", _("People"), "programs:people"),
    Step("guides", _("Guides"), "programs:guides"),
    Step("groups", _("Groups"), "planning:groups"),
    Step("dates", _("Dates"), "planning:dates"),
    Step("intakes", _("Intakes"), "programs:intakes"),
    Step("messages", _("Messages"), "sessions:messages"),
    Step("check", _("Check"), "checklist:check"),
    Step("start", _("Start"), "programs:start"),
)


@dataclass(frozen=True, slots=True)
class ShownStep:
    key: str
    label: str | Promise
    url: str
    #: As the component wants it: done, now, open or attention.
    state: str


def steps_of(program: Program) -> tuple[Step, ...]:
    """The steps this program has: only intervision has intakes."""
    return tuple(step for step in STEPS if step.key != "intakes" or program.has_intakes)


def shown(program: Program, now: str) -> list[ShownStep]:
    """Every step with its state; the one whose key is ``now`` is the page one is on."""
    return [_shown(program, step, now) for step in steps_of(program)]


def _shown(program: Program, step: Step, now: str = "") -> ShownStep:
    return ShownStep(step.key, step.label, address(step, program), _state(program, step, now))


def next_after(program: Program, key: str) -> ShownStep | None:
    """The step that follows ``key``, for the button that goes on."""
    keys = [step.key for step in steps_of(program)]
    following = keys.index(key) + 1
    return shown(program, "")[following] if following < len(keys) else None


def first_open(program: Program) -> ShownStep:
    """Where planning was left: the first step nobody has saved, otherwise the last."""
    steps = steps_of(program)
    return _shown(program, next((step for step in steps if _state(program, step, "") == "open"), steps[-1]))


def address(step: Step, program: Program) -> str:
    try:
        return addresses.address(step.url_name, program.pk)
    except NoReverseMatch:
        return ""


@transaction.atomic
def remember(program: Program, step: str, state: State) -> None:
    """Note how far ``step`` is. Locks the program, so that two rooms may note at once."""
    stored = Program.objects.select_for_update(no_key=True).only("steps").get(pk=program.pk)
    stored.steps[step] = state
    stored.save(update_fields=["steps"])
    program.steps = stored.steps


@transaction.atomic
def forget(program: Program, step: str) -> None:
    """Note that ``step`` is open again."""
    stored = Program.objects.select_for_update(no_key=True).only("steps").get(pk=program.pk)
    stored.steps.pop(step, None)
    stored.save(update_fields=["steps"])
    program.steps = stored.steps


def _state(program: Program, step: Step, now: str) -> str:
    if step.key == now:
        return "now"
    open_or_over = "done" if program.started_at else "open"
    return {"done": "done", "look": "attention"}.get(program.steps.get(step.key, ""), open_or_over)
