import datetime as dt

from django.db import transaction

from accounts.errors import LastOfRole
from accounts.models import Appointment, Institution
from intervision import clock

DAY = dt.timedelta(days=1)


@transaction.atomic
def end(appointment: Appointment) -> bool:
    """End a role from this moment; whether it can be taken back, which a role of today alone cannot.

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
        appointment.delete()
        return False
    appointment.until_on = last
    appointment.save()
    return True


def resume(appointment: Appointment) -> None:
    """Take ``end`` back."""
    Appointment.objects.filter(pk=appointment.pk).update(until_on=None)
