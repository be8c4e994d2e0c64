"""Facts of the intake interviews and of the ground rules. Only that something is there counts, never what."""

import datetime as dt
from collections.abc import Callable

from checklist import derivations
from checklist.inputs import Fact
from checklist.rows import GroupRow, MemberRow, Scope


def intake_offered_share(scope: Scope) -> Fact:
    """Unknown until a first session is planned: before what day would it have to be?"""
    offered = [
        _is_before(member.slot_at or member.intake_at, group)
        for group in scope.groups
        if group.planned
        for member in group.members_on(scope.on)
    ]
    return derivations.share(sum(offered), len(offered))


def intake_held_share(scope: Scope) -> Fact:
    return _share_at_first(scope, lambda member: True)


def intake_frame_share(scope: Scope) -> Fact:
    return _share_at_first(scope, lambda member: member.framed)


def learning_goal_share(scope: Scope) -> Fact:
    """A goal saved or kept to oneself by the day of the first session, or ticked by the guide after the interview."""
    counted = [
        _goal_by_first(member, group) or (member.goal and _is_before(member.intake_at, group))
        for group in scope.groups
        for member in group.members_at_first(scope.at)
    ]
    return derivations.share(sum(counted), len(counted))


def _goal_by_first(member: MemberRow, group: GroupRow) -> bool:
    return member.goal_on is not None and member.goal_on <= group.planned[0].starts_at.date()


def intake_own_guide_share(scope: Scope) -> Fact:
    """Of the interviews that took place, early or late."""
    own = [
        member.intake_by in {guide.user for guide in group.guides}
        for group in scope.groups
        for member in group.members_on(scope.on)
        if member.intake_at
    ]
    return derivations.share(sum(own), len(own))


def ground_rules_share(scope: Scope) -> Fact:
    """Members at session 1 and their guides who had confirmed by its end, where there was something to confirm."""
    confirmed: list[bool] = []
    for group in (group for group in scope.groups if group.ruled):
        if members := group.members_at_first(scope.at):
            end = group.planned[0].ends_at
            moments = [*(m.confirmed_at for m in members), *(g.confirmed_at for g in group.guides)]
            confirmed += [moment is not None and moment <= end for moment in moments]
    return derivations.share(sum(confirmed), len(confirmed))


def _share_at_first(scope: Scope, also: Callable[[MemberRow], bool]) -> Fact:
    counted = [
        _is_before(member.intake_at, group) and also(member)
        for group in scope.groups
        for member in group.members_at_first(scope.at)
    ]
    return derivations.share(sum(counted), len(counted))


def _is_before(moment: dt.datetime | None, group: GroupRow) -> bool:
    return moment is not None and moment < group.planned[0].starts_at
