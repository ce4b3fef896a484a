"""WhatsApp's webhook: handshake, signature, sizes, and what an answer means."""

import asyncio
from typing import Any

import httpx
import pytest
from litestar import Litestar

from jack.application.ports.jobs import Receive
from jack.entrypoints.web.routes.webhooks import LARGEST_BODY
from tests.entrypoints.web.conftest import House, assert_problem

PATH = "/webhooks/whatsapp"
GOOD = {"x-hub-signature-256": "good", "content-type": "application/json"}


async def test_a_signed_delivery_is_stored_byte_for_byte_and_rung_for(anyone: httpx.AsyncClient, house: House) -> None:
    body = b'{"object": "whatsapp_business_account",\n "entry": [] }\xff'
    response = await anyone.post(PATH, content=body, headers=GOOD)

    assert response.status_code == 200
    assert response.content == b""
    assert [delivery.body for delivery in house.inbox.stored] == [body]
    assert house.inbox.stored[0].channel == "whatsapp"
    assert house.queue.jobs == [Receive()]


@pytest.mark.parametrize("headers", [{}, {"x-hub-signature-256": "bad"}])
async def test_a_wrong_signature_is_refused_and_nothing_is_stored(
    anyone: httpx.AsyncClient, house: House, headers: dict[str, str]
) -> None:
    response = await anyone.post(PATH, content=b"{}", headers=headers)

    assert_problem(response, 401, "wrong-signature")
    assert house.inbox.stored == []
    assert house.queue.rings == []


async def test_what_could_not_be_stored_is_not_acknowledged(anyone: httpx.AsyncClient, house: House) -> None:
    house.inbox.down = True
    response = await anyone.post(PATH, content=b"{}", headers=GOOD)

    assert_problem(response, 503, "unavailable")
    assert int(response.headers["retry-after"]) >= 1
    assert house.queue.rings == []


async def test_without_a_hotel_on_whatsapp_there_is_no_webhook(anyone: httpx.AsyncClient, house: House) -> None:
    house.channels.there = False

    assert_problem(await anyone.post(PATH, content=b"{}", headers=GOOD), 404, "not-found")
    assert_problem(await anyone.get(PATH), 404, "not-found")


async def test_the_handshake_repeats_the_challenge_for_the_verify_token(anyone: httpx.AsyncClient) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "let-me-in"}
    response = await anyone.get(PATH, params=query)

    assert (response.status_code, response.text) == (200, "1158201444")
    assert response.headers["content-type"].startswith("text/plain")


async def test_a_handshake_with_another_token_is_refused(anyone: httpx.AsyncClient) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "guessed"}
    response = await anyone.get(PATH, params=query)

    assert "1158201444" not in response.text
    assert_problem(response, 403, "forbidden")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_are_not_allowed(anyone: httpx.AsyncClient, method: str) -> None:
    assert_problem(await anyone.request(method, PATH), 405, "method-not-allowed")


async def test_the_largest_body_that_meta_sends_is_taken(anyone: httpx.AsyncClient, house: House) -> None:
    body = b"x" * LARGEST_BODY

    assert (await anyone.post(PATH, content=body, headers=GOOD)).status_code == 200
    assert len(house.inbox.stored[0].body) == LARGEST_BODY


class Caller:
    """Speaks ASGI by hand, to say what no honest client says; counts how much was read of it."""

    def __init__(self, app: Litestar, pieces: list[bytes], *headers: tuple[bytes, bytes], leaves: bool = False) -> None:
        self._app, self._pieces, self._headers, self._leaves = app, iter(pieces), headers, leaves
        self.read = 0
        self.sent: list[Any] = []

    async def call(self) -> int | None:
        """The status of the answer, None when there was none."""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "https",
            "path": PATH,
            "raw_path": PATH.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"x-hub-signature-256", b"good"), *self._headers],
            "client": ("127.0.0.1", 1),
            "server": ("jack.test", 443),
        }
        await self._app(scope, self._receive, self._send)  # type: ignore[arg-type]
        return next((message["status"] for message in self.sent if "status" in message), None)

    async def _receive(self) -> Any:
        piece = next(self._pieces, None)
        if piece is None:
            if self._leaves:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": b"", "more_body": False}
        self.read += len(piece)
        return {"type": "http.request", "body": piece, "more_body": True}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


async def test_a_body_that_says_it_is_too_large_is_refused_unread(app: Litestar, house: House) -> None:
    caller = Caller(app, [b"x"] * 10, (b"content-length", str(LARGEST_BODY + 1).encode()))

    assert await caller.call() == 413
    assert caller.read == 0
    assert house.inbox.stored == []


@pytest.mark.parametrize("said", [(), ((b"content-length", b"10"),), ((b"transfer-encoding", b"chunked"),)])
async def test_a_body_that_lies_about_its_size_is_refused_as_soon_as_it_is_too_large(
    app: Litestar, house: House, said: tuple[tuple[bytes, bytes], ...]
) -> None:
    megabyte = b"x" * 1024 * 1024
    caller = Caller(app, [megabyte] * 100, *said)

    assert await caller.call() == 413
    assert caller.read <= LARGEST_BODY + len(megabyte)
    assert house.inbox.stored == []


@pytest.mark.parametrize("size", [b"-1", b"1e3", b"", b"ten", b"9" * 5000])
async def test_a_size_that_is_no_number_is_refused(app: Litestar, size: bytes) -> None:
    assert await Caller(app, [b"{}"], (b"content-length", size)).call() == 413


async def test_a_body_in_pieces_is_put_together(app: Litestar, house: House) -> None:
    assert await Caller(app, [b'{"a":', b"", b"1}"]).call() == 200
    assert house.inbox.stored[0].body == b'{"a":1}'


async def test_a_sender_that_leaves_half_way_leaves_nothing(app: Litestar, house: House) -> None:
    caller = Caller(app, [b'{"a":'], leaves=True)

    assert await caller.call() is None
    assert house.inbox.stored == []


async def test_many_deliveries_at_once_are_all_stored(anyone: httpx.AsyncClient, house: House) -> None:
    bodies = [b'{"n":%d}' % number for number in range(50)]
    answers = await asyncio.gather(*(anyone.post(PATH, content=body, headers=GOOD) for body in bodies))

    assert {answer.status_code for answer in answers} == {200}
    assert sorted(delivery.body for delivery in house.inbox.stored) == sorted(bodies)


async def test_a_cookie_or_token_makes_no_difference(agent: httpx.AsyncClient, house: House) -> None:
    assert_problem(await agent.post(PATH, content=b"{}"), 401, "wrong-signature")
    assert house.inbox.stored == []
