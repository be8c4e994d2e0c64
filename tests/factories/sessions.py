import datetime as dt

import factory
from factory.django import DjangoModelFactory

from sessions.models import GroupSession
from tests.factories.programs import GroupFactory


class GroupSessionFactory(DjangoModelFactory[GroupSession]):
    class Meta:
        model = GroupSession

    group = factory.SubFactory(GroupFactory)
    number = factory.Sequence(lambda n: n + 1)
    starts_at = dt.datetime(2027, 2, 2, 13, tzinfo=dt.UTC)
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + dt.timedelta(minutes=165))
    first_planned_at = factory.SelfAttribute("starts_at")
