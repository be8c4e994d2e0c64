import pytest
from django.template import engines

from tests.template_ids import ids


@pytest.mark.parametrize(
    ("source", "times"),
    [
        ('<p id="a"></p><p id="a"></p>', 2),
        ('{% if x %}<p id="a"></p>{% else %}<p id="a"></p>{% endif %}', 1),
        ('{% for x in y %}<p id="a"></p>{% endfor %}', 2),
        ('{% for x in y %}<p id="a-{{ x }}"></p>{% empty %}<p id="a"></p>{% endfor %}', 1),
        ('{% load ui %}{% card id="a" %}<p id="a"></p>{% endcard %}', 2),
        ('{% block content %}{% if x %}<p id="a"></p>{% endif %}<p id="a"></p>{% endblock %}', 2),
    ],
)
def test_the_worst_case_of_a_template_is_counted(source, times):
    template = engines["django"].from_string(source)

    assert ids(template.template.nodelist)["a"] == times
