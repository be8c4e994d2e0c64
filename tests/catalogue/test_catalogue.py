"""The files of the catalogue agree with each other, and a mistake in one is named with its line."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.utils.translation import override

import catalogue
from catalogue.checks import check_catalogue
from catalogue.files import FOLDER, CatalogueError
from catalogue.loading import load, load_from
from catalogue.texts import Text

KNOWN = catalogue.load()
AVOIDED = [word.stem for word in KNOWN.avoid]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in FOLDER.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first ``old`` and return its line."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(folder: Path) -> list[str]:
    with pytest.raises(CatalogueError) as refused:
        load_from(folder)
    return refused.value.problems


def test_it_holds_every_item_of_the_evidence():
    kinds = Counter(item.measure.kind for item in KNOWN.items.values())

    assert len(KNOWN.items) == 104
    assert kinds == {
        "planned": 35, "recorded": 16, "resident_feedback": 30, "intervisor_feedback": 7,
        "coordinator_declared": 7, "climate_survey": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("format_key", "climate", "preparation", "optimizing", "minimal"),
    [
        ("intervision", 9, 32, 14, 16),
        ("peer_support", 10, 23, 12, 11),
        ("error_coping_workshop", 11, 17, 7, 9),
    ],
)
def test_each_format_has_its_items_per_layer(
    format_key: str, climate: int, preparation: int, optimizing: int, minimal: int
):
    layers = Counter(item.layer for item in KNOWN.items_of(format_key))

    assert layers == {
        "climate": climate, "preparation": preparation, "optimizing": optimizing, "minimal": minimal
    }  # fmt: skip


def test_the_catalogue_in_use_passes_its_own_check():
    assert check_catalogue() == []


def test_a_text_follows_the_active_language_and_can_be_asked_in_one():
    statement = KNOWN.items["prep-interval"].statement

    with override("nl"):
        assert str(statement) == "Kom ongeveer eens per zes weken bij elkaar."
    with override("en-gb"):
        assert str(statement) == "Meet about once every six weeks."
    assert catalogue.text(statement, "nl").startswith("Kom")


def test_a_text_without_a_language_is_english():
    assert Text("yes", "ja").in_language(None) == "yes"


@pytest.mark.parametrize("format_key", sorted(KNOWN.formats))
def test_no_text_a_program_starts_with_holds_a_word_to_avoid_except_to_deny_it(format_key: str):
    own = KNOWN.formats[format_key]
    for text in (own.purpose, own.limits, own.ground_rules, own.label, own.definition):
        for language in ("en", "nl"):
            said = text.in_language(language).lower().replace("not therapy", "").replace("geen therapie", "")
            assert [stem for stem in AVOIDED if stem in said] == []


@pytest.mark.parametrize("format_key", sorted(KNOWN.formats))
def test_the_limits_name_the_exception_and_promise_nothing(format_key: str):
    limits = KNOWN.formats[format_key].limits

    assert "acute danger to yourself or to others" in limits.en
    assert "acuut gevaar voor jezelf of voor anderen" in limits.nl
    assert "we do not promise" in limits.en.lower()
    assert "we beloven niet" in limits.nl.lower()


def test_dutch_never_uses_the_words_that_mean_something_else_in_a_hospital():
    texts = [text for item in KNOWN.items.values() for text in (item.statement, item.why, item.measure.words)]
    texts += [text for item in KNOWN.items.values() if (text := item.next_action)]

    wrong = [
        text.nl for text in texts for word in ("intake", "sessie", " uw ", "de u ") if word in text.nl.lower()
    ]
    assert wrong == []


def test_each_format_knows_its_stages_and_the_fields_it_asks():
    stages = {key: [stage.key for stage in own.stages] for key, own in KNOWN.formats.items()}

    assert stages == {
        "intervision": ["draft", "recruiting", "intakes", "running", "completed"],
        "peer_support": ["draft", "recruiting", "running", "completed"],
        "error_coping_workshop": ["draft", "recruiting", "running", "calls", "completed"],
    }
    asks_year = {key for key, own in KNOWN.formats.items() if "training_year" in own.asks}
    assert asks_year == {"intervision", "peer_support"}
    assert "discipline" in KNOWN.formats["error_coping_workshop"].asks


def test_defaults_come_with_their_source():
    size = KNOWN.formats["intervision"].defaults["group_size"]
    cadence = KNOWN.formats["peer_support"].defaults["interval_weeks"]

    assert (size.number, size.low, size.high, size.status) == (6, 5, 7, "stated")
    assert (cadence.number, cadence.status) == (8, "not_stated")
    with pytest.raises(ValueError, match="no value"):
        _ = KNOWN.formats["error_coping_workshop"].defaults["interval_weeks"].number


def test_the_log_asks_at_most_two_questions():
    asked = {key: [item.key for item in KNOWN.log_questions(key)] for key in KNOWN.formats}

    assert asked == {
        "intervision": ["min-own-translation"],
        "peer_support": ["opt-seniors-go-first", "opt-humour-balance"],
        "error_coping_workshop": [],
    }


def test_a_fact_leads_to_the_items_it_scores():
    assert [item.key for item in KNOWN.items_by_fact("roster_continuity", "intervision")] == [
        "prep-continuity"
    ]
    assert [item.key for item in KNOWN.items_by_fact("training_years_share", "peer_support")] == [
        "prep-mix-years"
    ]
    assert KNOWN.items_by_fact("training_years_share", "intervision") == ()


def test_every_refusal_reaches_the_system_check(monkeypatch: pytest.MonkeyPatch, folder: Path):
    line = change(folder, "checklist.yaml", "fact: evaluator_guides,", "fact: evaluator_ghosts,")
    monkeypatch.setattr("catalogue.loading.FOLDER", folder)
    load.cache_clear()
    try:
        errors = check_catalogue()
    finally:
        load.cache_clear()

    assert [(error.id, error.msg) for error in errors] == [
        ("catalogue.E001", f"checklist.yaml:{line}: prep-guide-independent: unknown fact evaluator_ghosts")
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "bands: [[5, 7, 1], [3, 13, 0.5]]",
            "bands: [[3, 13, 0.5], [5, 7, 1]]",
            r"no value reaches band \[5, 7, 1\]",
        ),
        ("bands: [[5, 7, 1], [3, 13, 0.5]]", "bands: [[7, 5, 1], [3, 13, 0.5]]", "ends before it starts"),
        ("bands: [[5, 7, 1], [3, 13, 0.5]]", "bands: [[5, 7, 1.5], [3, 13, 0.5]]", "outside 0 to 1"),
        ("map: {false: 1, true: 0.5}", "map: {false: 1, true: 5}", "outside 0 to 1"),
        ("map: {false: 1, true: 0.5}", "map: {maybe: 1, true: 0.5}", "is never maybe"),
        ("- id: prep-guide-human", "- id: prep-guide-independent", "is here twice"),
        ("factor: intervisor_choice", "factor: weather", "no factor weather in layer preparation"),
        (
            "kind: planned, fact: evaluator_guides",
            "kind: recorded, fact: evaluator_guides",
            "is planned, the measure",
        ),
        ("{paper: jorissen2024, section", "{paper: nobody1999, section", "unknown paper nobody1999"),
        ("  critical: hard\n", "  critical: total\n", "unknown critical total"),
        ("weight: 3\n", "weight: 9\n", "weight 9"),
        (
            "applies_to: [intervision, peer_support]\n",
            "applies_to: [intervision, chess]\n",
            "unknown format chess",
        ),
        ("ask: first,", "ask: someday,", "unknown window someday"),
        (
            "from: hierarchy, to: group_dynamics",
            "from: gravity, to: group_dynamics",
            "unknown factor gravity",
        ),
    ],
)
def test_a_mistake_in_the_checklist_is_refused_with_its_line(folder: Path, old: str, new: str, words: str):
    change(folder, "checklist.yaml", old, new)

    with pytest.raises(CatalogueError, match=rf"checklist\.yaml:\d+: .*{words}"):
        load_from(folder)


BANDS = "bands: [[5, 7, 1], [3, 13, 0.5]]"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        # a score, a band or a map that is none
        (BANDS, "bands: [[5, 7, '1'], [3, 13, 0.5]]", "holds what is no number"),
        (BANDS, "bands: [[5, 7, .nan], [3, 13, 0.5]]", "holds what is no number"),
        (BANDS, "bands: [[5, .inf, 1], [3, 13, 0.5]]", "holds what is no number"),
        (BANDS, "bands: [[5, 7, true], [3, 13, 0.5]]", "holds what is no number"),
        (BANDS, "bands: [[5, 7], [3, 13, 0.5]]", "is not from, to and score"),
        (BANDS, "bands: {a: 1}", "bands is no list"),
        ("map: {false: 1, true: 0.5}", "map: {false: 1, true: x}", "scores x, which is no number"),
        ("map: {false: 1, true: 0.5}", "map: [1]", "map is no mapping"),
        # a band or a value that never comes, and one that has no score
        (BANDS, "bands: [[null, -1, 1], [3, 13, 0.5]]", r"no value reaches band \[None, -1, 1\]"),
        (BANDS, "bands: [[6000, 7000, 1], [3, 13, 0.5]]", r"no value reaches band \[6000, 7000, 1\]"),
        ("bands: [[2, null, 1]]", "bands: [[2.2, 2.8, 1]]", r"no value reaches band \[2.2, 2.8, 1\]"),
        ("map: {false: 1, true: 0.5}", "map: {false: 1}", "degree_required has no score for True"),
        (
            "intake_held_share, equals: 0}",
            "intake_held_share, equals: maybe}",
            "intake_held_share is never maybe",
        ),
        ("intake_held_share, equals: 0}", "intake_held_share}", "equals is missing"),
        ("by_format: {peer_support: {bands: [[3", "by_format: {chess: {bands: [[3", "a rule for chess"),
        # limits of a format
        ("{default: 6, min: 5, max: 7", "{default: 6, min: 9, max: 7", "group_size: min 9 is above max 7"),
        ("{default: 6, min: 5, max: 7", "{default: 12, min: 5, max: 7", "default 12 is outside 5 to 7"),
        ("{default: 6, min: 5, max: 7", "{default: six, min: 5, max: 7", "are not all numbers"),
        # numbers of the rules
        (
            "min_n: {resident_feedback: 5",
            "min_n: {resident_feedback: 3",
            "min_n of resident_feedback is 3, not 4",
        ),
        ("min_n: {resident_feedback: 5", "min_n: {resident_feedback: five", "is five, not 4"),
        ("min_sessions_held: 2", "min_sessions_held: 0", "min_sessions_held is 0"),
        ("weight: 3\n", "weight: true\n", "weight is no whole number"),
        ("weight: 3\n", "weight: [3]\n", "weight is no whole number"),
        # names
        ("round: half_up", "round: sideways", "unknown rounding sideways"),
        (
            "respondents: [residents, intervisors, staff]",
            "respondents: [patients]",
            "nobody is asked as patients",
        ),
        ("scale: 1-5", "scale: 1-7", "scale 1-7 is not 1-5"),
        ('answers: ["yes", "partly", "no"]', 'answers: ["yes", "no"]', "are not yes, partly, no"),
        ("\n  tier: extended", "\n  tier: secret", "unknown tier secret"),
        ("\n  anchor: true", "\n  anchor: maybe", "anchor is no true or false"),
        ("unit: weeks,", "unit: fortnights,", "unknown unit fortnights"),
        ("values: [voluntary, mandatory]", "values: []", "no values to choose from"),
        ("themes: [recovery_and_recharge,", "themes: [other, recovery_and_recharge,", "other is here twice"),
        (
            "layer: [preparation, minimal, optimizing, climate]",
            "layer: [preparation, minimal, climate]",
            "optimizing",
        ),
        ("schema_version: 1", "schema_version: 2", "schema 2 is not 1"),
        # shapes
        ("- id: prep-guide-human\n", "- id: [a]\n", "id is no text"),
        ("statement: Pick someone who is warm, empathic and honest.", "statement: ' '", "statement is empty"),
        (
            "  audience: {said_by: residents, strength: residents_only}",
            "  audience: all",
            "audience is no mapping",
        ),
        ("- {id: intervisor_choice", "- {ident: intervisor_choice", "id is missing"),
        ("degree_required: {type: bool", "degree_required: [bool]\n  other: {type: bool", "is no mapping"),
    ],
)
def test_what_nobody_can_score_is_refused_with_its_line(folder: Path, old: str, new: str, words: str):
    change(folder, "checklist.yaml", old, new)

    with pytest.raises(CatalogueError, match=rf"checklist\.yaml:\d+: .*{words}"):
        load_from(folder)


def test_a_missing_field_is_refused_before_anything_else_is_read(folder: Path):
    change(folder, "checklist.yaml", "  basis: finding\n", "")

    assert [problem.split(": ", 1)[1] for problem in refusal(folder)] == [
        "prep-guide-independent: basis is missing"
    ]


def test_a_missing_dutch_text_is_refused(folder: Path):
    change(folder, "nl.yaml", "    statement: Zet iets te eten op tafel.\n", "")

    problems = refusal(folder)

    assert len(problems) == 1
    assert problems[0].endswith("no Dutch for items.prep-refreshments.statement")


def test_dutch_for_something_that_is_gone_is_refused(folder: Path):
    change(
        folder,
        "nl.yaml",
        "  prep-refreshments:\n",
        "  prep-balloons:\n    statement: Hang ballonnen op.\n  prep-refreshments:\n",
    )

    line = (folder / "nl.yaml").read_text().split("Hang ballonnen")[0].count("\n") + 1
    assert refusal(folder) == [f"nl.yaml:{line}: Dutch without English: items.prep-balloons.statement"]


def test_a_planned_item_without_a_next_action_is_refused(folder: Path):
    change(folder, "actions.yaml", "  prep-onsite:", "  prep-offsite:")

    assert [problem.split(": ", 1)[1] for problem in refusal(folder)] == [
        "no next action for prep-onsite",
        "next action of an unknown item: prep-offsite",
    ]


def test_a_key_said_twice_is_refused(folder: Path):
    line = change(folder, "words.yaml", "  planned: {en", "  planned: {en: Again, nl: Weer}\n  planned: {en")

    assert refusal(folder) == [f"words.yaml:{line + 1}: key planned is here twice"]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "words.yaml",
            "  other: {en: Something else, nl: Iets anders}",
            "  other: {en: Something else}",
            "no nl for theme",
        ),
        ("words.yaml", "  climate: {en: Climate", "  weather: {en: Climate", "no word for layer climate"),
        (
            "formats.yaml",
            "stages: [draft, recruiting, intakes,",
            "stages: [draft, hiring, intakes,",
            "unknown stage hiring",
        ),
        ("formats.yaml", "  peer_support:", "  peer_pressure:", "is in one file only"),
        ("actions.yaml", "next_action:", "next_action: [", "while parsing"),
        ("words.yaml", "layer:", "- layer:", "words.yaml:"),
        ("words.yaml", "  not_met: {en: Not met, nl: Niet in orde}\n", "", "no word for status not_met"),
        ("words.yaml", "band:\n", "band: 3\nothers:\n", "band is no mapping"),
        ("words.yaml", "  met: {en: Met, nl", "  met: {en: 3, nl", "no en for status.met"),
        ("words.yaml", "- {word: resilience, ", "- {wort: resilience, ", "word is missing"),
        (
            "formats.yaml",
            "stages: [draft, recruiting, intakes,",
            "stages: [[draft], intakes,",
            "unknown stage",
        ),
        ("formats.yaml", "formats:\n", "shapes:\n", "formats is missing"),
        ("actions.yaml", "next_action:", "next_actions:", "next_action is missing"),
    ],
)
def test_a_mistake_in_our_own_files_is_refused(folder: Path, file: str, old: str, new: str, words: str):
    change(folder, file, old, new)

    assert any(words in problem for problem in refusal(folder))
