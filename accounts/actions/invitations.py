import datetime as dt

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F

import outbox
from accounts import access, invitations
from accounts.actions.appointments import check_it_fits
from accounts.errors import InvitationOver
from accounts.models import Appointment, Institution, Invitation, User
from intervision import clock

LASTS = dt.timedelta(days=14)
ONE_MAIL_IN = dt.timedelta(minutes=1)


@transaction.atomic
def invite(
    email: str, *, name: str, institution: Institution, role: str, invited_by: User | None
) -> Invitation:
    """Appoint whoever has this address to ``role`` from today and mail them how to sign in.

    An address known elsewhere is that person, who keeps their name. Doing it twice appoints once and sends a
    new mail, which ends the one before. Raises NotIndependent or Watched. The caller has checked ``rules.can_appoint``.
    """
    user = User.objects.by_address(email)
    if user is not None:
        check_it_fits(user, role, institution)
    else:
        user = User.objects.create_user(email, name=name, language=institution.language)
    if not user.appointments.current().filter(institution=institution, role=role).exists():
        Appointment.objects.get_or_create(
            user=user,
            institution=institution,
            role=role,
            from_on=institution.on_day(clock.now()),
            defaults={"until_on": None},
        )
    return send(user, institution, invited_by=invited_by)


@transaction.atomic
def send(user: User, institution: Institution, *, invited_by: User | None) -> Invitation:
    """Mail an invitation to the person's address. One is open at a time: those before are over.

    Asked twice within a minute, by a second click, it sends one.
    """
    now = access.real_now()
    User.objects.select_for_update().get(pk=user.pk)
    before = Invitation.objects.filter(user=user, institution=institution, accepted_at=None, revoked_at=None)
    if just_sent := before.filter(created_at__gt=now - ONE_MAIL_IN).first():
        return just_sent
    before.update(revoked_at=now, counter=F("counter") + 1)
    invitation = Invitation.objects.create(
        user=user,
        institution=institution,
        email=user.email,
        invited_by=invited_by,
        expires_at=now + LASTS,
    )
    key = f"account-invitation:{invitation.pk}"
    outbox.enqueue("account-invitation", about_id=invitation.pk, to=user, key=key, at=clock.now())
    return invitation


@transaction.atomic
def accept(invitation: Invitation, *, password: str | None) -> User:
    """Use the invitation up; with ``password`` set it, and count the address as proven.

    Of two at once the second gets InvitationOver, having changed nothing.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=invitation.pk)
    )
    if not invitations.is_open(invitation):
        raise InvitationOver
    invitation.accepted_at = access.real_now()
    invitation.save()
    user = invitation.user
    if password is not None:
        user.set_password(password)
        user.save()
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).update(primary=False)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user
