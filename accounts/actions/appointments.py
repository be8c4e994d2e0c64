import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts.errors import LastAdministrator, LastOfRole, NotIndependent, TooLateToResume, Watched
from accounts.models import Appointment, Institution, User
from intervision import clock

Role = Appointment.Role
DAY = dt.timedelta(days=1)


@transaction.atomic
def end(appointment: Appointment) -> None:
    """End a role from this moment. One that began today stays as a row of the day before, of no use to anybody.

    Raises LastOfRole or LastAdministrator when nobody would be left to see to the house, or to appoint who
    does. The caller has checked ``rules.can_appoint``. Of two who end the last two at once the second is
    refused: the house is locked first.
    """
    Institution.objects.select_for_update().get(pk=appointment.institution_id)
    in_charge = Appointment.objects.in_charge().filter(institution=appointment.institution_id)
    if in_charge.filter(pk=appointment.pk).exists():
        others = set(in_charge.exclude(user=appointment.user_id).values_list("role", flat=True))
        if not others:
            raise LastOfRole
        if appointment.role == Role.ADMINISTRATOR and Role.ADMINISTRATOR not in others:
            raise LastAdministrator
    last = appointment.institution.on_day(clock.now()) - DAY
    if last < appointment.from_on:
        appointment.from_on = _free_day(appointment, last)
    appointment.until_on = last
    appointment.save(update_fields=["from_on", "until_on"])


def _free_day(appointment: Appointment, day: dt.date) -> dt.date:
    """``day``, or the last one before it on which no other row of the same role begins."""
    same = Appointment.objects.filter(user=appointment.user_id, institution=appointment.institution_id)
    taken = set(same.filter(role=appointment.role).values_list("from_on", flat=True))
    while day in taken:
        day -= DAY
    return day


@transaction.atomic
def resume(appointment: Appointment) -> None:
    """Take ``end`` back on the day it was done.

    Raises TooLateToResume later, and NotIndependent or Watched when another role came in between.
    """
    institution = appointment.institution
    if appointment.until_on is None:
        return
    if appointment.until_on != institution.on_day(clock.now()) - DAY:
        raise TooLateToResume
    check_it_fits(appointment.user, appointment.role, institution)
    Appointment.objects.filter(pk=appointment.pk).update(until_on=None)


def check_it_fits(user: User, role: str, institution: Institution) -> None:
    """Raises NotIndependent or Watched when ``role`` does not go with what ``user`` is in the house already.

    Of two who give two such roles at once the second is refused: the house is locked until both are written.
    """
    Institution.objects.select_for_update().get(pk=institution.pk)
    held = set(user.appointments.current().filter(institution=institution).values_list("role", flat=True))
    if not stays_independent(role, held):
        raise NotIndependent
    if not stays_apart(role, held):
        raise Watched


def stays_independent(role: str, held: Collection[str]) -> bool:
    """Whether the independent person would still be independent of who runs the house."""
    if role == Role.INDEPENDENT:
        return not set(held) & set(Appointment.NOT_INDEPENDENT)
    return role not in Appointment.NOT_INDEPENDENT or Role.INDEPENDENT not in held


def stays_apart(role: str, held: Collection[str]) -> bool:
    """Whether nobody would watch over themselves as the privacy officer."""
    if role == Role.PRIVACY:
        return not set(held) & set(Appointment.WATCHED)
    return role not in Appointment.WATCHED or Role.PRIVACY not in held
