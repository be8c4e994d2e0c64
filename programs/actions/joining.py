"""Joining by oneself: from an address typed on the public page to a seat in a group."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

import outbox
from accounts.models import Department, Institution, Placement, User
from accounts.models.person import current_q
from intervision import clock
from programs import errors
from programs.actions import guides, intakes, waiting
from programs.models import Group, Guide, Interest, JoinRequest, Membership, Program
from programs.models.program import new_join_key

LINK, INVITE = "join-link", "join-open"
#: However often an address is typed, one mail leaves in this time.
ONE_MAIL_IN = dt.timedelta(minutes=10)
#: How long we keep the address of somebody who only asked.
REQUESTS_FOR, INTERESTS_FOR = dt.timedelta(days=30), dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says of themselves; department and year only where they are asked."""

    name: str = ""
    language: str = "nl"
    department: Department | None = None
    training_year: int | None = None


@transaction.atomic
def ask_for_link(program: Program, *, email: str, language: str) -> None:
    """Mail the owner of ``email`` a link to come in by. Known or unknown, the same happens.

    Nobody's place and nobody's account comes of it until the link is confirmed.
    """
    now = clock.now()
    request = join_request(program, email, at=now)
    window = int(now.timestamp() // ONE_MAIL_IN.total_seconds())
    key = f"{LINK}:{request.pk}:{request.counter}:{window}"
    outbox.enqueue(LINK, about_id=request.pk, to=receiver(email, language), key=key, at=now)


def join_request(program: Program, email: str, *, at: dt.datetime) -> JoinRequest:
    address = email.strip().lower()
    found, made = JoinRequest.objects.get_or_create(program=program, email=address, defaults={"asked_at": at})
    if not made:
        JoinRequest.objects.filter(pk=found.pk).update(asked_at=at)
    return found


def receiver(email: str, language: str) -> User:
    """Whoever has this address, or an unsaved person who is no more than an address."""
    return guides.known_person(email) or User(email=email.strip().lower(), language=language)


@transaction.atomic
def come_in(request: JoinRequest, newcomer: Newcomer) -> Membership:
    """The owner of the address is there: a person, placed in a department if that was asked, and not yet in a group.

    Raises JoiningOver. The link that was mailed does not work a second time.
    """
    used = JoinRequest.objects.filter(pk=request.pk, counter=request.counter)
    if not used.update(counter=F("counter") + 1):
        raise errors.JoiningOver
    user = guides.known_person(request.email) or User.objects.create_user(
        request.email,
        name=newcomer.name or request.email.partition("@")[0],
        language=newcomer.language,
    )
    return enter(request.program, user, newcomer)


@transaction.atomic
def enter(program: Program, user: User, newcomer: Newcomer) -> Membership:
    """A place in ``program`` for ``user``, still without a group; the one they have, if they have one.

    Raises JoiningOver.
    """
    now = clock.now()
    locked = Program.objects.select_for_update(no_key=True).select_related("institution").get(pk=program.pk)
    row = Membership.objects.live().filter(program=locked, user=user).first()
    if row is None:
        if not locked.is_open_to_join:
            raise errors.JoiningOver
        row = Membership.objects.create(
            program=locked, user=user, state=Membership.State.INTERESTED, invited_at=now
        )
    elif row.invited_at is None:
        row.invited_at = now
        row.save(update_fields=["invited_at"])
    if newcomer.department:
        put_in_department(user, newcomer, on=locked.institution.on_day(now))
    return row


def put_in_department(user: User, newcomer: Newcomer, *, on: dt.date) -> None:
    department = newcomer.department
    if department is None:
        raise ValueError("no department was given")
    here = Placement.objects.filter(
        current_q(on), user=user, department__institution=department.institution_id
    )
    if not here.exists():
        Placement.objects.create(
            user=user, department=department, training_year=newcomer.training_year, from_on=on
        )


@transaction.atomic
def join(membership: Membership, group: Group) -> Membership:
    """Sit down in ``group``, or move there; the intake's time is reserved with its guide.

    The database decides who gets the last place, and whom the guard refuses. Raises JoiningOver,
    GroupFull, GroupClosed, GroupWithoutGuide, EvaluatorInGroup, AlreadyLeft or IntakeTookPlace, having
    changed nothing.
    """
    now = clock.now()
    intakes.lock_queue(membership.program_id, membership.pk)
    row = Membership.objects.select_related("program__institution", "group", "user").get(pk=membership.pk)
    if not row.program.is_open_to_join:
        raise errors.JoiningOver
    if row.group_id == group.pk:
        return waiting.take_part(row, at=now)
    if not Guide.objects.led_groups().filter(group=group).exists():
        raise errors.GroupWithoutGuide
    left = row.group_id
    taken = waiting.sit_down(row, group, at=now)
    if left:
        waiting.offer_seats(taken.program, at=now)
    return taken


# The institution's list of people who want to hear of the next round.


def note_interest(institution: Institution, *, name: str, email: str, language: str) -> Interest:
    """Known or unknown, the same: one line for each address, with the newest name."""
    return Interest.objects.update_or_create(
        institution=institution,
        email=email.strip().lower(),
        defaults={"name": name.strip(), "language": language},
    )[0]


@transaction.atomic
def invite_interested(program: Program) -> int:
    """Mail the way in to everybody who wanted to hear of this round; their line goes when they come. How many."""
    now = clock.now()
    rows = list(program.institution.interests.all())
    for interest in rows:
        request = join_request(program, interest.email, at=now)
        to = receiver(interest.email, interest.language)
        outbox.enqueue(INVITE, about_id=request.pk, to=to, key=f"{INVITE}:{request.pk}", at=now)
    Interest.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def forget(*, at: dt.datetime) -> int:
    """Delete addresses of people who asked and never came, and interest nobody answered; how many rows."""
    asked = JoinRequest.objects.filter(asked_at__lt=at - REQUESTS_FOR).delete()[0]
    return asked + Interest.objects.filter(created_at__lt=at - INTERESTS_FOR).delete()[0]


def renew_key(program: Program) -> None:
    """A new join link; the one that went round leads nowhere from now on."""
    program.join_key = new_join_key()
    program.save(update_fields=["join_key"])
