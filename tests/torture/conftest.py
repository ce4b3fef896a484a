"""Two houses for the tests of single moments; the storms have houses of their own."""

import random
from collections.abc import AsyncIterator

import pytest

from tests.torture.crowd import Crowd
from tests.torture.desk import Desk
from tests.torture.house import House, embedded, spread


@pytest.fixture(scope="package")
async def one_process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """`jack serve` alone, whose guests wait no longer than three seconds for a model that is down."""
    async with embedded(tmp_path_factory.mktemp("embedded"), 'patience = "3s"\n') as house:
        yield house


@pytest.fixture(scope="package")
async def many_processes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """`jack serve` and two `jack worker`, with a PostgreSQL and a Redis that may be killed."""
    async with spread(tmp_path_factory.mktemp("spread")) as house:
        yield house


@pytest.fixture(params=["one_process", "many_processes"])
def house(request: pytest.FixtureRequest) -> House:
    """Each of the houses."""
    found: House = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="package")
def crowds() -> dict[str, Crowd]:
    """The guests of each house, so that no two tests ask about the same."""
    return {}


@pytest.fixture
def crowd(house: House, crowds: dict[str, Crowd]) -> Crowd:
    """The guests of the house."""
    return crowds.setdefault(house.name, Crowd(house, random.Random(1), []))


@pytest.fixture
async def desk(house: House) -> AsyncIterator[Desk]:
    """Ann."""
    desk = Desk(house, random.Random(1))
    yield desk
    await desk.leave()
