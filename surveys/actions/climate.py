"""A round about the climate: opened by a coordinator, answered by invitation without an account, closed by itself."""

import datetime as dt
import functools
import logging
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

import outbox
from accounts.models import Appointment, Department, Institution, User
from surveys import releasing, tallies
from surveys.errors import AnsweredAlready, AskedRecently, BadAnswers, NobodyToAsk, NotOpen, RoundRunning
from surveys.models import (
    ClimateInvitation,
    ClimateReceipt,
    ClimateResult,
    ClimateRound,
    Stratum,
    Who,
)
from surveys.questions import keys, of_climate, stored
from surveys.releasing import VALUES, Counts, add, one

log = logging.getLogger(__name__)
ASKED, CLOSING = "climate", "climate-closing"
#: No department is asked again sooner, counted from when its last round closed.
APART = dt.timedelta(days=182)
REMINDED = dt.timedelta(days=3)
MANY = 10


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to write to; ``user`` where we know them."""

    email: str
    language: str
    user: User | None = None

    @property
    def receiver(self) -> User:
        """For the outbox: the person, or nobody we know with an address."""
        return self.user or User(email=self.email, language=self.language)


@dataclass(frozen=True, slots=True)
class ToAsk:
    """One stratum as it will be."""

    who: Who
    department: Department | None
    people: Sequence[Person]


def to_ask(
    house: Institution,
    departments: Iterable[Department],
    staff: Mapping[uuid.UUID, Iterable[str]],
    day: dt.date,
) -> list[ToAsk]:
    """Everybody once: residents placed there on ``day``, intervisors of the house, ``staff`` by their addresses."""
    seen: set[str] = set()
    chosen = list(departments)
    found = [ToAsk(Who.RESIDENTS, each, _new(_residents(each, day), seen)) for each in chosen]
    found.append(ToAsk(Who.INTERVISORS, None, _new(_intervisors(house, day), seen)))
    for each in chosen:
        typed = (Person(email.lower(), house.language) for email in staff.get(each.pk, ()))
        found.append(ToAsk(Who.STAFF, each, _new(typed, seen)))
    return [each for each in found if each.people]


def worth_asking(found: Sequence[ToAsk], least: int) -> list[ToAsk]:
    """Those of whom something may be shown: nobody is asked in vain.

    Residents and staff of several departments may be shown together, so all of them count; intervisors stand alone.
    """
    people: dict[Who, int] = defaultdict(int)
    for each in found:
        people[each.who] += len(each.people)
    return [each for each in found if people[each.who] >= max(least, releasing.FEWEST)]


def _residents(department: Department, day: dt.date) -> Iterator[Person]:
    placed = department.placements.current(day).order_by("user")
    return _known(User.objects.filter(placements__in=placed).distinct())


def _intervisors(house: Institution, day: dt.date) -> Iterator[Person]:
    held = house.appointments.current(day).filter(role=Appointment.Role.INTERVISOR)
    return _known(User.objects.filter(appointments__in=held).distinct())


def _known(users: Iterable[User]) -> Iterator[Person]:
    for user in users:
        if user.is_active and user.erased_at is None:
            yield Person(user.email.lower(), user.language, user)


def _new(people: Iterable[Person], seen: set[str]) -> list[Person]:
    """Who is not in ``seen`` yet, and now is."""
    found = []
    for person in people:
        if person.email not in seen:
            seen.add(person.email)
            found.append(person)
    return found


@transaction.atomic
def open_round(
    house: Institution,
    departments: Collection[Department],
    staff: Mapping[uuid.UUID, Iterable[str]],
    *,
    closes_at: dt.datetime,
    by: User,
    at: dt.datetime,
) -> ClimateRound:
    """Ask at once. Refused while a round runs, within half a year of the last one, and where nobody would be shown."""
    Institution.objects.select_for_update(no_key=True).get(pk=house.pk)
    rounds = ClimateRound.objects.filter(institution=house)
    if rounds.filter(state=ClimateRound.State.OPEN).exists():
        raise RoundRunning
    closed = rounds.filter(state=ClimateRound.State.CLOSED, closes_at__gt=at - APART)
    if closed.filter(strata__department__in=departments).exists():
        raise AskedRecently
    found = worth_asking(to_ask(house, departments, staff, house.on_day(at)), house.min_n)
    if not found:
        raise NobodyToAsk
    begun = rounds.create(institution=house, opened_by=by, opens_at=at, closes_at=closes_at)
    for each in found:
        _ask(begun, each, at)
    return begun


def _ask(begun: ClimateRound, asked: ToAsk, at: dt.datetime) -> None:
    stratum = Stratum(round=begun, who=asked.who, department=asked.department, invited=len(asked.people))
    stratum.questions = stored(of_climate(asked.who))
    tallies.begin_stratum(stratum)
    stratum.save()
    for person in asked.people:
        invitation = ClimateInvitation.objects.create(stratum=stratum, user=person.user, email=person.email)
        for kind, due in ((ASKED, at), (CLOSING, begun.closes_at - REMINDED)):
            if due >= at:
                key = f"{kind}:{invitation.pk}"
                outbox.enqueue(kind, about_id=invitation.pk, to=person.receiver, key=key, at=at, due_at=due)


@transaction.atomic
def answer(invitation: ClimateInvitation, given: Mapping[str, int], *, at: dt.datetime) -> None:
    """Count ``given``: the receipt and the counts, both or neither. Nothing here is logged."""
    strata = Stratum.objects.select_for_update(no_key=True, of=("self",)).select_related("round")
    stratum = strata.get(pk=invitation.stratum_id)
    if set(given) != set(keys(stratum.asked)) or not all(value in VALUES for value in given.values()):
        raise BadAnswers
    if stratum.key is None or not stratum.round.is_open(at):
        raise NotOpen
    if not _receive(invitation):
        raise AnsweredAlready
    told = tallies.counts_of_stratum(stratum)
    tallies.write_stratum(stratum, {item: add(told[item], one(value)) for item, value in given.items()})
    stratum.save(update_fields=["sealed"])


def _receive(invitation: ClimateInvitation) -> bool:
    """Whether this is the invitation's first answer; the primary key decides, also between two at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {ClimateReceipt._meta.db_table} (stratum_id, invitation_id) values (%s, %s)"  # noqa: S608
            " on conflict do nothing",
            [invitation.stratum_id, invitation.pk],
        )
        return bool(cursor.rowcount)


def close_due(*, at: dt.datetime) -> int:
    """Every round whose time is past; how many. May run twice."""
    due = ClimateRound.objects.filter(state=ClimateRound.State.OPEN, closes_at__lte=at)
    return sum(close(pk, at=at) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def close(pk: uuid.UUID, *, at: dt.datetime) -> bool:
    """Show each stratum that has enough answers, and small ones together; False if it was done before."""
    found = ClimateRound.objects.select_for_update(no_key=True, of=("self",)).select_related("institution")
    ended = found.get(pk=pk)
    if ended.state != ClimateRound.State.OPEN or ended.closes_at > at:
        return False
    strata = _locked(ended)
    for who in Who:
        told = {each: tallies.counts_of_stratum(each) for each in strata if each.who == who}
        people = {each: tallies.answers(counts) for each, counts in told.items()}
        for part in releasing.apart(people, ended.institution.min_n):
            _release(ended, part, [told[each] for each in part], at)
    _forget(ended, strata, ClimateRound.State.CLOSED)
    log.info("climate round closed", extra={"round": str(ended.pk)})
    return True


@transaction.atomic
def withdraw(pk: uuid.UUID) -> bool:
    """Destroy an open round unseen; whether it was open."""
    ended = ClimateRound.objects.select_for_update(no_key=True).get(pk=pk)
    if ended.state != ClimateRound.State.OPEN:
        return False
    _forget(ended, _locked(ended), ClimateRound.State.WITHDRAWN)
    return True


def _locked(ended: ClimateRound) -> list[Stratum]:
    """All strata, in one order; who is answering is waited for."""
    rows = Stratum.objects.select_for_update(no_key=True, of=("self",)).filter(round=ended).order_by("pk")
    return list(rows.select_related("department"))


def _release(
    ended: ClimateRound, part: Sequence[Stratum], told: Sequence[Mapping[str, Counts]], at: dt.datetime
) -> None:
    """One stratum, or those of small departments together."""
    counts = functools.reduce(tallies.total, told)
    people = tallies.answers(counts)
    words = {
        question.key: releasing.word(counts[question.key], people=people, reverse=question.reverse)
        for question in part[0].asked
    }
    ClimateResult.objects.create(
        institution=ended.institution,
        round=ended,
        department=part[0].department if len(part) == 1 else None,
        who=part[0].who,
        words=words,
        people_at_least=MANY if people >= MANY else ended.institution.min_n,
        released_at=at,
    )


def _forget(ended: ClimateRound, strata: Collection[Stratum], state: str) -> None:
    """No receipt, no key, no address is left; the links in the mails then lead to what was shown."""
    ClimateReceipt.objects.filter(stratum__in=strata).delete()
    asked = ClimateInvitation.objects.filter(stratum__in=strata)
    outbox.forget_addresses(list(asked.values_list("pk", flat=True)))
    asked.update(email="", user=None)
    Stratum.objects.filter(round=ended).update(key=None, sealed=None)
    ended.state = state
    ended.save(update_fields=["state"])
