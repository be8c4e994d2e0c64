"""A program comes into being and its frame and texts are changed."""

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from catalogue import load
from intervision import clock
from programs import frame, steps
from programs.errors import StaleProgram, StaleText
from programs.locking import lock_program
from programs.models import Group, Program, ProgramCoordinator, ProgramText

TEXT_FIELDS = ("purpose_en", "limits_en", "purpose_nl", "limits_nl")


@transaction.atomic
def create_program(
    institution: Institution, *, pk: UUID, format_key: str, values: dict[str, Any], by: User
) -> Program:
    """Make a draft with the catalogue's texts; ``by`` coordinates it. The same ``pk`` again changes nothing.

    The caller has checked that ``by`` is appointed a coordinator there today.
    Raises ValueError when ``pk`` is somebody else's program.
    """
    program, created = Program.objects.get_or_create(
        pk=pk,
        defaults={"institution": institution, "format": format_key, "created_by": by, **values},
    )
    if created:
        ProgramCoordinator.objects.create(program=program, user=by)
        ProgramText.objects.create(program=program, **catalogue_text(format_key))
        steps.remember(program, "frame", frame_state(program))
    elif program.created_by_id != by.pk:
        raise ValueError("this id belongs to another program")
    return program


def catalogue_text(format_key: str) -> dict[str, str]:
    spec = load().formats[format_key]
    return {
        "purpose_en": spec.purpose.en,
        "limits_en": spec.limits.en,
        "purpose_nl": spec.purpose.nl,
        "limits_nl": spec.limits.nl,
    }


def frame_state(program: Program) -> steps.State:
    spec = load().formats[program.format]
    values = {name: getattr(program, name) for name in frame.fields_of(spec)}
    return "look" if frame.notes(spec, values, today=clock.today()) else "done"


@transaction.atomic
def save_frame(program: Program, *, version: int, values: dict[str, Any]) -> Program:
    """Store the frame as an editor who saw ``version`` typed it, and return it as saved.

    Raises StaleProgram, having changed nothing, when somebody saved another version meanwhile.
    """
    # This UPDATE decides between two editors: only the one who saw the stored version changes a row.
    mine = Program.objects.filter(pk=program.pk, version=version)
    if not mine.update(version=F("version") + 1, **values):
        raise StaleProgram
    saved = Program.objects.select_related("institution").get(pk=program.pk)
    steps.remember(saved, "frame", frame_state(saved))
    return saved


def newest_text(program: Program) -> ProgramText:
    """The text being worked on; one from the catalogue where a program has none."""
    found = program.texts.order_by("-version").first()
    return found or ProgramText(program=program, version=1, **catalogue_text(program.format))


def fingerprint(text: ProgramText) -> str:
    """Tells one wording from another, whoever wrote it."""
    words = "\0".join(getattr(text, name).replace("\r\n", "\n") for name in TEXT_FIELDS)
    return hashlib.sha256(words.encode()).hexdigest()


@transaction.atomic
def save_text(program: Program, *, seen: str, values: dict[str, str]) -> ProgramText:
    """Store the text of an editor who saw the wording ``seen``. A published text is followed by a new version.

    Raises StaleText, having changed nothing, when the stored wording is another by now.
    """
    lock_program(program.pk)
    stored = newest_text(program)
    if fingerprint(stored) != seen:
        raise StaleText
    typed = ProgramText(program=program, version=stored.version, **values)
    if not stored._state.adding and fingerprint(typed) == seen:
        return stored
    if stored.published_at is not None:
        typed.version = stored.version + 1
    elif not stored._state.adding:
        typed.pk = stored.pk
        typed.created_at = stored.created_at
        typed._state.adding = False
    typed.save()
    return typed


@transaction.atomic
def publish_text(program: Program, *, at: dt.datetime) -> ProgramText:
    """Publish the newest text; participants read it from now on, and it never changes again."""
    lock_program(program.pk)
    text = newest_text(program)
    if text.published_at is None:
        text.published_at = at
        text.save()
    return text


#: What a new program takes over from an earlier one: everything but its dates, people and history.
COPIED = (
    "institution",
    "format",
    "description",
    "target_size",
    "interval_weeks",
    "session_minutes",
    "sessions_total",
    "intake_minutes",
    "participation",
    "mandatory_reason",
    "joining",
    "degree_required",
    "coaching_alongside",
    "coaching_mode",
    "requires_prior_error",
    "refreshments",
)


@transaction.atomic
def copy_program(source: Program, *, pk: UUID, by: User) -> Program:
    """A draft with the settings, texts and rooms of ``source`` and nobody in it. The same ``pk`` again: the same draft.

    The caller has checked that ``by`` runs ``source`` and may create programs there. Raises ValueError when ``pk``
    is another program.
    """
    program, created = Program.objects.get_or_create(
        pk=pk,
        defaults={
            **{name: getattr(source, name) for name in COPIED},
            "title": _("%(title)s, next round") % {"title": source.title[:100]},
            "copied_from": source,
            "created_by": by,
        },
    )
    if not created:
        if (program.copied_from_id, program.created_by_id) != (source.pk, by.pk):
            raise ValueError("this id belongs to another program")
        return program
    ProgramCoordinator.objects.create(program=program, user=by)
    text = newest_text(source)
    ProgramText.objects.create(program=program, **{name: getattr(text, name) for name in TEXT_FIELDS})
    _copy_groups(source, program)
    steps.remember(program, "frame", "look")
    return program


def next_programs(source: Program, user: User) -> list[Program]:
    """Those copied from ``source`` that ``user`` coordinates and that are not over, the newest first."""
    over = (Program.Stage.COMPLETED, Program.Stage.CANCELLED)
    made = Program.objects.coordinated_by(user).filter(copied_from=source).exclude(stage__in=over)
    return list(made.order_by("-created_at", "pk")[:10])


def _copy_groups(source: Program, program: Program) -> None:
    """Empty groups in the same rooms, at the same half-day."""
    Group.objects.bulk_create(
        Group(
            program=program,
            name=group.name,
            places=group.places,
            places_reason=group.places_reason,
            half_day=group.half_day,
            room=group.room if group.room and group.room.retired_at is None else None,
        )
        for group in source.groups.select_related("room")
    )
