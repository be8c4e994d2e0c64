import os
import secrets
from pathlib import Path


def kept_in(path: Path) -> str:
    """The secret in ``path``, which only its owner can read; made on first use, by one of those who ask."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48))
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text()
