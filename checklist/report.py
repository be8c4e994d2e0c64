"""A checklist on paper, as PDF/UA-1: the rings, the finding, what to do, every condition, and what is not yet known.

The board's copy holds nothing that members or guides answered: the board reads that pooled over programs alone.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

import catalogue
from checklist import advice, drawing, overview, sureness
from checklist.assessing import Assessment
from checklist.finding import sentence
from checklist.lines import OF_A_GROUP, Line, layers, program_lines
from checklist.released import OF_INTAKES, OF_LOGS
from checklist.scoring import Flag, LayerScore, Score, score
from intervision import paper
from programs.models import Program

STEPS = 10
#: Layers that rest on what members and guides answer: the board's copy leaves that out.
LEFT_OUT = ("minimal", "optimizing")


def for_board(found: Assessment) -> Assessment:
    """The same program from what was planned, what took place and what its coordinator declared."""
    facts = {**found.inputs.facts, **dict.fromkeys((*OF_LOGS, *OF_INTAKES))}
    # What trust came back to after a repair is the members' word too.
    inputs = replace(found.inputs, facts=facts, resident={}, intervisor={}, after_repair="")
    scored = score(catalogue.load(), found.score.format, inputs)
    return replace(found, inputs=inputs, score=scored, written={})


def pdf(found: Assessment, program: Program, *, at: dt.datetime, board: bool = False) -> bytes:
    shown = for_board(found) if board else found
    said = words(shown, program, at=at, board=board)
    return paper.pdf("checklist/report.typ", said, at=at, rings=drawing.printed_rings(shown.score))


def words(found: Assessment, program: Program, *, at: dt.datetime, board: bool = False) -> dict[str, Any]:
    """Everything in the report, in the active language; plain data, so that nothing is read as markup."""
    lines = program_lines(found, program)
    left_out = LEFT_OUT if board else ()
    known, steps = catalogue.load(), advice.steps_of(found, program)
    return {
        "language": get_language() or "en",
        "title": _("The conditions of %(title)s") % {"title": program.title},
        "about": _about(found, program, at),
        "readers": _readers(board),
        "finding": sentence(found.score, left_out=left_out),
        "alt": described(found.score, left_out),
        "flags": [_flagged(flag) for flag in found.score.flags],
        "layers": [_summed(found.score, key) for key in found.score.layers],
        "thin": [
            f"{layer.layer.label}: {_known(layer, left_out)}."
            for layer in found.score.layers.values()
            if layer.thin
        ],
        "steps": list(dict.fromkeys(str(lines[item.item.key].to_do) for item in steps))[:STEPS],
        "conditions": [_of_layer(shown, left_out) for shown in layers(found.score, lines)],
        "unknown": [
            [str(line.item.statement), _known_when(line, board)]
            for line in lines.values()
            if line.score.status == "unknown"
        ],
        "numbers": " ".join(filter(None, (_numbers(found.score), _sure(found)))),
        "cautions": [
            _("Rebuilt from the text; the published figure was not available to us; weights and cut-offs are ours."),
            _("This is an aid for planning, not a mark. It must never be used to rank people, groups or guides."),
            *(str(caveat) for caveat in known.caveats),
        ],
        "papers": [paper.cite for paper in known.papers.values()],
        "words": _headings(),
    }  # fmt: skip


def _flagged(flag: Flag) -> str:
    if flag.repaired:
        return _(
            "Something left a group. It was repaired; whether trust is back, members say in the next questions."
        )
    return str(flag.item.statement)


def described(found: Score, left_out: tuple[str, ...] = ()) -> str:
    """The picture in words, for whoever does not see it."""
    said = "; ".join(
        f"{part.layer.label}: {overview.met(part.counts)}{_hatched(part, left_out)}"
        for part in map(found.layers.__getitem__, drawing.RINGS)
    )
    return _("Four rings, from the outside: %(layers)s. %(finding)s") % {
        "layers": said,
        "finding": sentence(found, left_out=left_out),
    }


def _hatched(layer: LayerScore, left_out: tuple[str, ...]) -> str:
    return f" ({_('hatched')}: {_known(layer, left_out)})" if layer.thin else ""


def _known(layer: LayerScore, left_out: tuple[str, ...]) -> str:
    if layer.thin and layer.layer.key in left_out:
        return _("not in this copy")
    return overview.known(layer)


def _known_when(line: Line, board: bool) -> str:
    kept_out = board and (line.item.measure.kind in OF_A_GROUP or line.score.fact in (*OF_LOGS, *OF_INTAKES))
    return _("Not in this copy.") if kept_out else line.known_when


def _about(found: Assessment, program: Program, at: dt.datetime) -> str:
    house, groups = program.institution, len(found.reading.scope.groups)
    counted = ngettext("%(count)s group", "%(count)s groups", groups) % {"count": groups}
    return _("%(institution)s, %(groups)s, as it is known on %(day)s.") % {
        "institution": house.name,
        "groups": counted,
        "day": date_format(house.on_day(at), "j F Y"),
    }


def _readers(board: bool) -> str:
    if board:
        return _(
            "For the board. What members and guides answered is not in it: the board reads that pooled over "
            "programs, so that no group can be recognised."
        )
    return _(
        "For those who run this program. For others there is a copy without what members and guides answered."
    )


def _summed(found: Score, key: str) -> list[str]:
    layer = found.layers[key]
    counts = layer.counts
    return [str(layer.layer.label), *map(str, (counts.met, counts.partly, counts.not_met, counts.unknown))]


def _of_layer(shown: Any, left_out: tuple[str, ...]) -> dict[str, Any]:
    return {
        "label": str(shown.layer.label),
        "met": f"{overview.met(shown.counts)}, {_known(shown.score, left_out)}.",
        "factors": [
            {"label": str(part.factor.label), "rows": [_row(line) for line in part.lines]}
            for part in shown.factors
        ],
    }


def _row(line: Line) -> dict[str, str]:
    justification = line.justification.text if line.justification else ""
    return {
        "condition": str(line.item.statement),
        "state": line.status,
        "measured": line.measured,
        "why_not": justification,
        "threshold": line.threshold,
        "source": line.sources,
    }


def _numbers(found: Score) -> str:
    if found.shown is None or found.range is None:
        return _("There is no number over all layers: too little is known of at least one of them.")
    low, high = (end.down_to_five() for end in found.range)
    return _(
        "Over all layers: %(shown)s of 100. With everything that is not yet known at its worst and at its best: "
        "%(low)s to %(high)s."
    ) % {"shown": found.shown, "low": low, "high": high}


def _sure(found: Assessment) -> str:
    said = sureness.word(found)
    told = _(
        "Confidence: %(sureness)s. It follows from how much of each layer is known, how many answered, and how old "
        "that is."
    )
    return told % {"sureness": said} if said else ""


def _headings() -> dict[str, str]:
    known = catalogue.load().word
    return {
        "rings": _("The rings"),
        "key": _(
            "Filled as far as it is met, hatched where not yet known or too little of the ring is, outlined where it "
            "limits the total."
        ),
        "flags": _("Stop and look"),
        "layer": _("Layer"),
        "met": str(known("status", "met")),
        "partly": str(known("status", "partly")),
        "not_met": str(known("status", "not_met")),
        "unknown": _("Not yet known"),
        "steps": _("What to do next"),
        "conditions": _("Every condition"),
        "condition": _("Condition"),
        "state": _("State"),
        "measured": _("Measured"),
        "threshold": _("Threshold"),
        "source": _("Source"),
        "why_not": _("Why it is so here"),
        "still": _("What is not yet known, and what makes it known"),
        "known": _("What makes it known"),
        "calculated": _("How this is calculated"),
        "papers": _("Sources"),
        "page": _("page"),
    }
