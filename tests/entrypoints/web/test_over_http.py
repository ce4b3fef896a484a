"""What only a real server shows: early refusals on the wire, HEAD, many at once."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.entrypoints.web.conftest import House
from tests.simulators.serving import serve

GOOD = {"x-hub-signature-256": "good"}


@pytest.fixture
async def served(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the house at a real address, with start-up and shutdown as in production."""
    async with serve(house.app(), lifespan=True) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def endless() -> AsyncIterator[bytes]:
    """A body that never says how long it is, and never ends."""
    while True:
        yield b"x" * 65_536


async def test_an_endless_body_is_cut_off_and_the_server_goes_on(served: httpx.AsyncClient, house: House) -> None:
    try:
        response = await served.post("/webhooks/whatsapp", content=endless(), headers=GOOD)
    except httpx.TransportError:
        pass  # the server may hang up while the client still writes
    else:
        assert response.status_code == 413

    assert house.inbox.stored == []
    assert (await served.get("/health/live")).status_code == 200


async def test_an_announced_body_is_refused_before_it_is_sent(served: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection(served.base_url.host, served.base_url.port)
    writer.write(b"POST /webhooks/whatsapp HTTP/1.1\r\nhost: jack\r\ncontent-length: 99999999\r\n\r\n")
    status = await asyncio.wait_for(reader.readline(), timeout=5)
    writer.close()

    assert status.startswith(b"HTTP/1.1 413 ")


async def test_deliveries_at_once_are_all_acknowledged(served: httpx.AsyncClient, house: House) -> None:
    answers = await asyncio.gather(
        *(served.post("/webhooks/whatsapp", content=b"%d" % number, headers=GOOD) for number in range(40))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len(house.inbox.stored) == 40


async def test_a_head_request_has_no_body(served: httpx.AsyncClient) -> None:
    response = await served.head("/")

    assert (response.status_code, response.content) == (200, b"")
