"""Facts of the people who guide, and of who evaluates whom. A suspended guide still counts as one to replace."""

from collections.abc import Callable, Iterable

from checklist import derivations
from checklist.inputs import Fact, Range
from checklist.rows import GroupRow, GuideRow, Id, Scope
from programs.independence import Independence

Pairs = Iterable[tuple[Id, Id]]


def evaluator_guides(scope: Scope) -> Fact:
    if not any(group.guides for group in scope.groups):
        return None
    return _evaluators(
        scope,
        (
            (guide.user, member.user)
            for group in scope.groups
            for guide in group.guides
            for member in group.members_on(scope.on)
        ),
    )


def evaluator_members(scope: Scope) -> Fact:
    if not scope.members():
        return None
    return _evaluators(
        scope,
        (
            (one.user, other.user)
            for group in scope.groups
            for one in group.members_on(scope.on)
            for other in group.members_on(scope.on)
            if one.user != other.user
        ),
    )


def evaluator_content_access(scope: Scope) -> Fact:
    """Guides and coordinators in force; a suspended one can read nothing any more."""
    if not scope.members():
        return None
    return _evaluators(
        scope,
        (
            (reader, member.user)
            for group in scope.groups
            for reader in (*scope.coordinators, *(g.user for g in group.guides if not g.suspended))
            for member in group.members_on(scope.on)
            if reader != member.user
        ),
    )


def _evaluators(scope: Scope, pairs: Pairs) -> Fact:
    """How many of the first of each pair evaluate the second; perhaps more while a pair is not known."""
    if scope.independence is None:
        return None
    status, independent = scope.independence.status, Independence.INDEPENDENT
    conflicting: set[Id] = set()
    open_: set[Id] = set()
    for one, other in pairs:
        if (found := status(one, other)) is not independent:
            (conflicting if found is Independence.CONFLICT else open_).add(one)
    more = len(open_ - conflicting)
    return Range(len(conflicting), len(conflicting) + more) if more else len(conflicting)


def guide_training_hours_min(scope: Scope) -> Fact:
    """No training noted is no hours: the fact asks what is on record."""
    leads = _leads(scope)
    return min(guide.hours for guide in leads) if leads else None


def lead_psych_cbt(scope: Scope) -> Fact:
    """In every group at least one lead."""
    return _in_each_group(
        scope,
        lambda group: _any(
            _known(guide, guide.kind == "psychologist" and guide.cbt) for guide in group.leads
        ),
    )


def lead_is_alumni(scope: Scope) -> Fact:
    """Every lead, none of whom evaluates a member."""
    alumni = _in_each_group(
        scope, lambda group: _all(_known(guide, guide.kind == "alumnus") for guide in group.leads)
    )
    evaluating = evaluator_guides(scope)
    independent = None if evaluating is None or isinstance(evaluating, Range) else not evaluating
    return None if alumni is None else _all((alumni, independent))


def mental_health_cofacilitator(scope: Scope) -> Fact:
    """In every group; unknown while the profession of a co-guide is not noted."""
    return _in_each_group(
        scope,
        lambda group: _any(
            _known(guide, guide.kind == "psychologist") for guide in group.guides if not guide.leads
        ),
    )


def steering_training_share(scope: Scope) -> Fact:
    guides = [guide for group in scope.groups for guide in group.guides]
    return derivations.share(sum(guide.steering for guide in guides), len(guides))


def _leads(scope: Scope) -> list[GuideRow]:
    return [guide for group in scope.groups for guide in group.leads]


def _in_each_group(scope: Scope, holds: Callable[[GroupRow], bool | None]) -> bool | None:
    """Unknown while a group has no lead."""
    if not scope.groups:
        return None
    return _all(holds(group) if group.leads else None for group in scope.groups)


def _known(guide: GuideRow, value: bool) -> bool | None:
    return value if guide.kind else None


def _any(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    return True if True in found else None if None in found else False


def _all(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    return False if False in found else None if None in found else True
