"""``manage.py check`` refuses a catalogue that contradicts itself, one error per line of a file."""

from typing import Any

from django.core.checks import CheckMessage, Error

from catalogue import retention
from catalogue.files import CatalogueError
from catalogue.loading import load


def check_catalogue(**kwargs: Any) -> list[CheckMessage]:
    try:
        load()
        retention.load()
    except CatalogueError as error:
        return [Error(problem, id="catalogue.E001") for problem in error.problems]
    return []
