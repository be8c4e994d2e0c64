"""Telling: messages that are rows of their cause, their delivery, and the progress of long work.

What other rooms call stands here; it is loaded at first use, since models exist only after the start.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outbox.actions.jobs import start_job
    from outbox.actions.messages import cancel, enqueue, forget_addresses
    from outbox.models.heartbeat import heartbeat_age

__all__ = ["cancel", "enqueue", "forget_addresses", "heartbeat_age", "start_job"]

_HOMES = {
    "cancel": "outbox.actions.messages",
    "enqueue": "outbox.actions.messages",
    "forget_addresses": "outbox.actions.messages",
    "heartbeat_age": "outbox.models.heartbeat",
    "start_job": "outbox.actions.jobs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'outbox' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
