import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.paginator import Paginator
from django.core.validators import MinValueValidator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from intervision import notices

ROOT = Path(__file__).resolve().parent.parent.parent


class SessionForm(forms.Form):
    title = forms.CharField(max_length=10)
    slot = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("Tuesday", [("1", "16:00–16:45\nRoom 3")]), ("Thursday", [("2", "08:30–09:15")])],
    )
    note = forms.CharField(required=False)
    invite = forms.BooleanField(required=False)


def drawn(source: str, **context: Any) -> str:
    return Template("{% load ui i18n %}" + source).render(Context(context))


def test_a_form_says_its_errors_once_with_a_link_to_each_field() -> None:
    html = drawn("{% error_summary form %}{{ form }}", form=SessionForm({"title": "much too long"}))

    assert html.count('class="errors"') == 1
    assert "Two things to fix" in html
    assert 'href="#id_title"' in html
    assert 'href="#id_slot_0_0"' in html


def test_the_summary_and_the_field_use_the_same_words() -> None:
    html = drawn("{{ form }}", form=SessionForm({}))

    assert html.count("Fill in “Title”.") == 2
    assert html.count("Choose an answer at “Slot”.") == 2


class SizeForm(forms.Form):
    size = forms.IntegerField(min_value=2, max_value=30)
    weeks = forms.IntegerField(validators=[MinValueValidator(1)])
    years = forms.IntegerField(max_value=5, error_messages={"max_value": "No training takes that long."})


def test_a_number_out_of_bounds_is_named_in_words_of_its_own() -> None:
    html = drawn("{{ form }}", form=SizeForm({"size": "99", "weeks": "0", "years": "8"}))

    assert html.count("“Size” can be 30 at most.") == 2
    assert html.count("“Weeks” must be 1 at least.") == 2
    assert html.count("No training takes that long.") == 2
    assert "Write “Size” as a whole number." in drawn("{{ form }}", form=SizeForm({"size": "six"}))


def test_an_unsent_form_has_no_summary() -> None:
    assert 'class="errors"' not in drawn("{{ form }}", form=SessionForm())


def test_what_was_typed_is_escaped_everywhere() -> None:
    form = SessionForm({"title": "<b>x</b>", "slot": "<i>"})

    html = drawn("{{ form }}", form=form)

    assert "<b>" not in html
    assert "<i>" not in html


def test_options_keep_their_groups_and_their_second_line() -> None:
    html = drawn("{{ form.slot.as_field_group }}", form=SessionForm())

    assert "<legend>Tuesday</legend>" in html
    assert "<small>Room 3</small>" in html


def test_what_was_chosen_stays_chosen() -> None:
    form = SessionForm({"slot": "2"})

    html = drawn("{{ form.slot.as_field_group }}", form=form)

    assert 'value="2"' in html
    assert html.count("checked") == 1


def test_only_fields_that_may_stay_empty_say_so() -> None:
    assert drawn("{{ form }}", form=SessionForm()).count("(optional)") == 1


def test_the_stage_line_marks_the_current_stage_in_text() -> None:
    stages = [("draft", "Draft"), ("running", "Running"), ("completed", "Completed")]

    html = drawn('{% stage_line stages "running" %}', stages=stages)

    assert html.count('aria-current="step"') == 1
    assert html.index("Draft") < html.index('aria-current="step"') < html.index("Running")


def test_pages_keep_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/", {"q": "anna", "page": "2"})

    html = drawn("{% pagination page %}", request=request, page=Paginator(range(50), 10).page(2))

    assert "?q=anna&amp;page=3" in html


def test_a_column_turns_its_direction_and_forgets_the_page() -> None:
    request = RequestFactory().get("/", {"sort": "name", "page": "2"})

    html = drawn('{% column "name" "Name" %}', request=request)

    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name"' in html


def test_a_notice_carries_its_way_back() -> None:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    notices.done(request, "Anna moved to Group 3.", undo="/undo/1/")

    html = drawn('{% include "components/messages.html" %}', messages=get_messages(request), request=request)

    assert 'action="/undo/1/"' in html
    assert "Undo" in html


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today, 16:00"),
        (1, "tomorrow, 16:00"),
        (-1, "yesterday, 16:00"),
        (3, "in 3 days"),
        (-3, "3 days ago"),
        (21, "in 3 weeks"),
        (-30, "4 weeks ago"),
    ],
)
def test_times_in_lists_are_said_by_their_distance(days: int, said: str, time_machine: Any) -> None:
    now = dt.datetime(2027, 3, 10, 8, 0, tzinfo=dt.UTC)
    time_machine.move_to(now, tick=False)
    at = dt.datetime(2027, 3, 10, 16, 0, tzinfo=dt.UTC) + dt.timedelta(days=days)

    html = Template("{% load times %}{% when at %}").render(Context({"at": at}))

    assert f">{said}</time>" in html
    assert f'datetime="{at.isoformat()}"' in html


def test_a_period_names_the_zone_only_where_its_clocks_differ() -> None:
    from zoneinfo import ZoneInfo

    start = dt.datetime(2027, 3, 10, 15, 0, tzinfo=dt.UTC)
    values = {"start": start, "end": start + dt.timedelta(minutes=45), "zone": ZoneInfo("Europe/Amsterdam")}
    template = Template("{% load times %}{% period start end zone %}")

    assert "16:00" in template.render(Context(values))
    assert "Europe/Amsterdam" in template.render(Context(values))
    assert "London" not in template.render(Context(values | {"zone": ZoneInfo("Europe/London")}))


def test_dutch_names_the_week_where_it_is_asked() -> None:
    source = Template("{% load times %}{% day on True %}")

    with translation.override("nl"):
        assert "week 2" in source.render(Context({"on": dt.date(2027, 1, 14)}))
    assert "week" not in source.render(Context({"on": dt.date(2027, 1, 14)}))


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500, 503])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_error_pages_need_no_request_and_no_database(status: int, language: str) -> None:
    from django.template.loader import render_to_string

    with translation.override(language):
        html = render_to_string(f"{status}.html", {"code": "ab12"})

    assert f'lang="{language}"' in html
    assert "/help/" in html


def test_no_template_of_ours_has_anything_inline() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        if path.is_relative_to(ROOT / "templates" / "emails"):
            continue
        for forbidden in (
            " style=",
            "<style",
            " onclick=",
            " onload=",
            " hx-on",
            "javascript:",
            'hx-vals="js',
        ):
            assert forbidden not in text, f"{path.name} has {forbidden}"


def test_the_compiled_sheet_is_in_step_with_its_source() -> None:
    from static_src import build

    for name in build.NAMES:
        assert (build.SHEETS / name).read_text() == build.sheet(name)


#: Nothing of a page stays in the browser's storage, and an answer brings no code of its own.
HTMX = {
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
}


def test_htmx_keeps_no_page_runs_no_code_and_asks_nobody_else_wherever_it_is_used() -> None:
    """The next person at a shared machine finds nothing by going back."""
    said = drawn('{% include "components/htmx.html" %}')
    told = json.loads(said.partition("content='")[2].partition("'>")[0])

    assert told | HTMX == told
    loading = [path.name for path in (ROOT / "templates").rglob("*.html") if "/htmx-" in path.read_text()]
    assert loading == ["htmx.html"]
