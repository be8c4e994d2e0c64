"""One group for a walk: whose place, who guides, when they meet. Rows, because other walks set them up by hand."""

import datetime as dt

import outbox
from accounts.actions import invitations
from accounts.models import User
from intervision import clock
from programs.actions.stages import INVITATION
from programs.models import Membership
from sessions.models import GroupSession
from tests.access.world import House
from tests.factories.programs import (
    FacilitatorProfileFactory,
    GroundRulesFactory,
    MembershipFactory,
    ProgramTextFactory,
)
from tests.factories.sessions import GroupSessionFactory

MEETS = dt.datetime(2027, 3, 8, 13, tzinfo=dt.UTC)
AGAIN = MEETS + dt.timedelta(weeks=6)


class Group(House):
    """A program before its first session; the second guide is in the directory and guides nobody yet."""

    def __init__(self, others: int) -> None:
        super().__init__()
        self.program.stage = "intakes"
        self.program.save()
        self.call(self.resident, "Roos Lindeman")
        self.call(self.intervisor, "Marijke Verhoeven")
        self.second = self.call(self.appointed("intervisor"), "Wim Haaksma")
        FacilitatorProfileFactory(user=self.second, institution=self.institution)
        GroundRulesFactory(group=self.group)
        ProgramTextFactory(program=self.program)
        self.others = [self.seated() for _ in range(others)]
        Membership.objects.filter(pk=self.membership.pk).update(invited_at=clock.now())
        self.first = self.meets(1, MEETS)
        self.next = self.meets(2, AGAIN)
        self.invite()

    def call(self, user: User, name: str) -> User:
        user.name = name
        user.save()
        return user

    def seated(self) -> User:
        now = clock.now()
        user: User = MembershipFactory(group=self.group, invited_at=now, accepted_at=now).user
        return user

    def meets(self, number: int, at: dt.datetime) -> GroupSession:
        session: GroupSession = GroupSessionFactory(group=self.group, number=number, starts_at=at)
        return session

    def invite(self) -> None:
        """The resident to the program; whoever holds a role to signing in."""
        place = self.membership
        outbox.enqueue(
            INVITATION, about_id=place.pk, to=place.user, key=f"invited:{place.pk}", at=clock.now()
        )
        for user in (self.coordinator, self.intervisor, self.second):
            invitations.send(user, self.institution, invited_by=None)
