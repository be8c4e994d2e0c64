"""Where each condition is mended: the form behind the fact it is measured by, and what makes the fact known."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.kinds import Item, facts_of
from checklist.facts.whole import WAITING
from checklist.released import OF_INTAKES, OF_LOGS
from checklist.rows import GroupRow, SessionRow
from intervision import clock
from intervision.addresses import address
from programs.models import Program

#: The dates of all groups; while a program is planned each group has a form of its own for them.
DATES_PAGE = "planning:dates"
#: Who is in each group and who guides it: where a coordinator finds whom to talk with, and can put another guide.
GROUPS_PAGE = "programs:running"
#: Fact -> URL name, reversed with the program's id, and the place on that page. Of dates, the field of a group's form.
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
    "interval_weeks_planned": (DATES_PAGE, "id_every_weeks"),
    "trajectory_months_planned": (DATES_PAGE, "id_count"),
    "duration_minutes_planned": (DATES_PAGE, "id_minutes"),
    "onsite_share": (DATES_PAGE, "id_room"),
    "room_comfort_share": (DATES_PAGE, "id_room"),
    "refreshments_share": (DATES_PAGE, ""),
    "working_hours_share_planned": (DATES_PAGE, "id_at"),
    "duty_clash_share": (DATES_PAGE, "id_first_on"),
    "held_share": (DATES_PAGE, ""),
    "confidentiality_incidents": ("concerns:confirmed", ""),
    "intake_offered_share": ("programs:intakes", ""),
    "intake_own_guide_share": ("programs:intakes", ""),
    "intake_frame_share": ("programs:intakes", ""),
    "learning_goal_share": ("programs:intakes", ""),
    "ground_rules_share": ("programs:ground-rules", ""),
}

#: Item -> URL name, for what people answer: the form of the arrangement that its action asks for.
ANSWERED_BY: Mapping[str, str] = {
    "min-stays-in-group": "programs:ground-rules",
    "min-in-control": "programs:ground-rules",
    "min-guide-sets-boundaries": "programs:ground-rules",
    "min-not-seen-as-weak": "programs:texts",
    "prep-intake-goal-depth": "programs:intakes",
    "opt-readiness": "programs:texts",
}
#: What a group's next session is moved for: an hour at which nobody has to make up for it.
MOVED_FOR = frozenset({"prep-no-extra-workload"})

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
TICKS = _(
    "Told only pooled over the program, of five members or more: two weeks after every group's first session, or as "
    "soon as all interviews are noted. Then it stays as it is until five more can be added."
)
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


def form_for(item: Item, program: Program, groups: Sequence[GroupRow] = ()) -> str:
    """The address of the form that mends ``item``; empty where there is none for a coordinator.

    ``groups`` are those to look at first: a form that each group has of its own is the first one's.
    """
    if item.measure.kind == "coordinator_declared":
        return f"{address('checklist:answers', program.pk)}#{item.key}"
    if item.measure.kind == "climate_survey":
        return reverse("surveys:climate", args=[program.institution.slug])
    if item.measure.kind in ("resident_feedback", "intervisor_feedback"):
        return _for_answers(item, program, groups)
    facts = facts_of(item, program.format)
    name, place = FORMS.get(facts[0], ("", "")) if facts else ("", "")
    if name == DATES_PAGE:
        return _dates(program, groups, place)
    url = address(name, program.pk) if name else ""
    return f"{url}#{place}" if url and place else url


def next_program(program: Program) -> str:
    """Where a program that comes after this one begins: with its frame, texts and empty groups."""
    return address("programs:copy", program.pk)


def _for_answers(item: Item, program: Program, groups: Sequence[GroupRow]) -> str:
    """What people feel has no form; where its action asks for an arrangement, that one's, else whom to talk with."""
    if item.key in MOVED_FOR:
        session = _next_session(groups)
        return address("sessions:move", str(session.id)) if session else _dates(program, groups, "")
    if name := ANSWERED_BY.get(item.key):
        return address(name, program.pk)
    page = address(GROUPS_PAGE, program.pk)
    return f"{page}#group-{groups[0].id}" if len(groups) == 1 else page


def _next_session(groups: Sequence[GroupRow]) -> SessionRow | None:
    now = clock.now()
    coming = (one for group in groups for one in group.planned if one.starts_at > now)
    return min(coming, key=lambda one: one.starts_at, default=None)


def _dates(program: Program, groups: Sequence[GroupRow], field: str) -> str:
    """The field in the first group's own form while nobody knows the dates; else its card, where each date is moved."""
    if not groups:
        return address(DATES_PAGE, program.pk)
    if field and program.stage == Program.Stage.DRAFT:
        return f"{address('planning:group-dates', program.pk, str(groups[0].id))}#{field}"
    return f"{address(DATES_PAGE, program.pk)}#group-{groups[0].id}"
