"""What a coordinator may know of what was said to the guide alone: logs and ticks, pooled.

Themes, ticks and answers of session logs reach a coordinator only pooled over three groups or more, and once a
year, so that looking twice does not tell one session from the next. Ticks of the intake interviews are pooled over
the program, five members or more. A group's own guide sees the group's own logs.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from catalogue.kinds import Catalogue
from checklist.facts import held
from checklist.facts.whole import FACTS
from checklist.inputs import Answers, Fact
from checklist.rows import Scope

OF_LOGS = ("own_case_share", "next_step_share", "recovery_theme_sessions", "early_signs_theme_sessions")
OF_INTAKES = ("intake_frame_share", "learning_goal_share")
OF_REPORTS = ("confidentiality_incidents",)
GROUPS_AT_LEAST = 3
GUIDES_AT_LEAST = 3


def for_coordinator(facts: dict[str, Fact], scope: Scope, min_n: int) -> dict[str, Fact]:
    """``facts`` with those of logs and ticks as far as they may be told."""
    logged = pooled_logs(scope)
    ticked = sum(len(group.members_at_first(scope.at)) for group in scope.groups)
    told = {key: FACTS[key](logged) if logged else None for key in OF_LOGS}
    hidden = dict.fromkeys(OF_INTAKES) if ticked < min_n else {}
    return facts | told | hidden


def pooled_logs(scope: Scope) -> Scope | None:
    """The scope with the sessions of its whole past years only; None while fewer than three groups are in them."""
    last = _last_anniversary(scope)
    if last is None:
        return None
    groups = [
        replace(group, sessions=tuple(s for s in group.sessions if s.day < last)) for group in scope.groups
    ]
    told = tuple(group for group in groups if any(session.log for session in group.took_place))
    return replace(scope, groups=told) if len(told) >= GROUPS_AT_LEAST else None


def answers_of_guides(
    scope: Scope, catalogue: Catalogue, *, at_least: int = GUIDES_AT_LEAST
) -> dict[str, Answers]:
    """The guides' own answers in the logs, pooled over at least three guides."""
    guides = {guide.user for group in scope.groups for guide in group.leads}
    if len(guides) < at_least:
        return {}
    given: dict[str, list[int]] = defaultdict(list)
    for log in held.logs(scope):
        for item, answer in log.answers.items():
            given[item].append(answer)
    asked = {item.key for item in catalogue.log_questions(scope.frame.format)}
    return {
        item: Answers(Fraction(sum(answers), len(answers)), len(answers))
        for item, answers in given.items()
        if item in asked
    }


def _last_anniversary(scope: Scope) -> dt.date | None:
    """The start of the year that is running, counted from the first session; tomorrow once all is over."""
    first = min((group.took_place[0].day for group in scope.groups if group.took_place), default=None)
    if first is None:
        return None
    if scope.frame.stage == "completed":
        return scope.on + dt.timedelta(days=1)
    years = (scope.on - first).days // 366
    return first + dt.timedelta(days=366 * years) if years else None
