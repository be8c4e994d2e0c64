from django import template
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.forms.taking_part import PARTS

register = template.Library()


@register.filter
def half_day(number: int) -> str:
    """``Tuesday afternoon`` for 3; half-days count from Monday morning."""
    day = capfirst(str(WEEKDAYS[number // 2]))
    return _("%(day)s %(part)s") % {"day": day, "part": PARTS[number % 2]}
