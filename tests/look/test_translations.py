from pathlib import Path

import polib
import pytest

from intervision import translations
from intervision.translations import Message


def project(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "templates").mkdir(exist_ok=True)
    return root


def test_messages_come_from_python_and_templates_of_their_room(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "programs/errors.py": (
                "from django.utils.translation import gettext_lazy as _, ngettext as many, pgettext\n"
                "a = _('Taken ' 'twice')\nb = many('%(n)s day', '%(n)s days', 2)\nc = pgettext('verb', 'Book')\n"
            ),
            "templates/desk/page.html": '{% load i18n %}{% translate "Today" %}{% empty _("Nothing") %}',
            "templates/emails/desk/day.txt": '{% load i18n %}{% translate "Your day" %}',
            "templates/base.html": (
                "{% load i18n %}{% blocktranslate count n=x trimmed %}\n One {{ y }}\n{% plural %}\n {{ n }} {{ y }}\n"
                "{% endblocktranslate %}"
            ),
        },
    )

    assert translations.collect(root) == {
        "programs": {
            Message("Taken twice"),
            Message("%(n)s day", "%(n)s days"),
            Message("Book", context="verb"),
        },
        "desk": {Message("Today"), Message("Nothing"), Message("Your day")},
        "intervision": {Message("One %(y)s", "%(n)s %(y)s")},
    }


def test_words_put_together_at_run_time_are_refused_with_their_place(tmp_path: Path) -> None:
    root = project(
        tmp_path, {"desk/a.py": "from django.utils.translation import gettext as _\n\n_(f'{x} days')\n"}
    )

    with pytest.raises(ValueError, match=r"desk/a\.py:3"):
        translations.collect(root)


def test_writing_keeps_what_was_said_and_drops_what_is_gone(tmp_path: Path) -> None:
    root = project(tmp_path, {"desk/a.py": "_('Kept'); _('New')"})
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Kept", msgstr="Gebleven"))
    old.append(polib.POEntry(msgid="Gone", msgstr="Weg"))
    path = translations.po_path(root, "desk")
    path.parent.mkdir(parents=True)
    old.save(str(path))

    missing = translations.write(root, ["desk"])

    assert missing == {"desk": 1}
    assert {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} == {"Kept": "Gebleven", "New": ""}


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, {"desk/a.py": "_('One'); _('Two')"})
    translations.write(root, ["desk"])
    first = translations.po_path(root, "desk").read_bytes()

    translations.write(root, ["desk"])

    assert translations.po_path(root, "desk").read_bytes() == first


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (polib.POEntry(msgid="%(n)s days", msgstr="%(n)s dagen"), ""),
        (polib.POEntry(msgid="%(n)s days", msgstr="dagen"), "other placeholders or tags"),
        (polib.POEntry(msgid="<b>a</b>", msgstr="<i>a</i>"), "other placeholders or tags"),
        (polib.POEntry(msgid="a", msgstr=""), "no Dutch"),
        (polib.POEntry(msgid="a", msgstr="b", flags=["fuzzy"]), "fuzzy or obsolete"),
        (polib.POEntry(msgid="One", msgid_plural="%(n)s", msgstr_plural={0: "Eén", 1: "%(n)s"}), ""),
    ],
)
def test_an_entry_is_complete_or_says_why_not(entry: polib.POEntry, complaint: str) -> None:
    assert translations.complaint_about(entry) == complaint


def test_one_text_has_one_dutch(tmp_path: Path) -> None:
    root = project(tmp_path, {"desk/a.py": "_('Next')", "programs/a.py": "_('Next')"})
    for room, dutch in [("desk", "Volgende"), ("programs", "Verder")]:
        translations.write(root, [room])
        catalog = polib.pofile(str(translations.po_path(root, room)))
        catalog[0].msgstr = dutch
        catalog.save()

    assert translations.problems(root) == ["two translations of 'Next'"]
