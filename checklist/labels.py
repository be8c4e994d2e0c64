"""What each fact measures, in a few words that stand before its value."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INTERVAL = _("Between sessions")
LENGTH = _("A session")
WORKING_HOURS = _("Sessions within working hours")
SIZE = _("In a group")
THEME = _("Sessions with this theme, per group")

LABELS: Mapping[str, Promise] = {
    "evaluator_guides": _("Guides who assess a member"),
    "evaluator_members": _("Members who assess another member"),
    "evaluator_content_access": _("People who assess a member and could read of the group"),
    "degree_required": _("A medical degree is asked"),
    "guide_training_hours_min": _("Training of the least trained lead"),
    "lead_psych_cbt": _("In each group a psychologist with this experience leads"),
    "lead_is_alumni": _("Every lead is an alumnus who assesses no member"),
    "mental_health_cofacilitator": _("In each group a psychologist leads along"),
    "steering_training_share": _("Guides with this training"),
    "purpose_limits_parts": _("Published in time"),
    "interval_weeks_planned": INTERVAL,
    "interval_weeks_actual": INTERVAL,
    "trajectory_months_planned": _("From the first to the last session"),
    "duration_minutes_planned": LENGTH,
    "duration_minutes_actual": LENGTH,
    "onsite_share": _("Sessions in the hospital"),
    "room_comfort_share": _("Daylight and temperature over all sessions"),
    "refreshments_share": _("Sessions with something to eat and drink"),
    "working_hours_share_planned": WORKING_HOURS,
    "working_hours_share_actual": WORKING_HOURS,
    "duty_clash_share": _("Members' sessions that fall on a duty or leave"),
    "intake_offered_share": _("Members with a time before the first session"),
    "intake_held_share": _("Members whose interview came before the first session"),
    "group_size_planned": SIZE,
    "group_size_actual": SIZE,
    "group_closed": _("Nobody joins after the first session"),
    "roster_continuity": _("Members who stayed, from first to last session"),
    "training_years_distinct": _("Training years in a group"),
    "training_years_share": _("Training years that are in a group"),
    "same_phase_peer_share": _("Members with somebody of their own year"),
    "participation_mode": _("Participation"),
    "coaching_mode": _("The call"),
    "title_mentions_resilience": _("Name or opening use the word"),
    "requires_prior_error": _("An earlier error is asked"),
    "coaching_alongside": _("Coaching outside the group is offered"),
    "cohort_disciplines": _("Disciplines in a group"),
    "interference_per_attendance": _("Interruptions per attendance"),
    "held_share": _("Sessions that went ahead"),
    "intake_own_guide_share": _("Interviews by the group's own guide"),
    "learning_goal_share": _("Members with a goal before the first session"),
    "intake_frame_share": _("Members with whom both were discussed"),
    "attendance_rate": _("Members who were there"),
    "ground_rules_share": _("Members and guides who confirmed by the first session"),
    "own_case_share": _("Sessions with a situation of somebody's own"),
    "next_step_share": _("Sessions with a next step"),
    "recovery_theme_sessions": THEME,
    "early_signs_theme_sessions": THEME,
    "confidentiality_incidents": _("Reports found true and not repaired"),
}
