"""What this room keeps of one person: what they said, as coordinator, of the conditions of a program."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue import load
from catalogue.kept import Section, section
from checklist.models import Declaration, Justification


def export_own(user: User) -> Iterator[Section]:
    """Answers and reasons as ``user`` left them; the program keeps both, without a name once that is erased."""
    answers = Declaration.objects.filter(by=user).select_related("program")
    yield section(
        "changes",
        "conditions_answered",
        _("What you answered about conditions"),
        {
            "program": _("Program"),
            "condition": _("Condition"),
            "answer": _("Answer"),
            "note": _("What is missing"),
            "at": _("When"),
        },
        (
            {
                "program": row.program.title,
                "condition": _words(row.item),
                "answer": str(row.get_answer_display()),
                "note": row.note,
                "at": row.answered_at,
            }
            for row in answers.order_by("answered_at")
        ),
    )
    reasons = Justification.objects.filter(by=user).select_related("program")
    yield section(
        "changes",
        "conditions_explained",
        _("Why a condition is not met, as you wrote it"),
        {
            "program": _("Program"),
            "condition": _("Condition"),
            "text": _("Why"),
            "chosen": _("Chosen not to"),
            "at": _("When"),
        },
        (
            {
                "program": row.program.title,
                "condition": _words(row.item),
                "text": row.text,
                "chosen": row.chosen,
                "at": row.changed_at,
            }
            for row in reasons.order_by("changed_at")
        ),
    )


def _words(item: str) -> str:
    """The condition itself, or its key where the catalogue dropped it."""
    known = load().items
    return str(known[item].statement) if item in known else item
