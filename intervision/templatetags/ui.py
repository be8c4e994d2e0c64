"""The components of the house style. ``templates/README.md`` shows each with its call."""

import uuid
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, cast

from django import template
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput, Field, IntegerField
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.forms.widgets import ChoiceWidget
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from intervision import addresses, notices, preferences

register = template.Library()


@cache
def _icon(name: str) -> str:
    return (settings.BASE_DIR / "templates" / "icons" / f"{name}.svg").read_text().strip()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside a word; hidden from screen readers, so never alone."""
    return mark_safe(_icon(name))  # noqa: S308 - a file of ours, named by a template of ours


@register.simple_tag(takes_context=True)
def chosen_theme(context: Context) -> str:
    request = context.get("request")
    return preferences.chosen_theme(request) if request else ""


@register.filter
def undo_url(tags: str) -> str:
    return notices.undo_url(tags or "")


@register.simple_tag
def badge(label: str, variant: str = "neutral") -> SafeString:
    """Status as word, shape and colour. ``variant``: neutral, info, success, warning, danger."""
    return format_html('<span class="badge" data-variant="{}">{}</span>', variant, label)


@register.simple_tag
def address(name: str, *ids: uuid.UUID | None) -> str:
    """``{% url %}`` for pages found by ids alone, where there may be hundreds of links."""
    return addresses.address(name, *ids)


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, id: str = "", variant: str = "") -> str:
    """A section with a heading; give it an id when something points at it."""
    values = {"content": content, "title": title, "level": level, "id": id, "variant": variant}
    return render_to_string("components/card.html", values)


@register.inclusion_tag("components/stage_line.html")
def stage_line(stages: Iterable[tuple[str, str]], current: str, note: str = "") -> dict[str, Any]:
    """``stages`` are (key, label) in order; ``note`` is said beside it ("Paused until 3 May")."""
    shown, state = [], "done"
    for key, label in stages:
        state = "now" if key == current else ("open" if state in ("now", "open") else "done")
        shown.append({"label": label, "state": state})
    return {"stages": shown, "note": note}


@register.inclusion_tag("components/steps.html")
def steps(steps: Iterable[Any]) -> dict[str, Any]:
    """Each step has label, url (or none) and state: done, now, open or attention."""
    return {"steps": list(steps)}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, str]:
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/reads.html")
def reads(text: str, until: object = "") -> dict[str, str]:
    """The line that says who reads what is typed here and, where ``text`` does not, ``until`` when."""
    return {"text": f"{text} {until}".strip()}


@register.inclusion_tag("components/progress.html")
def progress(
    label: str, value: int | None = None, max: int | None = None, id: str = "progress"
) -> dict[str, Any]:
    return {"label": label, "value": value or 0, "max": max, "id": id}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("components/search.html", takes_context=True)
def search(context: Context, label: str, name: str = "q") -> dict[str, Any]:
    request = context["request"]
    return {"label": label, "name": name, "value": request.GET.get(name, ""), "request": request}


@register.inclusion_tag("components/column.html", takes_context=True)
def column(context: Context, key: str, label: str, param: str = "sort") -> dict[str, str]:
    """A table head that sorts by ``key``, and the other way round when it already does."""
    query: QueryDict = context["request"].GET.copy()
    now = query.get(param, "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    query[param] = f"-{key}" if now == key else key
    query.pop("page", None)
    return {"label": label, "url": f"?{query.urlencode()}", "direction": direction}


@register.simple_tag
def error_summary(*forms: Any, once: bool = False, id: str = "errors") -> str:
    """What there is to fix, each line leading to its field; nothing when there is nothing.

    ``{{ form }}`` says it by itself (``once``), unless the page said it further up.
    """
    parts = [part for form in forms for part in _forms_in(form)]
    if once and any(getattr(part, "errors_were_said", False) for part in parts):
        return ""
    problems = [problem for form in forms for problem in _problems(form)]
    for part in parts:
        part.errors_were_said = True  # type: ignore[attr-defined]
    if not problems:
        return ""
    return render_to_string("components/error_summary.html", {"problems": problems, "id": id})


def _forms_in(form: "BaseForm | BaseFormSet[Any]") -> list[BaseForm]:
    return list(form.forms) if isinstance(form, BaseFormSet) else [form]


def _problems(form: "BaseForm | BaseFormSet[Any]") -> Iterator[dict[str, str]]:
    if isinstance(form, BaseFormSet):
        yield from ({"text": str(text), "anchor": ""} for text in form.non_form_errors())
    for part in _forms_in(form):
        yield from ({"text": str(text), "anchor": ""} for text in part.non_field_errors())
        for field in part:
            yield from ({"text": text, "anchor": _anchor(field)} for text in problems(field))


def _anchor(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    if isinstance(field.field.widget, ChoiceWidget) and field.use_fieldset:
        return field.subwidgets[0].id_for_label if field.subwidgets else str(field.auto_id)
    return field.id_for_label or str(field.auto_id)


@register.filter
def problems(field: BoundField) -> list[str]:
    """A field's errors; where Django's own words name no field or do not say what to do, in words of ours."""
    return [_spoken(field, error) for error in field.errors.as_data()] if field.errors else []


def _spoken(field: BoundField, error: ValidationError) -> str:
    said = {"label": field.label, "limit": (error.params or {}).get("limit_value")}
    if error.message == Field.default_error_messages["required"]:
        return _missing(field)
    if error.message == MaxValueValidator.message:
        return _("“%(label)s” can be %(limit)s at most.") % said
    if error.message == MinValueValidator.message:
        return _("“%(label)s” must be %(limit)s at least.") % said
    if error.message == IntegerField.default_error_messages["invalid"]:
        return _("Write “%(label)s” as a whole number.") % said
    return " ".join(error.messages)


def _missing(field: BoundField) -> str:
    if isinstance(field.field.widget, ChoiceWidget):
        return _("Choose an answer at “%(label)s”.") % {"label": field.label}
    if isinstance(field.field.widget, CheckboxInput):
        return _("Tick “%(label)s”.") % {"label": field.label}
    return _("Fill in “%(label)s”.") % {"label": field.label}


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say "(optional)": not at a tick, nor in a form that only filters."""
    if field.field.required or isinstance(field.field.widget, CheckboxInput):
        return False
    return not getattr(field.form, "hide_optional", False)


PLAIN_OPTIONS = ("django/forms/widgets/radio_option.html", "django/forms/widgets/checkbox_option.html")


@register.simple_tag
def option_groups(field: BoundField) -> list[dict[str, Any]]:
    """A choice field's options, with the labels of their groups (Django's own loop drops those)."""
    widget = cast(ChoiceWidget, field.field.widget)
    attrs = field.build_widget_attrs({"id": field.auto_id}, widget)
    attrs.pop("aria-describedby", None)
    data = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    return [
        {
            "label": label or "",
            "options": [
                _option(option, BoundWidget(widget, option, field.form.renderer)) for option in options
            ],
        }
        for label, options, _ in data["optgroups"]
    ]


def _option(data: dict[str, Any], option: BoundWidget) -> SafeString:
    """One choice with its label; what follows the label's first line is said small."""
    first, _end, rest = str(option.choice_label).partition("\n")
    plain = data["template_name"] in PLAIN_OPTIONS and data["value"] is not None
    tag, values = _input(data) if plain else ("{}", [option.tag()])
    small = (" <small>{}</small>", [rest]) if rest else ("", [])
    return format_html(
        f'<label class="choice" for="{{}}">{tag} <span>{{}}{small[0]}</span></label>',
        *(option.id_for_label, *values, first, *small[1]),
    )


def _input(data: dict[str, Any]) -> tuple[str, list[Any]]:
    """What two templates of Django's make of a radio button or a box to tick, to be formatted with its values."""
    given = {name: value for name, value in data["attrs"].items() if value not in (None, False)}
    names = "".join(f" {name}" if value is True else f' {name}="{{}}"' for name, value in given.items())
    values = [value for value in given.values() if value is not True]
    return f'<input type="{{}}" name="{{}}" value="{{}}"{names}>', [
        data["type"],
        data["name"],
        data["value"],
        *values,
    ]


@register.simple_tag
def chips(field: BoundField) -> SafeString:
    """The choices of a field side by side, one tap each."""
    widget = cast(ChoiceWidget, field.field.widget)
    kind, chosen = str(widget.input_type), set(widget.format_value(field.value()))
    more = flatatt(field.build_widget_attrs({}, widget))
    offered = tuple((str(value), str(label)) for value, label in widget.choices)
    kept = tuple(value for value, _label in offered if value in chosen)
    return _chips(kind, field.html_name, str(field.auto_id), more, offered, kept)


@lru_cache(maxsize=500)
def _chips(
    kind: str,
    name: str,
    id: str,
    more: SafeString,
    offered: tuple[tuple[str, str], ...],
    chosen: tuple[str, ...],
) -> SafeString:
    chips = (
        (kind, name, value, f"{id}_{nth}", more, " checked" if value in chosen else "", label)
        for nth, (value, label) in enumerate(offered)
    )
    one = '<label class="choice"><input type="{}" name="{}" value="{}" id="{}"{}{}><span>{}</span></label>'
    return format_html('<div class="chips">{}</div>', format_html_join("", one, chips))


@register.simple_tag
def tick(field: BoundField) -> SafeString:
    """A yes or no that stands by itself."""
    more = flatatt(field.build_widget_attrs({}))
    return _tick(field.html_name, str(field.label), str(field.auto_id), more, bool(field.value()))


@lru_cache(maxsize=500)
def _tick(name: str, label: str, id: str, more: SafeString, checked: bool) -> SafeString:
    return format_html(
        '<label class="choice"><input type="checkbox" name="{}" id="{}"{}{}><span>{}</span></label>',
        *(name, id, more, " checked" if checked else "", label),
    )
