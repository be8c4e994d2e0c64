"""What a step found, and what of that is explained in ``explained.yaml``."""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
EXPLAINED = Path(__file__).with_name("explained.yaml")
REPORTS = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "deep"


@dataclass(frozen=True)
class Finding:
    """``by`` is the tool, ``kind`` its name for the finding, ``where`` what an explanation is matched with."""

    by: str
    kind: str
    where: str
    says: str = ""


def explanation(finding: Finding) -> str | None:
    for entry in yaml.safe_load(EXPLAINED.read_text()):
        same = entry["by"] == finding.by and finding.kind in entry["kinds"]
        if same and any(re.search(place, finding.where) for place in entry["where"]):
            return str(entry["because"])
    return None


def report(step: str, found: Iterable[Finding], figures: Iterable[str]) -> None:
    """Write the step's report, print what matters, and leave with status 1 if anything is not explained."""
    told = [(finding, explanation(finding)) for finding in sorted(set(found), key=str)]
    open_ = [finding for finding, why in told if why is None]
    why = Counter(f"{finding.by} {finding.kind}: {because}" for finding, because in told if because)
    lines = [
        f"# {step}",
        *figures,
        f"## Not explained: {len(open_)}",
        *(f"{finding.by} {finding.kind} at {finding.where}\n{finding.says}".rstrip() for finding in open_),
        f"## Explained: {sum(why.values())}",
        *(f"{count} x {reason}" for reason, count in sorted(why.items())),
    ]
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / f"{step}.md").write_text("\n\n".join(lines) + "\n")
    print("\n".join(lines), flush=True)
    sys.exit(bool(open_))
