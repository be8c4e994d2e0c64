"""What this room keeps about one person, and how it lets go of it."""

import datetime as dt
from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from accounts.models import BusyTime, Invitation, PersonalLink, User
from accounts.models.time import Availability
from catalogue.kept import Row, Section, section

#: What stands where the name of somebody was whose data are erased; the row has no language.
NAMELESS = "erased / gewist"
HALF_DAYS = [
    _("Monday morning"),
    _("Monday afternoon"),
    _("Tuesday morning"),
    _("Tuesday afternoon"),
    _("Wednesday morning"),
    _("Wednesday afternoon"),
    _("Thursday morning"),
    _("Thursday afternoon"),
    _("Friday morning"),
    _("Friday afternoon"),
    _("Saturday morning"),
    _("Saturday afternoon"),
    _("Sunday morning"),
    _("Sunday afternoon"),
]


def export_own(user: User) -> Iterator[Section]:
    """Everything of ``user`` in this room, and of nobody else."""
    yield from _person(user)
    yield from _roles(user)
    yield from _times(user)
    yield from _ways_in(user)


def _person(user: User) -> Iterator[Section]:
    columns = {"name": _("Name"), "email": _("Address"), "language": _("Language"), "since": _("Since")}
    row: Row = {
        "name": user.name,
        "email": user.email,
        "language": user.get_language_display(),
        "since": user.created_at,
    }
    yield section("accounts", "person", _("You"), columns, [row])
    addresses = EmailAddress.objects.filter(user=user).order_by("email")
    yield section(
        "accounts",
        "addresses",
        _("Addresses"),
        {"email": _("Address"), "verified": _("Proven to be yours"), "preferred": _("Preferred")},
        ({"email": row.email, "verified": row.verified, "preferred": row.primary} for row in addresses),
    )


def _roles(user: User) -> Iterator[Section]:
    columns = {"role": _("Role"), "institution": _("Institution"), "from": _("From"), "until": _("Until")}
    roles = user.appointments.select_related("institution")
    yield section(
        "accounts",
        "roles",
        _("Roles"),
        columns,
        (
            {
                "role": str(row.get_role_display()),
                "institution": row.institution.name,
                "from": row.from_on,
                "until": row.until_on,
            }
            for row in roles
        ),
    )
    placements = user.placements.select_related("department__institution")
    yield section(
        "accounts",
        "placements",
        _("Departments you work in"),
        {
            "department": _("Department"),
            "institution": _("Institution"),
            "specialty": _("Specialty"),
            "discipline": _("Discipline"),
            "training_year": _("Training year"),
            "training_ends": _("Training ends on"),
            "personnel_number": _("Personnel number"),
            "from": _("From"),
            "until": _("Until"),
        },
        (
            {
                "department": row.department.name,
                "institution": row.department.institution.name,
                "specialty": row.specialty,
                "discipline": row.discipline,
                "training_year": row.training_year,
                "training_ends": row.training_ends_on,
                "personnel_number": row.personnel_number,
                "from": row.from_on,
                "until": row.until_on,
            }
            for row in placements
        ),
    )


def _times(user: User) -> Iterator[Section]:
    week = Availability.objects.filter(user=user).first()
    answers = week.answers if week else ""
    words = dict(Availability.Answer.choices)
    yield section(
        "availability",
        "week",
        _("Your week"),
        {"half_day": _("Half-day"), "answer": _("Suits you")},
        (
            {"half_day": str(half_day), "answer": str(words[letter])}
            for half_day, letter in zip(HALF_DAYS, answers, strict=False)
            if letter in words
        ),
    )
    busy = BusyTime.objects.filter(user=user)
    yield section(
        "availability",
        "busy_times",
        _("When you are away or on duty"),
        {"kind": _("What"), "from": _("From"), "until": _("Until"), "source": _("Comes from")},
        (
            {
                "kind": str(row.get_kind_display()),
                "from": row.from_at,
                "until": row.until_at,
                "source": str(row.get_source_display()),
            }
            for row in busy
        ),
    )


def _ways_in(user: User) -> Iterator[Section]:
    links = PersonalLink.objects.filter(user=user).order_by("created_at")
    yield section(
        "accounts",
        "personal_links",
        _("Personal links"),
        {"purpose": _("For"), "made": _("Made on"), "expires": _("Works until"), "revoked": _("Ended on")},
        (
            {
                "purpose": str(row.get_purpose_display()),
                "made": row.created_at,
                "expires": row.expires_at,
                "revoked": row.revoked_at,
            }
            for row in links
        ),
    )
    invitations = Invitation.objects.filter(user=user).select_related("institution")
    yield section(
        "accounts",
        "invitations",
        _("Invitations to sign in"),
        {
            "institution": _("Institution"),
            "email": _("Address"),
            "made": _("Made on"),
            "accepted": _("Used on"),
        },
        (
            {
                "institution": row.institution.name,
                "email": row.email,
                "made": row.created_at,
                "accepted": row.accepted_at,
            }
            for row in invitations
        ),
    )
    sign_ins = UserSession.objects.filter(user=user).order_by("created_at")
    yield section(
        "accounts",
        "sign_ins",
        _("Where you are signed in"),
        {
            "since": _("Since"),
            "seen": _("Last used"),
            "address": _("Network address"),
            "browser": _("Browser"),
        },
        (
            {
                "since": row.created_at,
                "seen": row.last_seen_at,
                "address": str(row.ip),
                "browser": row.user_agent,
            }
            for row in sign_ins
        ),
    )
    hospital = SocialAccount.objects.filter(user=user).order_by("date_joined")
    yield section(
        "accounts",
        "hospital_sign_in",
        _("Your account at the hospital, to sign in with"),
        {"known_as": _("Known there as"), "since": _("Since"), "used": _("Last used")},
        ({"known_as": row.uid, "since": row.date_joined, "used": row.last_login} for row in hospital),
    )
    factors = Authenticator.objects.filter(user=user).order_by("created_at")
    yield section(
        "accounts",
        "second_steps",
        _("Second steps when you sign in"),
        {"kind": _("What"), "made": _("Made on"), "used": _("Last used")},
        (
            {"kind": str(row.get_type_display()), "made": row.created_at, "used": row.last_used_at}
            for row in factors
        ),
    )


def erase_own(user: User, *, at: dt.datetime) -> None:
    """Leave a row that names nobody and opens nothing; all that hangs on the person here goes.

    Erasing twice is erasing once. The roles somebody held stay as dates without a name: counts need them.
    """
    for session in UserSession.objects.filter(user=user):
        session.end()
    gone = (Availability, BusyTime, PersonalLink, Invitation, EmailAddress, Authenticator, SocialAccount)
    for model in gone:
        model._base_manager.filter(user=user).delete()
    user.placements.all().delete()
    row = User.objects.get(pk=user.pk)
    row.name, row.email = NAMELESS, f"{row.pk}@erased.invalid"
    row.is_active, row.last_login, row.short_password = False, None, False
    if row.erased_at is None:
        row.erased_at = at
        row.set_unusable_password()
    row.save()


def addresses(user: User) -> list[str]:
    """Every address by which other rooms may know ``user`` without knowing that it is them."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({user.email.lower(), *(email.lower() for email in known)})


def proven(user: User) -> set[str]:
    """Addresses that are known to be of ``user``: not one that was only typed in and may be another's."""
    known = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {user.email.lower(), *(email.lower() for email in known)}
