"""How long is kept what is about one person, who may be in programs of several houses."""

from django.db.models import Q

from accounts import periods
from accounts.models import Institution, User
from catalogue import retention
from catalogue.retention import Retention, Table
from catalogue.texts import Text
from programs.models import Program

#: What belongs to no program: as long as the house keeps it whose name stands on the person's pages.
OF_THE_PERSON = frozenset({"messages", "availability"})


def houses_of(user: User) -> list[Institution]:
    """Every house where ``user`` holds or held a role, or is or was a member or guide."""
    programs = Program.objects.filter(Q(memberships__user=user) | Q(groups__guides__user=user))
    mine = Q(pk__in=user.appointments.values("institution")) | Q(pk__in=programs.values("institution"))
    return list(Institution.objects.filter(mine))


def table_of(user: User) -> Table:
    """The retention table as it holds for ``user``, who came from ``with_house``.

    What belongs to a program, or hangs on a role, is kept as long as its own house keeps it: where houses differ,
    the sentence names each.
    """
    houses, home = houses_of(user), periods.table(user.home)
    tables = [(house.name, periods.table(house)) for house in houses]
    return {
        key: home[key] if key in OF_THE_PERSON else _said(kind, [(name, one[key]) for name, one in tables])
        for key, kind in retention.load().items()
    }


def _said(kind: Retention, by_house: list[tuple[str, Retention]]) -> Retention:
    kept = [one for _name, one in by_house] or [kind]
    if all(one.period == kept[0].period for one in kept):
        return kept[0]
    return kind.said_by(
        Text(
            en=" ".join(f"{name}: {one.until.en}" for name, one in by_house),
            nl=" ".join(f"{name}: {one.until.nl}" for name, one in by_house),
        )
    )
