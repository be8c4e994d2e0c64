"""Which mails follow from a window. They go to everybody, whoever has answered: nobody's answering is looked at."""

import datetime as dt

import outbox
from surveys.models import Kind, Window

OPENED, CLOSING = "questions", "questions-closing"
DAY = dt.timedelta(days=1)
#: A window that is open for longer gets one reminder, a day before it closes.
LONG = dt.timedelta(days=4)
#: Asked together with others that are told of.
LED_TO = (Kind.FIRST, Kind.ENROL, Kind.GAINED, Kind.CALL)


def tell(window: Window, *, at: dt.datetime) -> None:
    due = [(OPENED, window.opens_at)]
    if window.closes_at - window.opens_at >= LONG:
        due.append((CLOSING, window.closes_at - DAY))
    if window.kind in LED_TO:
        due = due[1:]  # others come at that moment, and lead on to these
    for member in window.group.memberships.taking_part().select_related("user"):
        for kind, moment in due:
            key = f"{kind}:{window.pk}:{member.user_id}:{int(moment.timestamp())}"
            outbox.enqueue(kind, about_id=window.pk, to=member.user, key=key, at=at, due_at=moment)
