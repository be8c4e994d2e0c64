"""Whom an institution knows, as far as a list of people has to be compared with it.

Only people with a tie to the institution are here: a coordinator learns nothing about anybody else.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Availability, Department, Institution, Placement, User
from intervision import clock
from programs.models import EvaluativeRelation, Membership, Program
from programs.people.matching import Known
from programs.people.names import name_parts

OUT = (Membership.State.LEFT, Membership.State.DECLINED)


@dataclass
class House:
    """One institution's people and the data that a list may change; read once for a whole list."""

    program: Program
    people: dict[UUID, User]
    emails: dict[UUID, list[str]]
    placements: dict[UUID, Placement]
    departments: dict[str, Department]
    supervisors: dict[UUID, set[UUID]]
    with_grid: set[UUID]
    #: The state of everybody who has, or had, a place in the program.
    members: dict[UUID, str]
    #: People who keep their own name and address: they sign in, or another institution knows them too.
    own_masters: set[UUID]
    by_email: dict[str, UUID] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for pk, user in self.people.items():
            self.by_name[name_key(user.name)].append(pk)
            for email in self.emails[pk]:
                self.by_email[email.casefold()] = pk

    def known(self) -> list[Known]:
        """Residents a row may be about: everybody who was placed here or is in a program here."""
        return [
            Known(pk, self.people[pk].name, self.emails[pk], self._number(pk))
            for pk in sorted(self.placements.keys() | self.members.keys(), key=str)
            if pk in self.people
        ]

    def _number(self, pk: UUID) -> str:
        placement = self.placements.get(pk)
        return placement.personnel_number if placement else ""

    def named(self, text: str) -> list[UUID]:
        """The people meant by a supervisor's name or address; more than one where they share a name."""
        if "@" in text:
            found = self.by_email.get(text.casefold())
            return [found] if found else []
        return self.by_name.get(name_key(text), [])


def name_key(name: str) -> tuple[str, ...]:
    return tuple(sorted(name_parts(name)))


def house_of(program: Program) -> House:
    institution = program.institution
    today = institution.on_day(clock.now())  # of the house, as the list is stored: not of the machine
    people = {user.pk: user for user in _with_ties(people_of(institution), institution)}
    for user in people.values():
        if user.given_name:
            user.name, user.email, user.addresses = user.given_name, user.given_email, []
    supervisors: dict[UUID, set[UUID]] = defaultdict(set)
    relations = EvaluativeRelation.objects.current(today).filter(institution=institution)
    for resident, evaluator in relations.values_list("resident", "evaluator"):
        supervisors[resident].add(evaluator)
    placed = Placement.objects.current(today).filter(department__institution=institution)
    return House(
        program=program,
        people=people,
        emails={pk: [user.email, *user.addresses] for pk, user in people.items()},
        placements={row.user_id: row for row in placed.select_related("department").order_by("from_on")},
        departments={row.name.casefold(): row for row in institution.departments.all()},
        supervisors=supervisors,
        with_grid={pk for pk, user in people.items() if user.has_grid},
        members=_members(program),
        own_masters={pk for pk, user in people.items() if user.elsewhere or user.has_usable_password()},
    )


def _only_given(institution: Institution) -> QuerySet[Membership]:
    """Places, also former ones, of people of whom no more is known here than was given when they were brought in."""
    here = Membership.objects.filter(program__institution=institution)
    taking_part = here.filter(accepted_at__isnull=False).values("user")
    appointed = institution.appointments.values("user")
    given = here.filter(accepted_at=None, given_name__gt="").exclude(user__in=taking_part)
    return given.exclude(user__in=appointed)


def _members(program: Program) -> dict[UUID, str]:
    """Somebody who left and came back counts as in."""
    rows = program.memberships.order_by().values_list("user", "state")
    return dict(sorted(rows, key=lambda row: row[1] not in OUT))


def people_of(institution: Institution) -> QuerySet[User]:
    """Everybody with a tie to ``institution``: placed, appointed, in a program, or evaluating there."""
    ties = (
        Placement.objects.filter(department__institution=institution).values("user"),
        institution.appointments.values("user"),
        Membership.objects.filter(program__institution=institution).values("user"),
        EvaluativeRelation.objects.filter(institution=institution).values("evaluator"),
    )
    condition = Q()
    for tie in ties:
        condition |= Q(pk__in=tie)
    people: QuerySet[User] = User.objects.filter(condition)
    return people


def _with_ties(people: QuerySet[User], institution: Institution) -> Any:
    """Each with their other proven addresses, whether they gave a grid, and whether they are placed elsewhere."""
    here = {"user": OuterRef("pk")}
    proven = EmailAddress.objects.filter(**here, verified=True).order_by("pk")
    given = _only_given(institution).filter(**here).order_by("pk")
    elsewhere = Placement.objects.filter(**here).exclude(department__institution=institution)
    return people.annotate(
        addresses=ArraySubquery(proven.values("email")),
        has_grid=Exists(Availability.objects.filter(**here)),
        elsewhere=Exists(elsewhere),
        given_name=Subquery(given.values("given_name")[:1]),
        given_email=Subquery(given.values("given_email")[:1]),
    )
