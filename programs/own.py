"""What this room keeps about one person, and how it lets go of it."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

import vault
from accounts.models import User
from accounts.own import proven
from catalogue.kept import Section, section
from programs import own_guide, own_member
from programs.actions import running
from programs.models import (
    DepartmentRule,
    EvaluativeRelation,
    FacilitatorProfile,
    GoalSettled,
    IndependenceDeclaration,
    Interest,
    JoinRequest,
    LearningGoal,
    Membership,
    Occupation,
    PeopleImport,
    Preparation,
    Program,
    TrainingRecord,
    UndoableStep,
    WaitingPlace,
)
from vault.models import SealedField


def export_own(user: User) -> Iterator[Section]:
    """The part of ``user`` in programs, as member, guide, coordinator or evaluator. Nobody else is named."""
    yield from own_member.as_member(user)
    yield from own_member.own_intakes(user)
    yield from own_guide.evaluations(user)
    yield from own_guide.as_guide(user)
    yield from _asked(user)
    yield from _written(user)


def _asked(user: User) -> Iterator[Section]:
    asked = _from(JoinRequest.objects.select_related("program"), user)
    yield section(
        "part",
        "join_requests",
        _("Programs you asked to join"),
        {"program": _("Program"), "email": _("Address"), "at": _("When")},
        (
            {"program": row.program.title, "email": row.email, "at": row.asked_at}
            for row in asked.order_by("asked_at")
        ),
    )
    interests = _from(Interest.objects.select_related("institution"), user)
    yield section(
        "part",
        "interests",
        _("Institutions whose next round you asked about"),
        {"institution": _("Institution"), "name": _("Name"), "email": _("Address"), "at": _("When")},
        (
            {"institution": row.institution.name, "name": row.name, "email": row.email, "at": row.created_at}
            for row in interests
        ),
    )


def _from(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Those that came from an address of ``user``: what somebody asked before they were known here."""
    mine = Q()
    for email in proven(user):
        mine |= Q(email__iexact=email)
    return rows.filter(mine)


def _written(user: User) -> Iterator[Section]:
    """Sealed texts, opened at the door like everywhere; that the person opened them is written down too."""
    texts = {"expectations": _("Expectations"), "not_to_discuss": _("Would rather not discuss")}
    shared = {"shared": _("Shared with your guide")}
    preparations = Preparation.objects.filter(vault__owner=user).select_related("membership__program")
    yield section(
        "preparation",
        "preparations",
        _("Preparation for the intake interview"),
        {"program": _("Program")} | texts | {"first_goal": _("Would like to learn")} | shared,
        _opened(user, list(preparations)),
    )
    goals = LearningGoal.objects.filter(vault__owner=user).select_related("membership__program")
    yield section(
        "goal",
        "goals",
        _("What I want to learn"),
        {"program": _("Program"), "goal": _("Learning goal"), "progress": _("How does it go?")} | shared,
        _opened(user, list(goals)),
    )
    settled = GoalSettled.objects.filter(membership__user=user).select_related("membership__program")
    yield section(
        "part",
        "goals_settled",
        _("That you wrote a goal, or keep it to yourself"),
        {"program": _("Program"), "on": _("When")},
        ({"program": row.membership.program.title, "on": row.on} for row in settled.order_by("on")),
    )


def _opened(user: User, rows: list[Any]) -> list[dict[str, str | bool]]:
    return [
        {"program": row.membership.program.title, **text, "shared": row.shared_with_id is not None}
        for row, text in zip(rows, opened(user, rows), strict=True)
    ]


def opened(user: User, rows: list[Any]) -> list[dict[str, str]]:
    """The texts of each of ``rows`` by field. Where they cannot be opened that is said, and the rest goes on."""
    try:
        return vault.read_all(user, rows) if rows else []
    except vault.CannotOpen as error:
        sealed = [field.name for field in rows[0]._meta.concrete_fields if isinstance(field, SealedField)]
        return [dict.fromkeys(sealed, str(error)) for _row in rows]


def parts(user: User) -> QuerySet[Membership]:
    """Places that ``user`` knows of, in programs that go on."""
    return _going_on(user).filter(pk__in=Membership.objects.answerable_by(user).values("pk"))


def _going_on(user: User) -> QuerySet[Membership]:
    live = Membership.objects.live().filter(user=user).exclude(state=Membership.State.COMPLETED)
    over = (Program.Stage.COMPLETED, Program.Stage.CANCELLED)
    together = ("program__institution", "group", "user")
    return live.exclude(program__stage__in=over).select_related(*together)


def end_part(place: Membership, *, at: dt.datetime) -> None:
    """``place`` ends today and cannot be taken back by others. Seat and time go to whoever waits."""
    running.leave(place, on=place.program.institution.on_day(at), by=place.user)
    UndoableStep.objects.filter(before__membership=str(place.pk)).delete()


def erase_own(user: User, addresses: Collection[str], *, at: dt.datetime) -> None:
    """End every part of ``user``, and delete all that no count needs.

    What stays, by a row that names nobody: that somebody took part, had an intake, agreed to the ground rules,
    guided a group.
    """
    for place in _going_on(user):
        end_part(place, at=at)
    for model in (DepartmentRule, EvaluativeRelation):
        model.objects.filter(evaluator=user).delete()
    EvaluativeRelation.objects.filter(resident=user).delete()
    Membership.objects.filter(user=user).update(given_name="", given_email="")
    for of_guide in (FacilitatorProfile, TrainingRecord):
        of_guide.objects.filter(user=user).delete()
    for sealed in (Preparation, LearningGoal):
        sealed.objects.filter(vault__owner=user).delete()
    WaitingPlace.objects.filter(membership__user=user).delete()
    Occupation.objects.filter(person=user).delete()
    IndependenceDeclaration.members.through.objects.filter(user_id=user.pk).delete()
    for email in addresses:
        JoinRequest.objects.filter(email__iexact=email).delete()
        Interest.objects.filter(email__iexact=email).delete()
        _forget_in_lists(email)
    _forget_in_ways_back(user)


def _forget_in_lists(email: str) -> None:
    """Lists of people that were read and never stored still hold what was typed."""
    for typed in PeopleImport.objects.select_for_update().exclude(rows=[]):
        kept = [row for row in typed.rows if email not in str(row.get("cells", "")).lower()]
        if len(kept) < len(typed.rows):
            PeopleImport.objects.filter(pk=typed.pk).update(rows=kept)


def _forget_in_ways_back(user: User) -> None:
    """A list that was stored remembers what it changed about people, to take it back; so does taking one out."""
    UndoableStep.objects.filter(before__user=str(user.pk)).delete()
    for stored in PeopleImport.objects.select_for_update().filter(made__before__icontains=str(user.pk)):
        kept = [change for change in stored.made["before"] if str(user.pk) not in str(change)]
        PeopleImport.objects.filter(pk=stored.pk).update(made=stored.made | {"before": kept})
