"""Our own code, read by bandit and by ruff's security rules, with no rule or folder left out beforehand."""

import json
import subprocess
import sys

from deep.findings import ROOT, Finding, report


def ours() -> list[str]:
    """Each file that is kept, the tests too; without their folders, so that no tool leaves one out by itself."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.split()


def by_bandit(files: list[str]) -> list[Finding]:
    command = [sys.executable, "-m", "bandit", "--quiet", "--format", "json", *files]
    answer = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout)
    if answer["errors"]:
        raise RuntimeError(f"bandit could not read {answer['errors']}")
    return [
        Finding("bandit", one["test_id"], f"{place(one['filename'])}:{one['line_number']}", one["issue_text"])
        for one in answer["results"]
    ]


def by_ruff(files: list[str]) -> list[Finding]:
    rules = ["--isolated", "--target-version", "py311", "--select", "S", "--output-format", "json"]
    command = [sys.executable, "-m", "ruff", "check", *rules, *files]
    answer = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout)
    return [
        Finding("ruff", one["code"], f"{place(one['filename'])}:{one['location']['row']}", one["message"])
        for one in answer
    ]


def place(name: str) -> str:
    return str((ROOT / name).relative_to(ROOT))


if __name__ == "__main__":
    files = ours()
    report(
        "code", [*by_bandit(files), *by_ruff(files)], [f"{len(files)} files, read by bandit and ruff (S)."]
    )
