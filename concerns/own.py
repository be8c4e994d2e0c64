"""What this room keeps about one person, and how it lets go of it."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.kept import Section, section
from concerns.models import LeakReport, LeakStep


def export_own(user: User) -> Iterator[Section]:
    """Reports that ``user`` made by name. Those made without a name are nobody's."""
    reports = LeakReport.objects.made_by(user).select_related("group")
    yield section(
        "report",
        "reports",
        _("Reports that something left your group"),
        {"group": _("Group"), "kind": _("What"), "state": _("State"), "on": _("When")},
        (
            {
                "group": row.group.name,
                "kind": str(row.get_kind_display()),
                "state": str(row.get_state_display()),
                "on": row.reported_on,
            }
            for row in reports
        ),
    )
    steps = LeakStep.objects.filter(by=user)
    yield section(
        "report",
        "report_steps",
        _("What you did about reports"),
        {"state": _("State"), "at": _("When")},
        ({"state": str(row.get_state_display()), "at": row.at} for row in steps),
    )


def erase_own(user: User, *, at: dt.datetime) -> None:
    """The report goes on without who made it; the row that acted on one names nobody any more."""
    LeakReport.objects.made_by(user).update(reporter=None)
