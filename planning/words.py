"""The words for the codes that plans carry; parameters are numbers, times and dates, never names."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, Promise | str] = {
    "evaluator_leads": _("This guide supervises or assesses a member of the group."),
    "evaluator_is_member": _("One member supervises or assesses another."),
    "independence_unknown": _("It is not yet known whether this guide is independent of a member."),
    "too_small": _("%(size)s members: fewer than %(least)s."),
    "too_large": _("%(size)s members: more than %(most)s."),
    "no_guide": _("Nobody leads this group yet."),
    "few_years": _("Training years in this group: %(years)s. Wanted: at least %(wanted)s."),
    "without_peer": _("Members without a peer in the same training year: %(count)s."),
    "several_specialties": _("Different disciplines in this group: %(count)s."),
    "few_half_days": _("Half-days that suit everybody: %(count)s."),
    "without_grid": _("People who have not filled in their half-days: %(count)s."),
    "no_place": _("All groups are full."),
    "never_free": _("No half-day is possible for this person."),
    "evaluated_everywhere": _("Every group has somebody who may not be with this person."),
}

DATES: dict[str, Promise | str] = {
    "too_many_sessions": _("A series has 1 to %(most)s sessions."),
    "bad_interval": _("The time between sessions is 1 to %(most)s weeks."),
    "bad_length": _("A session takes 15 minutes to 10 hours."),
    "no_working_days": _("The working hours have no day on which a session can be planned."),
    "outside_working_hours": _("This time is outside the working hours: %(from)s to %(to)s."),
    "unknown_country": _("We do not know the public holidays of this country (%(country)s)."),
    "bad_first_date": _("%(day)s cannot be a first date: choose a year from 2000 to 2100."),
    "moved_holiday": _("%(day)s is a public holiday; moved to the nearest possible day."),
    "moved_closed": _("%(day)s is a closed day; moved to the nearest possible day."),
    "moved_not_working": _("%(day)s is not a working day; moved to the nearest possible day."),
    "no_day_near_holiday": _(
        "%(day)s is a public holiday and no day near it is possible. Choose a date yourself."
    ),
    "no_day_near_closed": _(
        "%(day)s is a closed day and no day near it is possible. Choose a date yourself."
    ),
    "no_day_near_not_working": _(
        "%(day)s is not a working day and no day near it is possible. Choose a date yourself."
    ),
    "day_is_off_holiday": _("%(day)s is a public holiday."),
    "day_is_off_closed": _("%(day)s is a closed day."),
    "day_is_off_not_working": _("%(day)s is not a working day."),
    "half_day_does_not_suit": _("This half-day does not suit everybody in the group."),
    "time_missing": _(
        "%(time)s does not exist on %(day)s: the clock goes forward that night. Choose another time."
    ),
    "time_twice": _("%(time)s comes twice on %(day)s: the clock goes back that night. Choose another time."),
    "in_the_past": _("%(day)s is in the past."),
    "before_period": _("%(day)s is before the period of the program."),
    "after_period": _("%(day)s is after the period of the program."),
    "duties_clash": _("People with a duty or leave at this time: %(count)s."),
    "duties_not_known": _("People whose duties are not known for this date: %(count)s."),
    "person_busy": _("People with another appointment at this time: %(count)s."),
    "room_busy": _("The room is taken at this time."),
    "finish_before": _("Finish training before session %(number)s: %(count)s of %(of)s."),
}

INTAKE_TIMES: dict[str, Promise | str] = {
    "period_backwards": _("The last day is before the first day."),
    "period_too_long": _("A period of intake times is at most %(most)s days."),
    "no_weekday": _("Choose at least one weekday."),
    "hours_backwards": _("The end of the day is not after its start."),
    "bad_minutes": _("A time takes 5 minutes to 4 hours."),
    "bad_buffer": _("The time before and after is at most 2 hours."),
    "bad_cap": _("The number of times per day is at least 1."),
    "too_many_times": _("These are more than %(most)s times. Choose a shorter period."),
    "no_times": _("No free time is left in this period."),
    "skipped_days": _("Days left out because they are holidays or closed: %(count)s."),
    "around_busy": _("Days with fewer or later times because of other appointments: %(count)s."),
    "time_changes": _("Some times were left out because the clock changes that night."),
    "no_free_time": _("All times are given to others."),
    "no_suitable_time": _("No time suits this person's half-days and duties."),
}

WORDS = {**GROUPS, **DATES, **INTAKE_TIMES}
