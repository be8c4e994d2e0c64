"""What is kept of a page is never what was written for somebody else."""

import datetime as dt
import uuid
from typing import NamedTuple

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import mark_safe

LOAD = "{% load once i18n %}"


def test_a_kept_part_is_written_once_for_each_value_and_language():
    part = Template(LOAD + '{% once name=name %}{% translate "Sign out" %} {{ name }}{% endonce %}')

    first = part.render(Context({"name": "Aiza"}))
    with translation.override("nl"):
        dutch = part.render(Context({"name": "Aiza"}))

    assert first == part.render(Context({"name": "Aiza"})) == "Sign out Aiza"
    assert part.render(Context({"name": "Bram"})) == "Sign out Bram"
    assert dutch != first


def test_a_kept_part_knows_nothing_it_does_not_name():
    part = Template(LOAD + "{% once %}[{{ name }}{{ request }}]{% endonce %}")

    assert part.render(Context({"name": "Aiza", "request": 1})) == "[]"


def test_a_kept_part_trusts_no_markup_that_is_given_to_it():
    part = Template(LOAD + "{% once name=name %}{{ name }}{% endonce %}")

    assert part.render(Context({"name": mark_safe("<b>")})) == "&lt;b&gt;"
    assert part.render(Context({"name": "<b>"})) == "&lt;b&gt;"


class Row(NamedTuple):
    name: str
    on: dt.date
    id: uuid.UUID


def test_a_row_of_words_days_and_ids_is_kept_whole():
    part = Template(LOAD + "{% once row=row %}{{ row.name }} {{ row.on.year }} {{ row.id }}{% endonce %}")
    row = Row("<Aiza>", dt.date(2026, 11, 22), uuid.UUID(int=1))

    expected = f"&lt;Aiza&gt; 2026 {row.id}"
    assert part.render(Context({"row": row})) == part.render(Context({"row": row})) == expected
    assert part.render(Context({"row": row._replace(on=dt.date(2027, 1, 1))})) == expected.replace("26", "27")


@pytest.mark.parametrize("value", [{"a": 1}, ["a"], object(), 3, dt.datetime(2026, 11, 22, tzinfo=dt.UTC)])
def test_what_may_change_cannot_be_kept(value):
    with pytest.raises(TypeError):
        Template(LOAD + "{% once value=value %}{{ value }}{% endonce %}").render(Context({"value": value}))


def test_a_block_that_another_page_fills_cannot_be_kept():
    with pytest.raises(TemplateSyntaxError):
        Template(LOAD + "{% once %}{% block title %}{% endblock %}{% endonce %}")


def test_a_kept_part_ends_somewhere():
    part = Template(LOAD + "{% once n=n %}{{ n }}{% endonce %}")

    assert [part.render(Context({"n": str(n)})) for n in range(500)] == [str(n) for n in range(500)]
