"""Who may read which sealed text of this room."""

from django.utils.translation import gettext_lazy as _

from vault import doors

HOUSE = "membership__program__institution"


def register() -> None:
    from programs import rules
    from programs.models import LearningGoal, Preparation

    doors.register(Preparation, rules.may_read, house=HOUSE, label=_("Preparation for the intake interview"))
    doors.register(LearningGoal, rules.may_read, house=HOUSE, label=_("Learning goal"))
