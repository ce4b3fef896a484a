"""No word of Jack's leaves after a take-over returned, met at every moment of a turn; `make torture` plays it
thousands of times."""

import random
from pathlib import Path

import pytest

from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.migrate import upgrade_async
from tests.torture.race import MOMENTS, Race


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind, not yet migrated if it is new."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/jack.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def test_no_word_of_jacks_leaves_after_a_take_over_returned_in_many_races(database_url: str) -> None:
    await upgrade_async(database_url)
    first = open_database(database_url)
    # on SQLite there is one process
    second = first if first.dialect == "sqlite" else open_database(database_url)
    race = Race((first, second), random.Random(5))
    try:
        await race.run(conversations=12, rounds=6)
    finally:
        await first.aclose()
        await second.aclose()
    assert race.take_overs == 72
    assert race.broken == []
    # every moment of a turn was met
    assert min(race.met[moment] for moment in MOMENTS[1:]) >= 3
