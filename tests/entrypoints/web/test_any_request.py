"""No request, sensible or not, leads to a fault or to an answer that the OpenAPI document does not know."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, not_a_server_error

from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.entrypoints.web.app import openapi_document
from tests import hotel as the
from tests.entrypoints.web.conftest import REQUEST, RUN, House
from tests.simulators.serving import serve

SCHEMA = schemathesis.openapi.from_dict(openapi_document())
CONFORMING: list[Any] = [
    not_a_server_error,
    *(CHECKS.get_one(f"{what}_conformance") for what in ("status_code", "content_type", "response_schema")),
]
THERE = {
    "conversation_id": the.a_conversation().id,
    "guest_id": the.a_guest().id,
    "reservation_id": the.a_stay().id,
    "message_id": the.a_reply().id,
    "request_id": REQUEST,
    "hotel_id": the.HARBOUR,
    "run_id": RUN,
}


@contextmanager
def served(file: Path) -> Iterator[str]:
    """The house at a real address, in a loop and thread of its own: schemathesis waits for its answers."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    database = open_database(f"sqlite+aiosqlite:///{file}")

    async def app_of_house() -> object:
        return House(database=database, begin=BeginSqlUnitOfWork(database)).app()

    app = asyncio.run_coroutine_threadsafe(app_of_house(), loop).result()
    server = serve(app)
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
        asyncio.run_coroutine_threadsafe(database.aclose(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def address(migrated_file: Path) -> Iterator[str]:
    """Where the house is."""
    with tempfile.TemporaryDirectory() as folder:
        for end in ("", "-wal"):
            source = migrated_file.with_name(migrated_file.name + end)
            if source.exists():
                shutil.copyfile(source, Path(folder) / f"jack.db{end}")
        with served(Path(folder) / "jack.db") as url:
            yield url


@SCHEMA.parametrize()
@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_any_request_is_answered_as_the_document_says(case: schemathesis.Case[Any], address: str) -> None:
    for name in case.path_parameters:
        if len(str(case.path_parameters[name])) % 3:  # most things that are asked for exist
            case.path_parameters[name] = THERE.get(name, "x")

    response = case.call(base_url=address, headers={"authorization": "Bearer token-of-agent"})

    case.validate_response(response, checks=CONFORMING)
