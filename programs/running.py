"""The groups of a program with who is in and over them, as the coordinator's pages show them."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from programs.models import GroundRules, GroundRulesConfirmation, Group, Guide, Membership, Program


@dataclass
class ShownGroup:
    group: Group
    guides: list[Guide] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    rules: GroundRules | None = None
    #: How many of those who have to have confirmed the newest ground rules, and how many that are.
    confirmed: int = 0

    def has_suspended(self, on: dt.date) -> bool:
        since = [row.suspended_from for row in self.guides] + [row.suspended_from for row in self.members]
        return any(day is not None and day <= on for day in since)

    @property
    def asked(self) -> int:
        return len(self.members) + len(self.guides)


def shown(program: Program, on: dt.date) -> list[ShownGroup]:
    """Every group with its people and rules, in four queries."""
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
    for rules in newest_rules(program, on):
        groups[rules.group_id].rules = rules
        groups[rules.group_id].confirmed = rules.confirmed  # type: ignore[attr-defined]
    return list(groups.values())


def newest_rules(program: Program, on: dt.date) -> QuerySet[GroundRules]:
    """Each group's newest ground rules, with ``confirmed``: how many of its people of today agreed to them."""
    here = {"group": OuterRef("ground_rules__group")}
    members = Membership.objects.live().filter(**here).values("user")
    guides = Guide.objects.current(on).filter(**here).values("user")
    agreed = GroundRulesConfirmation.objects.filter(
        Q(user__in=members) | Q(user__in=guides), ground_rules=OuterRef("pk")
    )
    counted = agreed.order_by().values("ground_rules").annotate(count=Count("pk")).values("count")
    rules = GroundRules.objects.filter(group__program=program).order_by("group_id", "-version")
    return rules.distinct("group_id").annotate(confirmed=Coalesce(Subquery(counted), 0))
