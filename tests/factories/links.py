import datetime as dt
import uuid
from urllib.parse import urlsplit

import factory
from factory.django import DjangoModelFactory

from accounts import access, links
from accounts.models import PersonalLink
from intervision import clock
from tests.factories.accounts import UserFactory


class PersonalLinkFactory(DjangoModelFactory[PersonalLink]):
    class Meta:
        model = PersonalLink

    user = factory.SubFactory(UserFactory)
    purpose = "take_part"
    about_id = factory.LazyFunction(uuid.uuid4)
    path = "/"
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=30))


def come_by_link(client, user, *, purpose="take_part", about_id=None, path="/"):
    """Open a personal link in ``client`` and press its button."""
    about_id = about_id or uuid.uuid4()
    expires_at = clock.now() + access.LASTS * 100
    address = links.address(user, purpose=purpose, about_id=about_id, path=path, expires_at=expires_at)
    return client.post(urlsplit(address).path)
