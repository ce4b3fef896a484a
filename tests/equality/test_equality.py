"""Whatever the PMS and Jack went through, after one run of changes and one full run Jack's copy equals the PMS."""

import asyncio
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import make_url

from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.migrate import upgrade
from jack.adapters.persistence.tables import metadata
from tests.equality.machine import Histories

QUIETLY = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def play(open_one: Callable[[], Database], examples: int, steps: int) -> None:
    machine = type("Histories", (Histories,), {"open_database": staticmethod(open_one)})
    run_state_machine_as_test(machine, settings=settings(QUIETLY, max_examples=examples, stateful_step_count=steps))


def test_any_history_ends_with_a_copy_that_equals_the_pms(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    upgrade(f"sqlite+aiosqlite:///{template}")

    def fresh() -> Database:
        path = tmp_path / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(template, path)
        return open_database(f"sqlite+aiosqlite:///{path}")

    play(fresh, examples=60, steps=30)


def test_any_history_ends_with_a_copy_that_equals_the_pms_in_postgresql(postgres_url: str) -> None:
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    emptying = "".join(f"DELETE FROM {table.name};" for table in reversed(metadata.sorted_tables))

    async def empty() -> None:
        connection = await asyncpg.connect(address)
        await connection.execute(emptying)
        await connection.close()

    def fresh() -> Database:
        asyncio.run(empty())
        return open_database(postgres_url)

    play(fresh, examples=8, steps=20)
