"""All facts of a scope at once."""

from collections.abc import Callable, Mapping

from checklist.facts import dates, frame, guides, held, intakes, members
from checklist.inputs import Fact
from checklist.rows import Scope

FACTS: Mapping[str, Callable[[Scope], Fact]] = {
    function.__name__: function
    for function in (
        frame.degree_required,
        frame.coaching_alongside,
        frame.coaching_mode,
        frame.participation_mode,
        frame.requires_prior_error,
        frame.purpose_limits_parts,
        frame.title_mentions_resilience,
        guides.evaluator_guides,
        guides.evaluator_members,
        guides.evaluator_content_access,
        guides.guide_training_hours_min,
        guides.lead_psych_cbt,
        guides.lead_is_alumni,
        guides.mental_health_cofacilitator,
        guides.steering_training_share,
        dates.interval_weeks_planned,
        dates.trajectory_months_planned,
        dates.duration_minutes_planned,
        dates.onsite_share,
        dates.room_comfort_share,
        dates.refreshments_share,
        dates.working_hours_share_planned,
        dates.duty_clash_share,
        dates.group_closed,
        members.group_size_planned,
        members.training_years_distinct,
        members.training_years_share,
        members.same_phase_peer_share,
        members.cohort_disciplines,
        intakes.intake_offered_share,
        intakes.intake_held_share,
        intakes.intake_own_guide_share,
        intakes.intake_frame_share,
        intakes.learning_goal_share,
        intakes.ground_rules_share,
        held.interval_weeks_actual,
        held.duration_minutes_actual,
        held.working_hours_share_actual,
        held.held_share,
        held.attendance_rate,
        held.interference_per_attendance,
        held.group_size_actual,
        held.roster_continuity,
        held.own_case_share,
        held.next_step_share,
        held.recovery_theme_sessions,
        held.early_signs_theme_sessions,
        held.confidentiality_incidents,
    )
}

#: Facts that nothing stores yet, and what will.
WAITING: Mapping[str, str] = {
    "cover_confirmed_share": "release",
    "resource_pack_share": "resource_pack",
    "prebrief_share": "prebrief",
    "case_match_share": "case_studies",
    "manual_parts": "manual",
    "followups_planned": "follow_up",
    "system_factors_on_agenda": "agenda",
    "coaching_held_share": "calls",
    "issues_answered_share": "issues",
    "issues_changed_share": "issues",
}
#: What a coordinator cannot make known today: the others come from what is planned, and duties from a roster that
#: nothing reads yet.
NOBODY_TELLS = frozenset({*WAITING, "duty_clash_share"})


def facts_of(scope: Scope) -> dict[str, Fact]:
    return {key: function(scope) for key, function in FACTS.items()}
