from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import access, factors, links
from accounts.actions import invitations
from accounts.models import Institution, Invitation, User


@transaction.atomic
def start_over(
    user: User, institution: Institution, *, invited_by: User | None, new_address: str = ""
) -> Invitation:
    """Take away password and second factors, end every sign-in and mailed link, and invite the same person again.

    What hangs on the person stays. The mail goes to their own address, so whoever does this gets in nowhere;
    ``new_address`` is for the operator, once the hospital has changed it, and ends the old one as a way in.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.short_password = False
    if new_address:
        EmailAddress.objects.filter(user=user).delete()
        user.email = new_address.lower()
    user.save()
    factors.end_sign_ins(user)
    links.end_those_sent_to(user)
    user.invitations.update(accepted_at=None, revoked_at=access.real_now())
    return invitations.send(user, institution, invited_by=invited_by)
