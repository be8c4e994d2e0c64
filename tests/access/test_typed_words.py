"""Whatever can be typed is either sealed, and then among the canaries, or known to be about planning or signing in."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from django import forms
from django.apps import apps
from django.conf import settings

from tests.access.test_canaries import TYPED
from vault.forms import SealedTextForm

#: Room -> what is typed there without being sealed, by form. Names, places and reasons of planning; keys and codes.
OPEN_WORDS = {
    "accounts": {
        "AddAppForm": {"code"},
        "AddPasskeyForm": {"credential", "name"},
        "AskForm": {"next"},
        "ChoosePasswordForm": {"password"},
        "ClosedDayForm": {"label"},
        "DepartmentForm": {"name", "specialty"},
        "HelpContactForm": {"label_en", "label_nl", "phone", "hours_en", "hours_nl"},
        "InstitutionForm": {"name", "seen"},
        "InviteForm": {"name"},
        "MeForm": {"name"},
        "PasskeyForm": {"credential"},
        "RenamePasskeyForm": {"name"},
        "SecondStepForm": {"code"},
        "SecondStepPasskeyForm": {"credential"},
        "ShowsPasskey": {"credential"},
        "StillYouForm": {"code"},
        "StillYouPasskeyForm": {"credential"},
    },
    "checklist": {"ReasonForm": {"reason"}},
    "concerns": {"FollowForm": {"code"}, "ReportForm": {"once"}},
    "desk": {"OpenedForm": {"person"}, "PeriodsForm": {"seen"}},
    "planning": {"GroupForm": {"name", "places_reason", "seen"}, "SeriesForm": {"outside_reference"}},
    "programs": {
        "AddForm": {"name"},
        "AddGuideForm": {"name"},
        "FrameForm": {"title", "description", "mandatory_reason"},
        "InterestForm": {"name"},
        "ListForm": {"pasted"},
        "MoveForm": {"note"},
        "NewcomerForm": {"name"},
        "RelationForm": {"name"},
        "RoomForm": {"name", "site"},
        "RuleForm": {"name"},
        "RulesForm": {"text_en", "text_nl"},
        "StartForm": {"note"},
        "TextForm": {"purpose_en", "limits_en", "purpose_nl", "limits_nl", "seen"},
        "TrainingForm": {"trainer"},
    },
    "sessions": {"RoomForm": {"outside_reference"}},
}

#: Forms with fields for words that are made for each condition, column or department: reasons, people, addresses.
MADE_WORDS = {
    "checklist.AnswersForm",
    "checklist.ReasonsForm",
    "programs.PersonForm",
    "programs.StartForm",
    "surveys.ClimateForm",
}


def rooms() -> list[str]:
    return [config.name for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]


def forms_of_ours() -> Iterator[type[forms.BaseForm]]:
    """Every form of every room."""
    for room in rooms():
        for module in pkgutil.walk_packages([str(settings.BASE_DIR / room)], f"{room}."):
            if ".forms" in module.name:
                importlib.import_module(module.name)
    yield from (form for form in below(forms.BaseForm) if form.__module__.split(".")[0] in rooms())


def below(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for child in form.__subclasses__():
        yield child
        yield from below(child)


#: Of these nobody can make a text.
NO_WORDS = (forms.EmailField, forms.URLField, forms.UUIDField)


def typed_in(form: type[forms.BaseForm]) -> set[str]:
    """The fields that take any words, not a choice, number, day or address."""
    fields = form.base_fields.items()
    return {
        name
        for name, field in fields
        if isinstance(field, forms.CharField) and not isinstance(field, NO_WORDS)
    }


def makes_words(form: type[forms.BaseForm]) -> bool:
    """Whether a method of ``form`` names a field for words: one that is there only once the form is built."""
    (drawn,) = ast.parse(dedent(inspect.getsource(form))).body
    methods = [part for part in drawn.body if isinstance(part, ast.FunctionDef)]
    return any(name_of(part) == "CharField" for method in methods for part in ast.walk(method))


def name_of(part: ast.AST) -> str:
    return getattr(part, "attr", "") or getattr(part, "id", "")


def test_every_form_that_makes_fields_for_words_is_known() -> None:
    found = {
        f"{form.__module__.split('.')[0]}.{form.__name__}" for form in forms_of_ours() if makes_words(form)
    }

    assert found == MADE_WORDS


def test_every_field_that_takes_words_is_sealed_or_known_to_be_open() -> None:
    found: dict[str, dict[str, set[str]]] = {}
    for form in forms_of_ours():
        if typed_in(form) and not issubclass(form, SealedTextForm):
            found.setdefault(form.__module__.split(".")[0], {})[form.__name__] = typed_in(form)

    assert found == OPEN_WORDS


def test_every_sealed_field_is_among_the_canaries() -> None:
    sealed = {name for form in forms_of_ours() if issubclass(form, SealedTextForm) for name in typed_in(form)}

    assert sealed == TYPED
