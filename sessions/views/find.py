"""What a page about sessions is about: visible to the visitor, and what their personal link is about."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import Request, use_institution
from programs.models import Group, Membership
from sessions import rules
from sessions.models import GroupSession


def group_seen(request: Request, pk: UUID) -> Group:
    """The group, for its members, its guides and whoever runs it. Http404 otherwise."""
    groups = Group.objects.visible_to(request.user).with_standing(request.user)
    group = get_object_or_404(groups.select_related("program__institution", "room"), pk=pk)
    _stay_within(request, group.pk, rules.seat(request.user, group))
    use_institution(request, group.program.institution)
    return group


def session_seen(request: Request, pk: UUID) -> GroupSession:
    """The session, for the same people and for who stands in. Http404 otherwise."""
    rows = GroupSession.objects.visible_to(request.user).with_standing(request.user)
    session = get_object_or_404(
        rows.select_related("group__program__institution", "room", "substitute", "log"), pk=pk
    )
    session.group.standing = session.standing
    if session.substitute_id == request.user.pk and not _concerned(request, session):
        raise Http404
    _stay_within(request, session.pk, session.group_id, rules.seat(request.user, session.group))
    use_institution(request, session.group.program.institution)
    return session


def own_place(request: Request, group: Group) -> Membership | None:
    """The visitor's own seat in ``group``, paused or not."""
    return Membership.objects.seated().filter(group=group, user=request.user).first()


def _concerned(request: Request, session: GroupSession) -> bool:
    """Whether a substitute may still look: nobody they evaluate is in the group."""
    seen = Group.objects.visible_to(request.user).filter(pk=session.group_id).exists()
    return seen or rules.stands_in(request.user, session)


def _stay_within(request: Request, *ids: UUID | None) -> None:
    if request.narrow is not None and request.narrow.about_id not in ids:
        raise Http404
