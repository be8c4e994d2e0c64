"""``python -m tests.mutants [PART]``: every mutant, or those whose name has PART in it. Its status says if all is well.

Leaves ``var/deep/mutants.tsv``: each mutant with the test that noticed it, the slowest first.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.mutants.survivors import REASONS

HERE = Path(__file__).resolve().parent.parent.parent
REPORT = HERE / "var" / "deep"
#: Two halves that take about as long. Each asks the pages of all rooms and runs the tests of its own: rooms whose
#: tests ask about each other's rules stand together.
HALVES = (
    ("programs", "vault", "outbox", "planning", "surveys"),
    ("accounts", "sessions", "concerns", "desk", "checklist"),
)
#: Of computing that a mutant meets when it is asked about by its name, and few others are.
SECONDS_BY_NAME = 600.0
PYTEST = (
    *("-m", "pytest", "-q", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider"),
    *("-m", "not browser and not slow", "-o", "timeout=120"),
)


def start(rooms: tuple[str, ...], part: str) -> "subprocess.Popen[bytes]":
    chosen = ("--mutants-in", ",".join(rooms), "--mutants", part, "--mutants-result", str(result(rooms)))
    if part:
        chosen += ("--mutants-seconds", str(SECONDS_BY_NAME))
    folders = [f"tests/{room}" for room in ("access", *rooms)]
    result(rooms).unlink(missing_ok=True)
    with result(rooms).with_suffix(".log").open("w") as log:
        command = [sys.executable, *PYTEST, *chosen, *folders]
        return subprocess.Popen(command, cwd=HERE, env=os.environ, stdout=log, stderr=log)


def result(rooms: tuple[str, ...]) -> Path:
    return REPORT / f"mutants-{rooms[0]}.tsv"


def lines_of(rooms: tuple[str, ...]) -> list[list[str]]:
    found = result(rooms).read_text() if result(rooms).exists() else ""
    return [line.split("\t") for line in found.splitlines()]


def main(part: str = "") -> int:
    REPORT.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    running = [start(half, part) for half in HALVES]
    broken = sum(process.wait() != 0 for process in running)
    lines = [line for half in HALVES for line in lines_of(half)]
    mutants = sorted((line for line in lines if line[0] != "red"), key=lambda line: -float(line[2]))
    (REPORT / "mutants.tsv").write_text("".join("\t".join(line) + "\n" for line in mutants))
    faults = faults_in(lines, whole=not part)
    if broken:
        faults.append(f"{broken} of {len(HALVES)} processes did not end well: {REPORT}/mutants-*.log")
    counted = Counter(f"{line[1]} {line[0]}" for line in mutants)
    told = ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))
    minutes = (time.monotonic() - began) / 60
    print(*faults, told, f"{len(mutants)} mutants in {minutes:.1f} minutes", sep="\n")  # noqa: T201
    return 1 if faults or not mutants else 0


def faults_in(lines: list[list[str]], *, whole: bool) -> list[str]:
    faults = [f"fails without any mutant: {line[1]}" for line in lines if line[0] == "red"]
    survived = {line[3]: line[4] for line in lines if line[0] == "survives"}
    noticed = {line[3] for line in lines if line[0] == "killed"} - set(survived)
    faults += [
        f"nothing notices: {name} ({tests} tests)" for name, tests in survived.items() if name not in REASONS
    ]
    faults += [f"noticed now, so it needs no reason: {name}" for name in REASONS if name in noticed]
    if whole:
        faults += [
            f"no such mutant any more: {name}" for name in REASONS if name not in noticed | set(survived)
        ]
    return faults


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
