"""Edges of what was decided about a program as a whole."""

from collections.abc import Mapping

from checklist.rows import TextRow
from tests.checklist.by_hand import on
from tests.checklist.edges import NO_MEMBER, NO_SESSION, NO_TIME, YES_OR_NO, Edge, edges, gives

PURPOSE, LIMITS = ("Purpose", "Doel"), ("Limits", "Grenzen")
NOT_DATED = {"clock": NO_TIME, "moved": NO_SESSION, "left": NO_MEMBER}
ON_THE_DAY = on(2026, 10, 25, 2, 30)

FRAME: Mapping[str, Mapping[str, Edge]] = {
    "degree_required": edges(
        nothing=gives(None, degree_required=None),
        none=gives(False, degree_required=False),
        one=YES_OR_NO,
        all=gives(True, degree_required=True),
        **NOT_DATED,
    ),
    "coaching_alongside": edges(
        nothing=gives(None, coaching_alongside=None),
        none=gives(False, coaching_alongside=False),
        one=YES_OR_NO,
        all=gives(True, coaching_alongside=True),
        **NOT_DATED,
    ),
    "coaching_mode": edges(
        nothing=gives(None, coaching_mode=""),
        none=gives("not_offered", coaching_mode="not_offered"),
        one=gives("optional", coaching_mode="optional"),
        all=gives("included", coaching_mode="included"),
        **NOT_DATED,
    ),
    "participation_mode": edges(
        nothing=gives(None, participation=""),
        none=gives("voluntary", participation="voluntary"),
        one=YES_OR_NO,
        all=gives("mandatory", participation="mandatory"),
        **NOT_DATED,
    ),
    "requires_prior_error": edges(
        nothing=gives(None, requires_prior_error=None),
        none=gives(False, requires_prior_error=False),
        one=YES_OR_NO,
        all=gives(True, requires_prior_error=True),
        **NOT_DATED,
    ),
    "title_mentions_resilience": edges(
        nothing=gives(None, title=""),
        none=gives(False, title="Intervision", description="Learning together."),
        one=gives(True, title="Intervision", description="Meer VEERKRACHT."),
        all=gives(True, title="Resilience", description="Meer veerkracht."),
        **NOT_DATED,
    ),
    "purpose_limits_parts": edges(
        nothing=gives(None, texts=None),
        none=gives(0, texts=(TextRow(("", " "), ("", "")),)),
        one=gives(1, texts=(TextRow(PURPOSE, ("", "")),)),
        all=gives(2, texts=(TextRow(PURPOSE, LIMITS),)),
        clock=gives(
            2,
            texts=(TextRow(PURPOSE, LIMITS, on(2026, 10, 25, 1, 30)),),
            first_invited_at=ON_THE_DAY,
        ),
        moved=NO_SESSION,
        left=NO_MEMBER,
    ),
}
