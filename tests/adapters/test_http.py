"""One outgoing call: the three words, bounds, and texts that hold no secret."""

import asyncio
import gzip
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from jack.adapters.http import LONGEST_WAIT, Answer, Interrupted, exchange, failure_of, make_client, retry_after, send
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable

SECRET = "s3cr3t-and-guest-text"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def far_end(handler: Handler) -> AsyncIterator[str]:
    """A bare TCP server, so that a test decides about every byte."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def replying(raw: bytes) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    return handle


async def call(url: str, *, time_limit: float = 5.0, size_limit: int = 1000) -> Answer:
    async with make_client() as client:
        return await send(
            client,
            "POST",
            f"{url}/path?token={SECRET}",
            service="Meta",
            headers={"authorization": f"Bearer {SECRET}"},
            json={"text": SECRET},
            time_limit=time_limit,
            size_limit=size_limit,
        )


async def failure(url: str, *, time_limit: float = 5.0, size_limit: int = 1000) -> OutsideFailure:
    with pytest.raises(OutsideFailure) as caught:
        await call(url, time_limit=time_limit, size_limit=size_limit)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


async def test_an_answer_comes_back_whole_with_any_status() -> None:
    async with far_end(replying(b"HTTP/1.1 418 No\r\nX-Tea: yes\r\ncontent-length: 2\r\n\r\nhi")) as url:
        answer = await call(url)
    assert (answer.status, answer.body, answer.headers["x-tea"], answer.ok) == (418, b"hi", "yes", False)


async def test_nobody_listening_means_certainly_not_sent() -> None:
    async with far_end(replying(b"")) as url:
        pass
    error = await failure(url)
    assert type(error) is ServiceUnavailable
    assert str(error) == "Meta could not be reached: nothing listens at its address"


async def test_an_unknown_host_is_named_as_such() -> None:
    error = await failure("http://nowhere.invalid")
    assert type(error) is ServiceUnavailable
    assert "host name is not known" in str(error)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "", "http://127.0.0.1:99999", "http://\x00"])
async def test_an_address_that_is_none_is_a_matter_of_configuration(url: str) -> None:
    assert isinstance(await failure(url), ServiceDenied)


@pytest.mark.parametrize("token", ["tökén", "line\nbreak", "trailing\n"])
async def test_a_token_that_no_header_can_carry_is_a_matter_of_configuration(token: str) -> None:
    async with far_end(replying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as url, make_client() as client:
        with pytest.raises(ServiceDenied) as caught:
            await send(client, "GET", url, service="Meta", headers={"authorization": token})
    assert token.strip() not in str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",
    ],
)
async def test_a_call_that_breaks_after_sending_may_have_been_carried_out(raw: bytes) -> None:
    async with far_end(replying(raw)) as url:
        assert isinstance(await failure(url), Interrupted)


async def test_silence_after_sending_may_mean_that_it_was_carried_out() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with far_end(silent) as url:
        error = await failure(url, time_limit=0.05)
    assert isinstance(error, Interrupted)


async def test_the_time_limit_spans_an_answer_that_drips() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b".")
            await asyncio.sleep(0.01)

    async with far_end(drip) as url:
        error = await failure(url, time_limit=0.1)
    assert isinstance(error, Interrupted)
    assert "0.1 s" in str(error)


async def test_an_answer_without_end_is_cut_also_when_it_is_packed() -> None:
    packed = gzip.compress(b"0" * 100_000)
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed)
    async with far_end(replying(head + packed)) as url:
        error = await failure(url)
    assert str(error) == "Meta answered with more than 1000 bytes"


async def test_a_time_out_of_the_reader_itself_stays_a_time_out() -> None:
    async with far_end(replying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as url, make_client() as client:
        with pytest.raises(TimeoutError):
            async with exchange(client, "GET", url, service="Meta"):
                raise TimeoutError


async def test_a_redirect_is_not_followed_with_the_token() -> None:
    async with far_end(
        replying(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
    ) as url:
        answer = await call(url)
    assert answer.status == 302
    assert isinstance(failure_of(answer, "Meta"), ServiceDenied)


async def test_cookies_of_one_hotels_calls_do_not_go_out_with_anothers() -> None:
    seen: list[str | None] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("cookie"))
        return httpx.Response(200, headers={"set-cookie": "hotel=harbour; Path=/"})

    async with make_client() as client:
        client._transport = httpx.MockTransport(handle)
        for _ in range(2):
            await send(client, "GET", "https://meta.example/", service="Meta")
    assert seen == [None, None]


async def test_this_machine_is_called_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with far_end(replying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as url:
        assert (await call(url)).ok


async def test_the_library_logs_no_address(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with far_end(replying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as url:
            await call(url)
    assert SECRET not in caplog.text
    assert not [r for r in caplog.records if r.name.startswith(("httpx", "httpcore"))]


DATE = "Sun, 22 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "3"}, timedelta(seconds=3)),
        ({"retry-after": "1.5"}, timedelta(seconds=1.5)),
        ({"retry-after-ms": "250", "retry-after": "3"}, timedelta(milliseconds=250)),
        ({"retry-after-ms": "soon", "retry-after": "3"}, timedelta(seconds=3)),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": "86400"}, LONGEST_WAIT),
        ({"retry-after": "Sun, 22 Nov 2026 10:02:00 GMT", "date": DATE}, timedelta(minutes=2)),
        ({"retry-after": "Sun, 22 Nov 2026 10:02:00 -0000", "date": DATE}, timedelta(minutes=2)),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": DATE}, timedelta(0)),
        ({"retry-after": "Sun, 22 Nov 2126 10:02:00 GMT", "date": DATE}, LONGEST_WAIT),
        ({"retry-after": "Sun, 22 Nov 2026 10:02:00 GMT"}, None),
        ({"retry-after": "Sun, 99 Nov 2026 10:02:00 GMT", "date": DATE}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], expected: timedelta | None) -> None:
    assert retry_after(headers) == expected


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (301, ServiceDenied),
        (400, ServiceRejected),
        (401, ServiceDenied),
        (403, ServiceDenied),
        (404, ServiceRejected),
        (408, ServiceUnavailable),
        (429, ServiceUnavailable),
        (500, ServiceUnavailable),
        (503, ServiceUnavailable),
        (529, ServiceUnavailable),
    ],
)
def test_a_status_code_becomes_one_of_the_three_words(status: int, word: type[OutsideFailure]) -> None:
    failure = failure_of(Answer(status=status, headers={"retry-after": "7"}, body=b""), "Meta")
    assert type(failure) is word
    if isinstance(failure, ServiceUnavailable):
        assert failure.retry_after == timedelta(seconds=7)
