"""Who may read which sealed text of this room."""

from django.utils.translation import gettext_lazy as _

from vault import doors


def register() -> None:
    from sessions import rules
    from sessions.models import PrivateLine

    house = "membership__program__institution"
    doors.register(
        PrivateLine, rules.may_read_line, house=house, label=_("A line for yourself after a session")
    )
