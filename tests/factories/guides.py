import datetime as dt

import factory
from factory.django import DjangoModelFactory

from programs.models import TrainingRecord
from tests.factories.accounts import UserFactory


class TrainingRecordFactory(DjangoModelFactory[TrainingRecord]):
    class Meta:
        model = TrainingRecord

    user = factory.SubFactory(UserFactory)
    topic = "facilitation"
    hours = 3
    on = dt.date(2026, 3, 2)
