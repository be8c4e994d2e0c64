"""Who guides a group, with the sessions they are taken for. One door for every page that changes it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from intervision.templatetags.times import spoken_day
from programs.actions import groups, running
from programs.models import Group, Guide
from sessions.actions.occupations import Clash, follow_guides


@transaction.atomic
def assign_guide(group: Group, user: User, *, role: str, from_on: dt.date) -> list[Clash]:
    """Let ``user`` guide ``group``; its coming sessions take them. Returns those they cannot keep.

    Raises EvaluatorInGroup or LeadAlready, having changed nothing.
    """
    groups.assign_guide(group, user, role=role, from_on=from_on)
    return follow_guides(group)


@transaction.atomic
def end_guide(guide: Guide, *, on: dt.date) -> list[Clash]:
    """``guide`` stops on the day ``on`` and is free again for the sessions after it."""
    groups.end_guide(guide, on=on)
    return follow_guides(guide.group)


@transaction.atomic
def change_guide(
    group: Group, user: User, *, role: str, from_on: dt.date, replacing: Guide | None = None
) -> list[Clash]:
    """``user`` guides ``group`` from a day on, perhaps in somebody's place. Returns whoever is elsewhere at a session.

    Raises EvaluatorInGroup or LeadAlready, having changed nothing.
    """
    running.change_guide(group, user, role=role, from_on=from_on, replacing=replacing)
    return follow_guides(group)


def in_words(clashes: list[Clash]) -> str:
    """Who is elsewhere at which session, or nothing."""
    if not clashes:
        return ""
    said = [
        f"{clash.person}, {spoken_day(clash.session.group.program.institution.on_day(clash.session.starts_at))}"
        for clash in clashes
    ]
    return _("Elsewhere at the time of a session: %(list)s. Move the session or choose somebody else.") % {
        "list": "; ".join(said)
    }
