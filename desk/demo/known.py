"""What tells of everybody in the demonstration that they came in long ago: an invitation they took up, an address."""

import datetime as dt

from allauth.account.models import EmailAddress

from accounts.models import Appointment, Invitation, User

INVITED_FOR = dt.timedelta(days=14)


def came_in(now: dt.datetime) -> None:
    """Whoever has a role was invited to it and accepted; whoever has an address of the demonstration confirmed it."""
    held = Appointment.objects.select_related("user").order_by("institution", "user", "from_on")
    first = {(one.institution_id, one.user_id): one for one in reversed(held)}
    Invitation.objects.bulk_create(
        Invitation(
            institution_id=one.institution_id,
            user=one.user,
            email=one.user.email,
            expires_at=now,
            accepted_at=now - INVITED_FOR,
        )
        for one in first.values()
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True)
        for user in User.objects.order_by("pk").only("email")
    )
