"""Somebody who left a group still reads, on a page, what they wrote there."""

import pytest
from django.urls import reverse

from intervision import clock
from programs.models import Membership
from tests.factories.own_texts import goal, preparation
from tests.factories.programs import GuideFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def test_a_former_member_reads_their_own_texts_and_their_guide_reads_none(client):
    guide = GuideFactory()
    place = MembershipFactory(group=guide.group)
    goal(place, "Nee leren zeggen", shared_with=guide)
    preparation(place, "Een rustige kamer", shared_with=guide)
    Membership.objects.filter(pk=place.pk).update(state="left", left_on=clock.today())
    client.force_login(place.user)

    said = client.get(reverse("desk:everything")).content.decode()

    assert "Nee leren zeggen" in said
    assert "Een rustige kamer" in said
    assert reverse("desk:everything") in client.get(reverse("desk:my-data")).content.decode()
    client.force_login(guide.user)
    assert client.get(reverse("programs:read-shared", args=[place.pk])).status_code == 404
