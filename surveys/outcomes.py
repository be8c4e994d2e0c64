"""What a program may bring, asked at sign-up and at the end in our own words. Shown beside the rings, never inside.

Of the domain notes, 10: two questions for each outcome, one for hope. No burnout instrument: those belong to others.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.questions import Question

WORDS: Mapping[str, Promise] = {
    "out-reaction": _("I know better how I react when things get hard."),
    "out-milder": _("I am milder with myself when something goes less well."),
    "out-kind-of-doctor": _("I see more clearly what kind of doctor I want to be."),
    "out-still-myself": _("I can be a doctor and still be myself."),
    "out-belong": _("I feel I belong among the residents here."),
    "out-ask-help": _("I ask a colleague how they are, or ask for help, more easily."),
    "out-notice": _("I notice sooner when it is getting too much for me or a colleague."),
    "out-recharge": _("I know what recharges me, and I do it."),
    "out-hope": _("Others came through this, and so can I."),
    "out-after-error": _("If I were involved in an error, I would know what to do for myself."),
    "out-support-colleague": _("I have used this to support a colleague."),
}
DEVELOPMENT, IDENTITY = ("out-reaction", "out-milder"), ("out-kind-of-doctor", "out-still-myself")
COLLEGIALITY, RECOVERY = ("out-belong", "out-ask-help"), ("out-notice", "out-recharge")
BY_FORMAT: Mapping[str, tuple[str, ...]] = {
    "intervision": (*DEVELOPMENT, *IDENTITY, *COLLEGIALITY, *RECOVERY),
    "peer_support": (*DEVELOPMENT, *IDENTITY, *COLLEGIALITY, *RECOVERY, "out-hope"),
    "error_coping_workshop": (
        *DEVELOPMENT,
        *COLLEGIALITY,
        *RECOVERY,
        "out-after-error",
        "out-support-colleague",
    ),
}


def questions(format_key: str) -> list[Question]:
    return [Question(key) for key in BY_FORMAT[format_key]]
