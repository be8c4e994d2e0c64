"""Where each condition is mended: the form behind the fact it is measured by, and what makes the fact known."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.kinds import Item, facts_of
from checklist.facts.whole import WAITING
from checklist.released import OF_INTAKES, OF_LOGS
from intervision.addresses import address
from programs.models import Program

#: Fact -> URL name, reversed with the program's id, and the place on that page.
FORMS: Mapping[str, tuple[str, str]] = {
    "evaluator_guides": ("programs:relations", ""),
    "evaluator_members": ("programs:relations", ""),
    "evaluator_content_access": ("programs:relations", ""),
    "degree_required": ("programs:frame", "id_degree_required"),
    "participation_mode": ("programs:frame", "id_participation_0"),
    "coaching_mode": ("programs:frame", "id_coaching_mode_0"),
    "coaching_alongside": ("programs:frame", "id_coaching_alongside"),
    "requires_prior_error": ("programs:frame", "id_requires_prior_error"),
    "title_mentions_resilience": ("programs:frame", "id_title"),
    "purpose_limits_parts": ("programs:texts", ""),
    "guide_training_hours_min": ("programs:guides", ""),
    "steering_training_share": ("programs:guides", ""),
    "lead_psych_cbt": ("programs:guides", ""),
    "lead_is_alumni": ("programs:guides", ""),
    "mental_health_cofacilitator": ("planning:groups", ""),
    "group_closed": ("planning:groups", ""),
    "group_size_planned": ("planning:groups", ""),
    "training_years_distinct": ("planning:groups", ""),
    "training_years_share": ("planning:groups", ""),
    "same_phase_peer_share": ("planning:groups", ""),
    "cohort_disciplines": ("planning:groups", ""),
    "interval_weeks_planned": ("planning:dates", ""),
    "trajectory_months_planned": ("planning:dates", ""),
    "duration_minutes_planned": ("planning:dates", ""),
    "onsite_share": ("planning:dates", ""),
    "room_comfort_share": ("planning:dates", ""),
    "refreshments_share": ("planning:dates", ""),
    "working_hours_share_planned": ("planning:dates", ""),
    "duty_clash_share": ("planning:dates", ""),
    "held_share": ("planning:dates", ""),
    "confidentiality_incidents": ("concerns:confirmed", ""),
    "intake_offered_share": ("programs:intakes", ""),
    "intake_own_guide_share": ("programs:intakes", ""),
    "intake_frame_share": ("programs:intakes", ""),
    "learning_goal_share": ("programs:intakes", ""),
    "ground_rules_share": ("programs:ground-rules", ""),
}

#: Factor -> URL name, for what people answer: where a coordinator finds whom to talk with, or what to arrange.
FELT: Mapping[str, str] = {
    "workload": "planning:dates",
    "composition": "planning:groups",
    "intake": "programs:intakes",
    "pre_existing_development": "programs:texts",
}
GUIDES_PAGE = "programs:guides"

INDEPENDENCE = _(
    "Known once each guide has said whom they assess, or the departments keep up to date who assesses."
)
DATES = _("Known once the sessions are planned.")
ROOMS = _("Known once the sessions have a room.")
PEOPLE = _("Known once everybody's training year or discipline is known.")
GUIDES = _("Known once each group has a lead, and what that person brings is noted.")
REPORTS = _("Known once a session took place and the institution has appointed its independent person.")
TOOK_PLACE = _("Known once a session took place and the guide has logged it.")
FIRST_SESSION = _("Known once the first session has begun.")
LOGS = _("Told once a year and only pooled over three groups or more, so that no group can be recognised.")
TICKS = _("Told only pooled over the program, once at least five members had their first session.")
DUTIES = _("Known once members' duties are known until the last session.")
DECIDED = _("Known once you have decided it in the frame.")
NOT_KEPT = _("Not kept here yet. Until then it counts neither for nor against.")

WHEN_KNOWN: Mapping[str, Promise] = {
    **dict.fromkeys(WAITING, NOT_KEPT),
    **dict.fromkeys(OF_LOGS, LOGS),
    **dict.fromkeys(OF_INTAKES, TICKS),
    **dict.fromkeys(("evaluator_guides", "evaluator_members", "evaluator_content_access"), INDEPENDENCE),
    **dict.fromkeys(
        ("guide_training_hours_min", "steering_training_share", "lead_psych_cbt", "lead_is_alumni"), GUIDES
    ),
    "mental_health_cofacilitator": GUIDES,
    **dict.fromkeys(
        ("training_years_distinct", "training_years_share", "same_phase_peer_share", "cohort_disciplines"),
        PEOPLE,
    ),
    **dict.fromkeys(("coaching_alongside", "coaching_mode", "requires_prior_error"), DECIDED),
    **dict.fromkeys(("onsite_share", "room_comfort_share"), ROOMS),
    "duty_clash_share": DUTIES,
    "confidentiality_incidents": REPORTS,
    **dict.fromkeys(("ground_rules_share", "intake_held_share", "intake_own_guide_share"), FIRST_SESSION),
    **dict.fromkeys(
        (
            "held_share",
            "attendance_rate",
            "interference_per_attendance",
            "group_size_actual",
            "roster_continuity",
            "interval_weeks_actual",
            "duration_minutes_actual",
            "working_hours_share_actual",
        ),
        TOOK_PLACE,
    ),
}


def comes_by_itself(fact: str) -> bool:
    """Nobody can make it known sooner: it is not kept here yet, or is told pooled once enough of it is there."""
    return fact in WAITING or fact in OF_LOGS or fact in OF_INTAKES


def when_known(fact: str) -> str:
    return str(WHEN_KNOWN.get(fact, DATES))


def form_for(item: Item, program: Program) -> str:
    """The address of the form that mends ``item``; empty where there is none for a coordinator."""
    if item.measure.kind == "coordinator_declared":
        return f"{address('checklist:answers', program.pk)}#{item.key}"
    if item.measure.kind == "climate_survey":
        return reverse("surveys:climate", args=[program.institution.slug])
    if item.measure.kind in ("resident_feedback", "intervisor_feedback"):
        return address(FELT.get(item.factor, GUIDES_PAGE), program.pk)
    facts = facts_of(item, program.format)
    name, place = FORMS.get(facts[0], ("", "")) if facts else ("", "")
    url = address(name, program.pk) if name else ""
    return f"{url}#{place}" if url and place else url
