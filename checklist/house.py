"""The rings of an institution for whoever takes them along: what its director's page shows, and nothing more."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import catalogue
from accounts.models import Institution
from checklist import drawing, overview
from checklist.finding import of_layers
from checklist.lines import ORDER
from checklist.pooling import Pooled
from checklist.scoring import Score
from intervision import paper
from surveys.releasing import DIRECTOR_GROUPS, DIRECTOR_PEOPLE

COLUMNS = ("layer", "how_it_stands", "out_of_100", "as_it_stood_on")


def readers() -> str:
    return _(
        "All programs together, from %(groups)s groups with at least %(people)s people on. You never see a program, "
        "a group or a person."
    ) % {"groups": DIRECTOR_GROUPS, "people": DIRECTOR_PEOPLE}


def finding(pooled: Pooled) -> str:
    return of_layers(pooled.score) if pooled.score else _("Too few groups to show anything")


def as_it_stood(pooled: Pooled) -> str:
    said = _("As everything stood on %(day)s.") % {"day": date_format(pooled.since, "j F Y")}
    return f"{said} {_('Too few groups changed since then to tell more.')}" if pooled.held else said


def stays(pooled: Pooled) -> str:
    return _(
        "It stays as it is until %(day)s, so that looking twice tells nothing of one group. What members answered "
        "comes in once it was shown to you."
    ) % {"day": date_format(pooled.until, "j F Y") if pooled.until else ""}


def rows(pooled: Pooled) -> Iterator[tuple[str, str, str, str]]:
    """Each layer as the page says it."""
    if pooled.score is None:
        return
    for key, (label, said) in zip(ORDER, in_words(pooled.score, pooled.older), strict=True):
        shown = pooled.score.layers[key].shown
        yield label, said, "" if shown is None else str(shown), pooled.since.isoformat()


def in_words(score: Score, older: Mapping[str, dt.date]) -> list[tuple[str, str]]:
    """Each layer with what it comes to, and the day of what it still has of an earlier half-year."""
    said = zip(ORDER, overview.in_words(score), strict=True)
    return [(label, _with_day(words, older.get(key))) for key, (label, words) in said]


def _with_day(words: str, day: dt.date | None) -> str:
    if day is None:
        return words
    return _("%(words)s; partly as on %(day)s, because too few groups changed since") % {
        "words": words,
        "day": date_format(day, "j F Y"),
    }


def document(house: Institution, pooled: Pooled) -> dict[str, Any]:
    known = catalogue.load()
    return {
        "catalogue_version": known.version,
        "note": str(known.reconstruction_note),
        "institution": house.name,
        "as_it_stood_on": pooled.since.isoformat(),
        "finding": finding(pooled),
        "layers": [
            {"layer": label, "how_it_stands": said, "out_of_100": int(number) if number else None}
            for label, said, number, _since in rows(pooled)
        ],
    }


def pdf(house: Institution, pooled: Pooled, *, at: dt.datetime) -> bytes:
    rings = str(drawing.layer_rings(pooled.score, title="")) if pooled.score else ""
    return paper.pdf("checklist/house.typ", words(house, pooled), at=at, rings=rings)


def words(house: Institution, pooled: Pooled) -> dict[str, Any]:
    """Everything in the report, in the active language; plain data, so that nothing is read as markup."""
    known = catalogue.load()
    return {
        "language": get_language() or "en",
        "title": _("The four rings of %(institution)s") % {"institution": house.name},
        "about": as_it_stood(pooled),
        "readers": readers(),
        "finding": finding(pooled),
        "alt": described(pooled.score) if pooled.score else "",
        "layers": [[label, said] for label, said, *_rest in rows(pooled)],
        "cautions": [
            stays(pooled),
            _("Rebuilt from the text; the published figure was not available to us; weights and cut-offs are ours."),
            _("This is an aid for planning, not a mark. It must never be used to rank people, groups or guides."),
        ],
        "papers": [paper.cite for paper in known.papers.values()],
        "words": {
            "rings": _("The rings"),
            "key": _(
                "Filled as far as it is met, hatched where not yet known or too little of the ring is, outlined where "
                "it limits the total."
            ),
            "layer": _("Layer"),
            "how": _("How it stands"),
            "calculated": _("How this is calculated"),
            "papers": _("Sources"),
            "page": _("page"),
        },
    }  # fmt: skip


def described(score: Score) -> str:
    """The picture in words, from the outermost ring inwards."""
    said = dict(zip(ORDER, overview.in_words(score), strict=True))
    rings = "; ".join(f"{label}: {words}" for label, words in map(said.__getitem__, drawing.RINGS))
    return _("Four rings, from the outside: %(layers)s. %(finding)s") % {
        "layers": rings,
        "finding": of_layers(score),
    }
