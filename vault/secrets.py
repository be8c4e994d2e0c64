"""Seeds of second factors, and what a run-out sign-in left unsaved, for ``accounts`` alone: no door and no event."""

import base64
import binascii

from vault import sealing, wrapping
from vault.errors import CannotOpen

PREFIX = "sealed1."
ABOUT = sealing.about("secrets")


def seal(text: str) -> str:
    sealed = sealing.seal(wrapping.house_key("secrets"), text.encode(), about=ABOUT)
    return PREFIX + base64.urlsafe_b64encode(sealed).decode()


def open(sealed: str) -> str:
    """What was sealed; raises CannotOpen for anything else, also for a text that never was sealed."""
    if not sealed.startswith(PREFIX):
        raise CannotOpen("not sealed")
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(PREFIX))
    except (binascii.Error, ValueError):
        raise CannotOpen("not sealed") from None
    return sealing.unseal(wrapping.house_key("secrets"), raw, about=ABOUT).decode()
