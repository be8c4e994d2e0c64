"""The kinds of long work. Each room registers its own in ``apps.py: ready()``, and later nobody can."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.functional import Promise as LazyText

if TYPE_CHECKING:
    from outbox.models.job import Job
    from outbox.progress import Progress

#: Called as ``run(job, progress)`` in a worker, in the language of whoever started it. What it returns
#: becomes ``job.result``. It must bear being run again from the beginning: all in one transaction, or row by
#: row with keys.
Run = Callable[["Job", "Progress"], dict[str, Any]]


@dataclass(frozen=True)
class JobKind:
    name: str
    run: Run
    label: str | LazyText
    #: The name of the page to return to, reversed with the job's ``about_id``.
    page: str
    #: Whether what was done is kept when somebody stops it; otherwise stopping takes all of it back.
    keeps: bool = True


_kinds: dict[str, JobKind] = {}


def register(name: str, run: Run, *, label: str | LazyText, page: str, keeps: bool = True) -> None:
    """Make ``name`` work that ``start_job`` accepts.

    Raises RuntimeError after the start and ValueError for a name that is taken.
    """
    if apps.ready:
        raise RuntimeError("kinds of work are registered in ready(), not later")
    if name in _kinds:
        raise ValueError(f"the work {name!r} is registered twice")
    _kinds[name] = JobKind(name, run, label, page, keeps)


def find(name: str) -> JobKind | None:
    return _kinds.get(name)
