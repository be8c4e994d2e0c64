"""How pages and scores grow with what is stored: the demonstration in three sizes, each measured the same way.

``python -m bench.growth [REQUESTS]``. Pages are said in floors of the same run. The coordinator runs every program of
one house: 10 of them in small, 100 in hospital and, of ten such houses, in region. So from small to hospital a page
grows by what there is more to show, and from hospital to region by nothing. "a score" is one program from the
database to its number, "scores alone" without the database; "all scores" is a night of snapshots of every program;
in the first, what is due of intake interviews is told as well.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

SIZES = ("small", "hospital", "region")
PAGES = (
    "worklist, coordinator",
    "worklist, intervisor",
    "worklist, resident",
    "programs",
    "program",
    "program, rings",
    "group",
)
REQUESTS, SCORED = 20, 40


def main(requests: str) -> None:
    found = {size: json.loads(of_size(size, requests)) for size in SIZES}
    width = max(len(name) for name in found["small"])
    print(f"{'':{width}}" + "".join(f"{size:>12}" for size in SIZES))
    for name in found["small"]:
        print(f"{name:{width}}" + "".join(f"{found[size][name]:12}" for size in SIZES))


def of_size(size: str, requests: str) -> bytes:
    """Settings are read once a process, so each size has its own."""
    return subprocess.run(
        [sys.executable, "-m", "bench.growth", requests, size],
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"DEMO_SIZE": size},
    ).stdout.splitlines()[-1]


def measure_size(requests: int) -> dict[str, float]:
    from bench import pages
    from bench.server import serving

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder} | pages.REAL
        import django

        django.setup()
        with (
            pages.demonstration() as database,
            serving(floor=True, database=database) as bare,
            serving(floor=False, database=database) as ours,
        ):
            lines = pages.measure(ours, bare, requests, only=PAGES)
            return {f"{line.name}, x floor": line.times for line in lines[1:]} | scores()


def scores() -> dict[str, float]:
    import catalogue
    from checklist import keeping
    from checklist.assessing import assess_from
    from checklist.reading import ask, ask_of_many
    from checklist.scoring import score
    from intervision import clock
    from programs.models import Program

    at = clock.now()
    programs = list(Program.objects.select_related("institution").order_by("pk")[:SCORED])
    answers = ask_of_many(programs, at)
    read = [assess_from(answers[program.pk], program, at) for program in programs]
    whole = milliseconds(lambda nth: assess_from(ask(programs[nth], at), programs[nth], at), len(programs))
    known = catalogue.load()
    alone = milliseconds(lambda nth: score(known, programs[nth].format, read[nth].inputs), len(programs))
    everything = list(Program.objects.select_related("institution"))

    def all_scores() -> float:
        began = time.monotonic()
        for first in range(0, len(everything), keeping.BATCH):
            keeping.take(everything[first : first + keeping.BATCH], at)
        return round(time.monotonic() - began, 2)

    return {
        "programs stored": len(everything),
        "a score, CPU ms of ours": round(whole, 2),
        "scores alone, CPU ms": round(alone, 2),
        "all scores, first night, s": all_scores(),
        "all scores with their groups, s": all_scores(),
    }


def milliseconds(of: Callable[[int], object], times: int) -> float:
    """CPU of the median, in this process."""

    def one(nth: int) -> float:
        began = time.process_time()
        of(nth)
        return 1000 * (time.process_time() - began)

    of(0)
    return statistics.median(one(nth) for nth in range(times))


if __name__ == "__main__":
    if sys.argv[2:]:
        print(json.dumps(measure_size(int(sys.argv[1]))))
    else:
        main(sys.argv[1] if sys.argv[1:] else str(REQUESTS))
