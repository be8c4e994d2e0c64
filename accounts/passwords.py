"""What a password must be: long, and not one that others use. No rule asks for signs or capitals."""

import hashlib
import logging
import re
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import factors
from accounts.fetching import fetch
from accounts.models import User
from accounts.models.person import LONG_ENOUGH, LONG_ENOUGH_ALONE

logger = logging.getLogger(__name__)
#: A short piece said again and again: "abcabcabc".
REPEATED = re.compile(r"(.{1,8}?)\1+")
FEWEST_MARKS = 5


class LongEnough:
    """Fifteen characters, or eight for somebody who also has a second factor."""

    def validate(self, password: str, user: User | None = None) -> None:
        least = LONG_ENOUGH if user and factors.has_one(user) else LONG_ENOUGH_ALONE
        if len(password) < least:
            said = ngettext("Use at least %(least)d character.", "Use at least %(least)d characters.", least)
            raise ValidationError(said % {"least": least}, code="password_too_short")

    def get_help_text(self) -> str:
        return _("At least 15 characters; 8 are enough beside a second factor.")


class NotKnown(password_validation.CommonPasswordValidator):
    """Not among the twenty thousand that are tried first, nor one of those made longer in the usual ways.

    Nor among those that leaked elsewhere, where the hospital switched that on: see BREACHED_PASSWORDS_URL.
    """

    def validate(self, password: str, user: Any = None) -> None:
        bare = password.lower().strip().strip("0123456789!?.*#-_ ")
        repeated = REPEATED.fullmatch(bare)
        tried_first = {password.lower().strip(), bare, repeated.group(1) if repeated else bare}
        if tried_first & self.passwords or repeated or len(set(password)) < FEWEST_MARKS:
            raise ValidationError(
                _("Many people use this password, so it is tried first."), code="password_too_common"
            )
        if settings.BREACHED_PASSWORDS_URL and has_leaked(password):
            raise ValidationError(_("This password has leaked at another site."), code="password_breached")


def has_leaked(password: str) -> bool:
    """Five digits of the password's SHA-1 leave the house, nothing else. Without an answer the password passes."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    return digest[5:] in leaked(digest[:5])


def leaked(start: str) -> set[str]:
    """The rest of each known digest that begins with ``start``; a count of 0 is padding."""
    address = f"{settings.BREACHED_PASSWORDS_URL}{start}"
    try:
        answer = fetch(address, within=2, most=200_000, headers={"Add-Padding": "true"})
        lines = answer.decode("ascii").split()
    except (OSError, ValueError):
        logger.warning("no list of breached passwords")
        return set()
    return {rest for rest, _colon, count in (line.partition(":") for line in lines) if count != "0"}
