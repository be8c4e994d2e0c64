"""What is sealed: texts of one person, opened through one door that writes down who opened it.

What other rooms call stands here; it is loaded at first use, since models exist only after the start. Two rooms
more have a door of their own, held by import-linter: ``vault.secrets`` (accounts) and ``vault.tally`` (surveys).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vault.door import read, read_all, shred, write
    from vault.errors import CannotOpen, MayNotRead, VaultError

__all__ = ["CannotOpen", "MayNotRead", "VaultError", "read", "read_all", "shred", "write"]

_HOMES = {
    "CannotOpen": "vault.errors",
    "MayNotRead": "vault.errors",
    "VaultError": "vault.errors",
    "read": "vault.door",
    "read_all": "vault.door",
    "shred": "vault.door",
    "write": "vault.door",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vault' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
