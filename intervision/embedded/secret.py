import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def phrase() -> str:
    return secrets.token_urlsafe(48)


def named_key() -> str:
    """A key of 32 bytes with a name, as INTERVISION_KEKS has it."""
    return "first:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept_in(path: Path, make: Callable[[], str] = phrase) -> str:
    """The secret in ``path``, which only its owner can read; made on first use, by one of those who ask."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        new.touch(mode=0o600)
        new.write_text(make())
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text()
