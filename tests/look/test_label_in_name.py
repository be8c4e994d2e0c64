import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMED = re.compile(r'<(a|button)\b(?:[^<]*?)aria-label="(?P<label>.*?)"[^<]*?>(?P<shown>.*?)</\1>', re.DOTALL)
WORDS = re.compile(r"""{% translate ["'](.+?)["'] %}""")


def test_whoever_speaks_the_words_on_a_button_or_link_reaches_it():
    missed = [
        f"{page.relative_to(TEMPLATES)}: “{words}” is not in “{named['label']}”"
        for page in TEMPLATES.rglob("*.html")
        for named in NAMED.finditer(page.read_text())
        for words in WORDS.findall(named["shown"])
        if words.lower() not in named["label"].lower()
    ]

    assert not missed
