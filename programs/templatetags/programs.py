from typing import Any

from django import template
from django.utils.safestring import SafeString

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


@register.inclusion_tag("components/stage_line.html")
def program_stages(program: Program) -> dict[str, Any]:
    """The stages of the program's format. Paused and cancelled are said beside them."""
    aside = program.stage in (Program.Stage.PAUSED, Program.Stage.CANCELLED)
    current = program.paused_stage if aside else program.stage
    stages, state = [], "done"
    for stage in load().formats[program.format].stages:
        state = "now" if stage.key == current else ("open" if state in ("now", "open") else "done")
        stages.append({"label": stage.label, "state": state})
    return {"stages": stages, "note": program.get_stage_display() if aside else ""}


@register.simple_tag
def stage_badge(program: Program) -> SafeString:
    return ui.badge(program.get_stage_display().capitalize(), STAGE_COLOURS.get(program.stage, "neutral"))


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
