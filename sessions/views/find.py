"""What a page about sessions is about: visible to the visitor, and what their personal link is about."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404

from accounts.access import Request, use_institution
from accounts.models import User
from intervision import clock
from intervision.prepared import Question
from programs.models import Group, Membership
from programs.models.group import GroupQuerySet
from sessions import rules
from sessions.models import GroupSession, GroupSessionQuerySet, GuideRound


def _sessions(user: UUID, day: dt.date, pk: UUID) -> GroupSessionQuerySet:
    rows = GroupSession.objects.with_standing(User(pk=user), day).filter(pk=pk)
    return rows.select_related("group__program__institution", "room", "substitute", "log")


def _groups(user: UUID, day: dt.date, pk: UUID) -> GroupQuerySet:
    rows = Group.objects.with_standing(User(pk=user), day).filter(pk=pk)
    return rows.select_related("program__institution", "room")


_session: Question[GroupSession] = Question(_sessions, UUID, dt.date, UUID)
_session_with_marks: Question[GroupSession] = Question(
    lambda *asked: _sessions(*asked).with_marks(), UUID, dt.date, UUID
)
_group: Question[Group] = Question(_groups, UUID, dt.date, UUID)


def group_seen(request: Request, pk: UUID) -> Group:
    """The group, for its members, its guides and whoever runs it. Http404 otherwise."""
    group = next(iter(_group.rows(request.user.pk, clock.today(), pk)), None)
    if group is None:
        raise Http404
    group.standing = _as_they_came(request, group.standing)
    if not rules.sees(request.user, group):
        raise Http404
    _stay_within(request, group.pk, rules.seat(request.user, group))
    use_institution(request, group.program.institution)
    return group


def session_seen(request: Request, pk: UUID, *, marks: bool = False) -> GroupSession:
    """The session, for the same people and for who stands in; with its ``marks`` if asked. Http404 otherwise."""
    question = _session_with_marks if marks else _session
    session = next(iter(question.rows(request.user.pk, clock.today(), pk)), None)
    if session is None:
        raise Http404
    session.group.standing = _as_they_came(request, session.standing)
    if not rules.sees(request.user, session.group) and not rules.stands_in(request.user, session):
        raise Http404
    _stay_within(request, session.pk, session.group_id, rules.seat(request.user, session.group))
    use_institution(request, session.group.program.institution)
    return session


def round_seen(request: Request, pk: UUID) -> GuideRound:
    """What a guide is asked, for whoever guides its group. Http404 otherwise."""
    rows = GuideRound.objects.visible_to(request.user).select_related(
        "group__program__institution", "answered_by"
    )
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    _stay_within(request, row.group_id)
    use_institution(request, row.group.program.institution)
    return row


def own_place(request: Request, group: Group) -> Membership | None:
    """The visitor's own seat in ``group``, paused or not."""
    return Membership.objects.seated().filter(group=group, user=request.user).first()


def _as_they_came(request: Request, standing: dict[str, Any] | None) -> dict[str, Any] | None:
    """By a personal link nobody runs a program, also not who guided the group before: a role asks for signing in."""
    return standing | {"runs": False} if standing and request.narrow else standing


def _stay_within(request: Request, *ids: UUID | None) -> None:
    if request.narrow is not None and request.narrow.about.isdisjoint(ids):
        raise Http404
