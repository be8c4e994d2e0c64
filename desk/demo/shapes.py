"""Programs that show what the checklist says of very different situations: docs/demonstration.md says what and why.

A program is the one "by the book" but for what its shape says.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SAFETY = (
    "min-safety-felt", "min-stays-in-group", "min-in-control", "min-guide-sets-boundaries", "min-dare-vulnerable",
)  # fmt: skip
FELT_WELL = ("min-safety-felt", "min-depth-felt", "min-stays-in-group", "min-in-control", "min-dare-vulnerable",
             "min-guide-sets-boundaries", "min-listen-and-think", "min-beyond-complaint", "min-new-options",
             "prep-no-extra-workload")  # fmt: skip
YES, CALM = ("yes", ""), ("workload_and_rosters",)
DECLARED = {"min-help-route": YES, "clim-part-of-wider": YES}


@dataclass(frozen=True, slots=True)
class Answers:
    """The word each question comes to, ``most`` unless named; ``answering`` of each group answer."""

    most: str = "good"
    words: Mapping[str, str] = field(default_factory=dict)
    answering: int = 6


@dataclass(frozen=True)
class Shape:
    """Weeks count from this one. ``first`` is the week of the first session, ``asked`` the sessions with answers."""

    key: str
    format: str
    title: str
    department: str
    first: int
    asked: tuple[int, ...]
    frame: Mapping[str, Any] = field(default_factory=dict)
    answers: Answers = Answers()
    climate: Answers | None = None
    declared: Mapping[str, tuple[str, str]] = field(default_factory=lambda: DECLARED)
    groups: int = 3
    size: int = 6
    years: int = 3
    at: dt.time = dt.time(14)
    room: tuple[bool, bool] = (True, True)
    guide: str = "coach"
    #: Topic and hours of what each guide followed.
    training: Mapping[str, int] = field(
        default_factory=lambda: {"facilitation": 6, "steering_away_from_negativity": 2}
    )
    intakes: bool = True
    pagers: int = 0
    #: By the number of a session.
    themes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    stage: str = "running"
    #: The first guide begins to supervise a member, so many weeks from now.
    supervises_from: int | None = None


#: Where the first hospital's climate is asked, and how a round of last year went there: what its director reads.
LAST_YEAR_AT = ("Heelkunde", "Kindergeneeskunde", "Neurologie")
BY_THE_BOOK = {"refreshments": True, "coaching_alongside": True}

LAST_YEAR = Shape(
    key="last-year",
    format="intervision",
    department="",
    title="Intervisie: de ronde van vorig jaar",
    first=-76,
    asked=(1, 5, 9, 10),
    frame=BY_THE_BOOK,
    stage="completed",
    answers=Answers(
        words=dict.fromkeys(
            ("prep-no-extra-workload", "min-beyond-complaint", "opt-learn-other-phase", "opt-guide-digs"),
            "mixed",
        )
    ),
    climate=Answers(
        words={
            "clim-work-pressure": "attention",
            "clim-hierarchy-helps": "mixed",
            "clim-management-willing": "mixed",
        }
    ),
)
SHAPES = (
    Shape(
        key="strong", format="intervision", department="Interne geneeskunde",
        title="Intervisie interne geneeskunde, tweede jaar",
        first=-58, asked=(1, 7, 9), frame={**BY_THE_BOOK, "sessions_total": 13}, climate=Answers(),
        themes={2: ("recovery_and_recharge",), 4: ("early_signs_of_burnout",), 6: ("recovery_and_recharge",)},
    ),
    Shape(
        key="fragile", format="intervision", department="Psychiatrie", title="Avondgroepen veerkracht",
        first=-22, asked=(1, 4), at=dt.time(18, 30), size=9, room=(False, False), intakes=False, pagers=2,
        frame={"session_minutes": 90, "interval_weeks": 4, "sessions_total": 8, "target_size": 9,
               "degree_required": True, "coaching_alongside": False},
        training={}, answers=Answers("mixed", dict.fromkeys(FELT_WELL, "good")),
    ),
    Shape(
        key="unsafe", format="intervision", department="Heelkunde", title="Intervisie heelkunde",
        first=-34, asked=(1, 5), frame=BY_THE_BOOK, climate=Answers(),
        answers=Answers(words=dict.fromkeys(SAFETY, "attention")),
    ),
    Shape(
        key="workload", format="intervision", department="Pediatrie", title="Intervisie pediatrie",
        first=-34, asked=(1, 5), frame=BY_THE_BOOK, answers=Answers(words={"prep-no-extra-workload": "attention"}),
    ),
    Shape(
        key="flagged", format="intervision", department="Anesthesie", title="Intervisie anesthesie",
        first=-34, asked=(1, 5), frame=BY_THE_BOOK, supervises_from=-2,
    ),
    Shape(
        key="unknown", format="intervision", department="Geriatrie", title="Intervisie geriatrie",
        first=-7, asked=(1, 2), frame=BY_THE_BOOK, groups=1, answers=Answers(answering=4), declared={},
    ),
    Shape(
        key="jain", format="peer_support", department="Urgentiegeneeskunde",
        title="Peer support urgentiegeneeskunde, zoals in Jain 2022",
        first=-36, asked=(1, 4), size=8, years=4, guide="alumnus", at=dt.time(9), training={"counselling": 3},
        frame={"refreshments": True, "sessions_total": 7}, intakes=False,
        answers=Answers(words={
            "min-not-seen-as-weak": "mixed", "min-beyond-complaint": "mixed",
            "opt-guidance-not-frightening": "mixed", "opt-burnout-not-fate": "attention",
        }),
        declared={**DECLARED, "clim-family-informed": YES},
    ),
    Shape(
        key="janes", format="error_coping_workshop", department="Cardiologie",
        title="Veerkrachttraining na fouten, zoals in Janes 2020",
        first=-10, asked=(1,), size=8, years=3, guide="psychologist", at=dt.time(13), stage="calls", intakes=False,
        frame={"coaching_mode": "included", "target_size": 8, "requires_prior_error": False},
        training={"cbt": 40, "manual": 8},
        answers=Answers(words={"opt-call-skilled": "mixed"}),
        climate=Answers("mixed", {
            "clim-work-pressure": "attention", "clim-management-willing": "attention",
            "clim-words-match-work": "attention", "clim-support-access": "good",
        }),
        declared={
            "min-help-route": YES, "prep-open-to-all": YES, "prep-staff-views": YES,
            "opt-coping-not-law": ("partly", "Een uur gaat over aansprakelijkheid."),
            "clim-investigation-system": ("partly", "Alleen bij ernstige gebeurtenissen."),
            "clim-part-of-wider": ("no", ""),
        },
    ),
)  # fmt: skip
