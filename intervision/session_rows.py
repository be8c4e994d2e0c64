"""Signed-in sessions in the database as Django keeps them, read by a prepared question: every page reads one."""

import datetime as dt
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from intervision.prepared import Question


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        """The row, or None; what is not there or ran out gets another key. Real time, as Django has it."""
        found = held.rows(self.session_key, timezone.now())  # noqa: TID251
        if not found:
            self._session_key = None
            return None
        return found[0]


held: Question[Session] = Question(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), str, dt.datetime
)
