"""For pytest: instead of running the tests once, run those that come by a rule once for each mutant of it."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate, groupby
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants import places, ways
from tests.mutants.places import Mutant

#: What is itself about rules taken away, or about everything at once, and too long to run for each mutant.
LEFT_OUT = ("test_fuzz.py", "test_crawl.py", "taken_away", "tests/mutants/")
#: Tests of how pages are marked: they look at the decorators without asking the page.
ABOUT_MARKS = ("test_exactly_",)
#: A mutant meets tests of this much computing. Every request comes by the middleware, so all tests would be asked
#: about it; what the likeliest of two minutes do not notice, a person looks at, or asks again with more time. That
#: tells of too many, never of too few.
SECONDS = 120.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutants", default="", help="those in whose name this pattern is found")
    parser.addoption("--mutants-in", default=",".join(places.ROOMS), help="rooms, by commas")
    parser.addoption("--mutants-seconds", type=float, default=SECONDS, help="of computing, for each")
    parser.addoption("--mutants-result", help="a file that gets a line for each mutant")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if not any(part in item.nodeid for part in LEFT_OUT)]


class Runner:
    def __init__(self, items: list[pytest.Item], seconds: float = SECONDS) -> None:
        self.items = list(items)
        self.seconds = seconds
        self.comes_by: dict[str, list[pytest.Item]] = defaultdict(list)
        self.way: dict[tuple[str, pytest.Item], frozenset[str]] = {}
        self.took: dict[pytest.Item, float] = {}
        self.noticed: defaultdict[str, Counter[pytest.Item]] = defaultdict(Counter)
        self.red: list[str] = []

    def passes(self, item: pytest.Item) -> bool:
        """Whether ``item`` passes now. What lasts for the session stays; what is shared by less is made anew."""
        item._initrequest()  # type: ignore[attr-defined]
        reports = runtestprotocol(item, log=False, nextitem=item.session)  # type: ignore[arg-type]
        return not any(report.failed for report in reports)

    def learn(self) -> None:
        """Which tests come by which place and which way, how long each takes; a test that fails anyway notices nothing.

        Each writes its questions anew, or only the first that asks one would come by what writes it.
        """
        seen = ways.Seen()
        with places.noting(seen):
            for item in self.items:
                seen.clear()
                places.forget_prepared()
                began = time.process_time()
                if not self.passes(item):
                    self.red.append(item.nodeid)
                    continue
                self.took[item] = time.process_time() - began
                if any(part in item.nodeid for part in ABOUT_MARKS):
                    seen.add("marks")
                for place, way in seen.ways().items():
                    self.comes_by[place].append(item)
                    self.way[place, item] = way

    def tests_for(self, mutant: Mutant) -> list[pytest.Item]:
        """Those most likely to notice it first: that noticed another of this function, or this mark on another page,
        the most for its time; then what looks at marks; then one of each way through it, then a second, the slow
        later; of one way its room's before others. As many as the time allows.
        """
        found, marks, noticed = self.comes_by[mutant.place], set[pytest.Item](), self.noticed[mutant.place]
        if mutant.kind == "decorator":
            marks, noticed = set(self.comes_by["marks"]), self.noticed[mutant.what]
            found = list(dict.fromkeys([*marks, *self.comes_by[f"url:{mutant.place}"], *found]))
        turn = self.turns(mutant, found)
        found = sorted(
            found, key=lambda item: (-noticed[item] / self.took[item], item not in marks, turn[item])
        )
        spent = accumulate(self.took[item] for item in found)
        return [
            item for item, so_far in zip(found, spent, strict=True) if so_far - self.took[item] < self.seconds
        ]

    def turns(self, mutant: Mutant, found: list[pytest.Item]) -> dict[pytest.Item, tuple[float, bool, float]]:
        """When it is each test's turn: the first of every way before the second of any, and for each second it takes
        one turn later, or the long tests that go a way of their own would leave no time for all the others.
        """
        near = (f"tests/{mutant.room}/", "tests/access/")
        nearest = {item: (not item.nodeid.startswith(near), self.took[item]) for item in found}
        before, turn = Counter[frozenset[str] | None](), {}
        for item in sorted(found, key=nearest.__getitem__):
            way = self.way.get((mutant.place, item))
            turn[item] = (before[way] + self.took[item], *nearest[item])
            before[way] += 1
        return turn

    def killer(self, mutant: Mutant) -> pytest.Item | None:
        with places.in_place(mutant):
            found = next((item for item in self.tests_for(mutant) if not self.passes(item)), None)
        if found is not None:
            self.noticed[mutant.place][found] += 1
            self.noticed[mutant.what][found] += 1
        return found

    def still_red(self, place: str) -> list[pytest.Item]:
        """Of the tests that noticed something of ``place``, those that fail without any mutant too."""
        return [item for item in self.noticed[place] if not self.passes(item)]


def chosen(config: pytest.Config) -> Iterator[Mutant]:
    part, rooms = config.getoption("--mutants"), config.getoption("--mutants-in").split(",")
    return (mutant for mutant in places.mutants() if re.search(part, mutant.name) and mutant.room in rooms)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    runner = Runner(session.items, session.config.getoption("--mutants-seconds"))
    with Path(session.config.getoption("--mutants-result")).open("w", buffering=1) as result:
        runner.learn()
        for nodeid in runner.red:
            print("red", nodeid, sep="\t", file=result)
        for place, some in groupby(chosen(session.config), lambda mutant: mutant.place):
            for mutant in some:
                print(*tried(runner, mutant), sep="\t", file=result)
            for item in runner.still_red(place):
                print("red", f"{item.nodeid} after {place}", sep="\t", file=result)
    return True


def tried(runner: Runner, mutant: Mutant) -> tuple[str, str, str, str, str, str]:
    began = time.monotonic()
    killer = runner.killer(mutant)
    took = f"{time.monotonic() - began:.1f}"
    came = killer.nodeid if killer else str(len(runner.tests_for(mutant)))
    return "killed" if killer else "survives", mutant.kind, took, mutant.name, came, str(mutant.line)
