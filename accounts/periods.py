"""How long a house keeps each kind: the retention table, shortened where the house chose so."""

import datetime as dt

from accounts.models import Institution, User
from catalogue import retention
from catalogue.retention import House, Table


def table(institution: Institution | None) -> Table:
    """The retention table as ``institution`` keeps to it; the table itself where there is none."""
    if institution is None or not institution.own_periods:
        return retention.load()
    own = institution.own_periods
    return {key: kind.shortened(own.get(key)) for key, kind in retention.load().items()}


def house(institution: Institution, at: dt.datetime) -> House:
    """What ``institution`` keeps for less time, for who lets go of things at ``at``."""
    people = User.objects.with_house(at.date()).filter(house_id=institution.pk).order_by()
    kept = {key: kind.period for key, kind in table(institution).items()}
    shorter = {key: kept[key] for key in institution.own_periods if key in kept}
    periods = {key: period for key, period in shorter.items() if period is not None}
    return House(id=institution.pk, people=people.values("pk"), periods=periods)


def houses(at: dt.datetime) -> list[House]:
    """Every house that keeps something for less time than the table says."""
    return [house(one, at) for one in Institution.objects.exclude(own_periods={})]
