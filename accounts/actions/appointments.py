import datetime as dt

from django.db import transaction

from accounts.errors import LastOfRole
from accounts.models import Appointment, Institution
from intervision import clock

DAY = dt.timedelta(days=1)


@transaction.atomic
def end(appointment: Appointment) -> None:
    """End a role from this moment. One that began today stays as a row of the day before, of no use to anybody.

    Raises LastOfRole when nobody would be left to see to the house. The caller has checked
    ``rules.can_appoint``. Of two who end the last two at once the second is refused: the house is locked first.
    """
    Institution.objects.select_for_update().get(pk=appointment.institution_id)
    in_charge = Appointment.objects.in_charge().filter(institution=appointment.institution_id)
    others = in_charge.exclude(user=appointment.user_id)
    if in_charge.filter(pk=appointment.pk).exists() and not others.exists():
        raise LastOfRole
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


def resume(appointment: Appointment) -> None:
    """Take ``end`` back."""
    Appointment.objects.filter(pk=appointment.pk).update(until_on=None)
