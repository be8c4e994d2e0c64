"""The directory of guides: who they are, what they followed, whom they evaluate."""

import datetime as dt
from collections.abc import Iterable
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction

import outbox
from accounts.models import Appointment, Department, Institution, User
from accounts.models.person import current_q
from intervision import clock
from programs import independence
from programs.models import (
    DepartmentRule,
    EvaluativeRelation,
    FacilitatorProfile,
    Guide,
    IndependenceDeclaration,
    Program,
)

#: The kind of message that asks a guide for their declaration.
ASK = "ask-independence"


@transaction.atomic
def ask_guides(program: Program, *, at: dt.datetime) -> int:
    """Ask each guide of ``program`` whose independence of some member is not yet known; how many were asked.

    Once for each composition of the group: asking again before somebody joined sends nothing.
    """
    asked = 0
    for guide in Guide.objects.active().filter(group__program=program).select_related("user", "group"):
        members = sorted(guide.group.memberships.live().values_list("user", flat=True))
        status = independence.statuses([guide.user_id], members, clock.today())
        if independence.Independence.NOT_KNOWN not in status.values():
            continue
        people = uuid5(NAMESPACE_OID, ",".join(map(str, members)))
        outbox.enqueue(ASK, about_id=guide.pk, to=guide.user, key=f"{ASK}:{guide.pk}:{people}", at=at)
        asked += 1
    return asked


@transaction.atomic
def add_guide(institution: Institution, *, name: str, email: str, on: dt.date) -> FacilitatorProfile:
    """Put somebody into the directory. An address that is known is that person, whoever typed the name."""
    user = person(institution, name=name, email=email)
    held = user.appointments.filter(institution=institution, role=Appointment.Role.INTERVISOR)
    if not held.filter(current_q(on)).exists():
        Appointment.objects.get_or_create(
            user=user, institution=institution, role=Appointment.Role.INTERVISOR, from_on=on
        )
    profile, _made = FacilitatorProfile.objects.get_or_create(
        user=user, institution=institution, defaults={"kind": FacilitatorProfile.Kind.OTHER}
    )
    return profile


def person(institution: Institution, *, name: str, email: str) -> User:
    """Who has this address; a new person, unable to sign in until invited, when nobody has."""
    return known_person(email) or User.objects.create_user(
        email.strip().lower(), name=name.strip(), language=institution.language
    )


def known_person(email: str) -> User | None:
    """Who has this address, as the preferred one or as a verified other."""
    from allauth.account.models import EmailAddress

    address = email.strip().lower()
    known: User | None = User.objects.filter(email__iexact=address).first()
    if known is None:
        others = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user")
        known = next((other.user for other in others[:1]), None)
    return known


@transaction.atomic
def relate(
    institution: Institution,
    *,
    evaluator: User,
    resident: User,
    kind: str,
    from_on: dt.date,
    until_on: dt.date | None,
) -> EvaluativeRelation:
    """Note that ``evaluator`` evaluates ``resident``. Never refused; the database suspends what it meets."""
    relation, _made = EvaluativeRelation.objects.update_or_create(
        institution=institution,
        evaluator=evaluator,
        resident=resident,
        kind=kind,
        from_on=from_on,
        defaults={"until_on": until_on},
    )
    return relation


@transaction.atomic
def keep_rule(department: Department, evaluator: User, *, from_on: dt.date) -> DepartmentRule:
    """``evaluator`` belongs to the staff that assesses every resident placed in ``department``."""
    rule = (
        DepartmentRule.objects.filter(department=department, evaluator=evaluator)
        .filter(current_q(from_on))
        .first()
    )
    return rule or DepartmentRule.objects.create(department=department, evaluator=evaluator, from_on=from_on)


@transaction.atomic
def declare(
    guide: Guide, *, evaluates: Iterable[User], members: Iterable[User], on: dt.date
) -> IndependenceDeclaration:
    """A guide's own word on the ``members`` of the group: ``evaluates`` some, is independent of the others.

    Each one named becomes a relation, which suspends the guide; one declared before and not repeated
    goes, so that a mistake can be mended. A suspension stays until a coordinator resolves it.
    """
    named, asked = list(evaluates), list(members)
    institution = guide.group.program.institution
    mine = EvaluativeRelation.objects.filter(
        evaluator=guide.user, resident__in=asked, source=EvaluativeRelation.Source.DECLARED
    )
    mine.exclude(resident__in=named).delete()
    for resident in named:
        EvaluativeRelation.objects.get_or_create(
            institution=institution,
            evaluator=guide.user,
            resident=resident,
            kind=EvaluativeRelation.Kind.ASSESSES,
            source=EvaluativeRelation.Source.DECLARED,
            defaults={"from_on": on},
        )
    declaration = IndependenceDeclaration.objects.create(guide=guide, declared_at=clock.now())
    declaration.members.set([member for member in asked if member not in named])
    return declaration
