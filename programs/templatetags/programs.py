from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalogue import load
from intervision.templatetags import ui
from programs import steps
from programs.models import Program

register = template.Library()

STAGE_COLOURS: dict[str, str] = {
    Program.Stage.DRAFT: "neutral",
    Program.Stage.RECRUITING: "info",
    Program.Stage.INTAKES: "info",
    Program.Stage.RUNNING: "success",
    Program.Stage.CALLS: "success",
    Program.Stage.PAUSED: "warning",
}


@register.inclusion_tag("components/steps.html")
def program_steps(program: Program, now: str = "") -> dict[str, Any]:
    """The coordinator's way with the states of this program; ``now`` is the key of the page's own step."""
    return {"steps": steps.shown(program, now)}


@register.simple_tag
def program_stages(program: Program) -> SafeString:
    """The stages of the program's format. Paused and cancelled are said beside them."""
    aside = program.stage in (Program.Stage.PAUSED, Program.Stage.CANCELLED)
    current = program.paused_stage if aside else program.stage
    note = stage_word(program) if aside else ""
    return _stages(program.format, current, note, get_language())


@lru_cache(maxsize=200)
def _stages(format: str, current: str, note: str, language: str | None) -> SafeString:
    stages = [(stage.key, str(stage.label)) for stage in load().formats[format].stages]
    return render_to_string("components/stage_line.html", ui.stage_line(stages, current, note))


def stage_word(program: Program) -> str:
    """As ``get_stage_display``, which makes a table of all stages anew each time."""
    return str(Program.Stage(program.stage).label)


@register.simple_tag
def stage_badge(program: Program) -> SafeString:
    return _stage_badge(program.stage, get_language())


@cache
def _stage_badge(stage: str, language: str | None) -> SafeString:
    word = str(Program.Stage(stage).label).capitalize()
    return ui.badge(word, STAGE_COLOURS.get(stage, "neutral"))


@register.filter
def format_label(program: Program) -> str:
    return str(load().formats[program.format].label)


@register.filter
def guide_word(program: Program) -> str:
    """What this format calls its guide: intervisor or facilitator."""
    return str(load().formats[program.format].guide)


@register.filter
def guides_word(program: Program) -> str:
    return str(load().formats[program.format].guides)
