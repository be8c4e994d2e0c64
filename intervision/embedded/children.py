"""Processes that end with the one that started them. Linux only: it rests on prctl(2)."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from intervision.embedded.places import Place

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(sign: signal.Signals, parent: int) -> None:
    """Have the kernel send us ``sign`` when our parent's starting thread ends; leave if it has ended."""
    libc.prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def spawn(
    command: Sequence[os.PathLike[str] | str],
    *,
    death: signal.Signals,
    place: Place | None = None,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    output: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own, to get ``death`` when we end. Call it from the main thread.

    Its own session keeps Ctrl-C for us alone, so that we decide in which order things stop. With ``place`` it
    runs as the user its database files belong to.
    """
    us = os.getpid()
    user = place.user if place else None
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        start_new_session=True,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        preexec_fn=lambda: end_with_parent(death, us),
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
    )


def ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether ``child`` has ended. If so, what it started and left behind is killed too."""
    if child.returncode is not None:
        return True
    if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return False
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # its number is not free for others until poll() below
    child.poll()
    return True


def stop(children: Sequence[tuple[subprocess.Popen[bytes], signal.Signals]], *, within: float) -> None:
    """Ask all ``children`` at once, each by its signal, to stop; kill those left after ``within`` seconds."""
    for child, sign in children:
        if not ended(child):
            child.send_signal(sign)
    deadline = time.monotonic() + within
    left = [child for child, _ in children]
    while left and time.monotonic() < deadline:
        left = [child for child in left if not ended(child)]
        time.sleep(0.02)
    for child in left:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
