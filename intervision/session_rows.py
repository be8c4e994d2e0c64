"""Signed-in sessions in the database as Django keeps them, read by a prepared question: every page reads one."""

import datetime as dt
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError
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

    def save(self, must_create: bool = False) -> None:
        """As Django, which takes a database that went away for a session that was ended: that would tell somebody
        whose work is saved that they asked for something wrong.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise


held: Question[Session] = Question(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), str, dt.datetime
)
