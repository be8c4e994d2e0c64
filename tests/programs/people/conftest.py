import datetime as dt

import pytest
import time_machine

from tests.factories.programs import (
    ProgramCoordinatorFactory,
)


@pytest.fixture(autouse=True)
def traveller():
    """Noon: in the hour before midnight UTC the day of the house is not the day of the machine."""
    with time_machine.travel(dt.datetime(2027, 1, 11, 12, tzinfo=dt.UTC)) as found:
        yield found


@pytest.fixture
def held():
    return ProgramCoordinatorFactory()


@pytest.fixture
def program(held):
    return held.program
