"""The groups of a program with who is in and over them, as the coordinator's pages show them."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q

from programs.models import GroundRules, Group, Guide, Membership, Program


@dataclass
class ShownGroup:
    group: Group
    guides: list[Guide] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    rules: GroundRules | None = None
    #: How many of those who have to have confirmed the newest ground rules, and how many that are.
    confirmed: int = 0

    @property
    def asked(self) -> int:
        return len(self.members) + len(self.guides)


def shown(program: Program, on: dt.date) -> list[ShownGroup]:
    """Every group with its people and rules, in five queries."""
    groups = {group.pk: ShownGroup(group) for group in program.groups.select_related("room")}
    guides = Guide.objects.filter(group__program=program).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on)
    )
    for guide in guides.select_related("user"):
        groups[guide.group_id].guides.append(guide)
    members = program.memberships.live().filter(group__isnull=False)
    for row in members.select_related("user"):
        if row.group_id:
            row.paused = row.is_paused(on)  # type: ignore[attr-defined]
            groups[row.group_id].members.append(row)
    for group, rules in _newest_rules(program).items():
        groups[group].rules = rules
    for version, confirmed in _confirmed(groups).items():
        for found in groups.values():
            if found.rules and found.rules.pk == version:
                found.confirmed = confirmed
    return list(groups.values())


def _newest_rules(program: Program) -> dict[UUID, GroundRules]:
    newest = (
        GroundRules.objects.filter(group__program=program)
        .order_by("group_id", "-version")
        .distinct("group_id")
    )
    return {rules.group_id: rules for rules in newest}


def _confirmed(groups: dict[UUID, ShownGroup]) -> dict[UUID, int]:
    """How many of the people in and over each group today have confirmed, by version."""
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for found in groups.values():
        if found.rules:
            seated = {row.user_id for row in found.members}
            people[found.rules.pk] = seated | {guide.user_id for guide in found.guides}
    everybody = {user for users in people.values() for user in users}
    counted = (
        GroundRules.objects.filter(pk__in=people)
        .annotate(count=Count("confirmations", filter=Q(confirmations__user__in=everybody)))
        .values_list("pk", "count")
    )
    return dict(counted)
