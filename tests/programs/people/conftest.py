import pytest

from tests.factories.programs import (
    ProgramCoordinatorFactory,
)


@pytest.fixture
def held():
    return ProgramCoordinatorFactory()


@pytest.fixture
def program(held):
    return held.program
