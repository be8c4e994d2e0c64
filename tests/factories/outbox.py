import datetime as dt
import uuid

import factory
from factory.django import DjangoModelFactory

from outbox.models import Job, Message
from tests.factories.accounts import UserFactory

BEFORE = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)


class MessageFactory(DjangoModelFactory[Message]):
    class Meta:
        model = Message

    dedupe_key = factory.Sequence(lambda n: f"cause:{n}")
    kind = "invite"
    about_id = factory.LazyFunction(uuid.uuid4)
    recipient = factory.SubFactory(UserFactory)
    due_at = BEFORE
    created_at = BEFORE
    message_id = factory.Sequence(lambda n: f"{n}@planning.example")


class JobFactory(DjangoModelFactory[Job]):
    class Meta:
        model = Job

    kind = "import"
    about_id = factory.LazyFunction(uuid.uuid4)
    started_by = factory.SubFactory(UserFactory)
    created_at = BEFORE
