"""One outgoing HTTP call, told in the three words, with bounds on time and size and no secret in any text.

Shared by the PMS, channel and model adapters. Nothing here retries: who calls knows whether that is safe.
"""

import asyncio
import logging
import math
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypedDict, Unpack

import httpx
import msgspec

from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable

LONGEST_WAIT = timedelta(hours=1)
"""However long a service asks Jack to wait, it is asked again after this."""

_TIME_LIMIT = 20.0
_CONNECT_LIMIT = 5.0
_HIGHEST_PORT = 65535
_CERTAINLY_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_CANNOT_BE_SENT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


class Interrupted(ServiceUnavailable):
    """The call broke when the request may have reached the service, so it may have been carried out.

    Reads may ignore the difference. Whoever sends something must catch this and call the outcome unclear; a plain
    ServiceUnavailable from this module means that nothing was sent.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole HTTP response: status code, headers (any case), decoded body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status < 300


def make_client(*, max_connections: int = 100, user_agent: str = "jack-butler") -> httpx.AsyncClient:
    """A client to share by all adapters of a process; whoever makes it closes it.

    Keeps no cookies (two hotels may call the same host), follows no redirects (a token must not follow them), and takes
    proxies from the environment except for this machine itself. Silences httpx and httpcore, which log whole URLs
    and, when debugging, headers.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.AsyncClient(
        headers={"user-agent": user_agent},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        # many servers hang up after 5 idle seconds; a request that meets the hang-up would count as Interrupted
        limits=httpx.Limits(max_connections=max_connections, max_keepalive_connections=20, keepalive_expiry=3.0),
        mounts={f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")},
        follow_redirects=False,
    )


class Call(TypedDict, total=False):
    """What a call may carry.

    `params` may be pairs, where names repeat; `json` is encoded by msgspec; `time_limit` (seconds, 20 unless told)
    spans all of the call.
    """

    headers: Mapping[str, str]
    params: Mapping[str, str] | Sequence[tuple[str, str]]
    json: object
    content: bytes
    auth: httpx.Auth
    time_limit: float


@asynccontextmanager
async def exchange(
    client: httpx.AsyncClient, method: str, url: str, *, service: str, **call: Unpack[Call]
) -> AsyncIterator[httpx.Response]:
    """Send one request and hand over the response while its body still streams.

    `service` names the other side in error texts ("WhatsApp"). The time limit spans everything from connecting to the
    end of the `async with` block; connecting gets at most 5 s of it.
    Transport failures, also those while the block reads, are raised as ServiceUnavailable when nothing was sent,
    Interrupted when it may have been, ServiceDenied when address or credentials cannot be put into a request at all.
    Any status code is an answer and raises nothing.
    """
    failure: OutsideFailure | None = None
    time_limit = call.get("time_limit", _TIME_LIMIT)
    limit = asyncio.timeout(time_limit)
    request = _request(client, method, url, service, call)
    try:
        async with limit:
            response = await client.send(request, stream=True, auth=call.get("auth"))
            try:
                yield response
            finally:
                await response.aclose()
    except _CERTAINLY_NOT_SENT as error:
        failure = ServiceUnavailable(f"{service} could not be reached: {_why(error)}")
    except _CANNOT_BE_SENT:
        failure = _unsendable(service)
    except (httpx.RequestError, ssl.SSLError) as error:
        failure = Interrupted(f"the call to {service} broke off: {_why(error)}")
    except TimeoutError:
        if not limit.expired():
            raise
        failure = Interrupted(f"{service} did not answer within {time_limit:g} s")
    if failure is not None:
        raise failure from None  # httpx's errors hold the request with its headers


async def send(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    service: str,
    size_limit: int = 8 * 1024 * 1024,
    **call: Unpack[Call],
) -> Answer:
    """Send one request and read the whole answer, at most `size_limit` bytes of it. Raises as `exchange` does.

    An answer that is too long counts as Interrupted: the request was sent, and nobody read what came of it.
    """
    body = bytearray()
    async with exchange(client, method, url, service=service, **call) as response:
        async for part in response.aiter_bytes():
            body += part
            if len(body) > size_limit:
                raise Interrupted(f"{service} answered with more than {size_limit} bytes")
    return Answer(status=response.status_code, headers=response.headers, body=bytes(body))


def failure_of(answer: Answer, service: str, said: str = "") -> OutsideFailure:
    """The word for an answer that is no success, by its status code alone; adapters that know better say better.

    `said` is what the service said, if the adapter has made sure that it holds no secret and no guest text.
    """
    told = f"{service} answered {answer.status}" + (f": {said}" if said else "")
    match answer.status:
        case 401 | 403 | 407:
            return ServiceDenied(f"{told} (check the credentials and their permissions)")
        case status if 300 <= status < 400:
            return ServiceDenied(f"{told} and points to another address (check its address in jack.toml)")
        case status if status in (408, 425, 429) or status >= 500:
            return ServiceUnavailable(told, retry_after=retry_after(answer.headers))
        case _:
            return ServiceRejected(told)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """What `retry-after-ms` or `Retry-After` (RFC 9110 section 10.2.3) ask for, between zero and LONGEST_WAIT.

    A date is taken against the answer's own `Date`, so that a clock that runs wrong cannot matter; without one, or
    when the text cannot be read, None.
    """
    found = httpx.Headers(headers)
    for name, unit in (("retry-after-ms", timedelta(milliseconds=1)), ("retry-after", timedelta(seconds=1))):
        try:
            number = float(found.get(name, "nan"))
        except ValueError:
            continue
        if math.isfinite(number) and number >= 0:
            return min(number, LONGEST_WAIT / unit) * unit
    then, now = _http_date(found.get("retry-after")), _http_date(found.get("date"))
    if then is None or now is None:
        return None
    return max(timedelta(0), min(then - now, LONGEST_WAIT))


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _request(client: httpx.AsyncClient, method: str, url: str, service: str, call: Call) -> httpx.Request:
    headers = dict(call.get("headers", {}))
    content = call.get("content")
    if "json" in call:
        content = msgspec.json.encode(call["json"])
        headers.setdefault("content-type", "application/json")
    time_limit = call.get("time_limit", _TIME_LIMIT)
    short = min(_CONNECT_LIMIT, time_limit)
    timeout = httpx.Timeout(time_limit, connect=short, pool=short)
    try:
        request = client.build_request(
            method, url, headers=headers, params=_pairs(call), content=content, timeout=timeout
        )
        if (request.url.port or 0) <= _HIGHEST_PORT:
            return request
    except (httpx.InvalidURL, UnicodeError):
        pass
    raise _unsendable(service)


def _pairs(call: Call) -> list[tuple[str, str | int | float | bool | None]] | None:
    params = call.get("params")
    if params is None:
        return None
    return [(name, value) for name, value in (params.items() if isinstance(params, Mapping) else params)]


def _unsendable(service: str) -> ServiceDenied:
    return ServiceDenied(
        f"{service} cannot be called: its address or credentials in jack.toml hold characters that cannot be sent"
    )


def _why(error: BaseException) -> str:
    """What broke, in words of ours: the library's own texts may quote the address or a header."""
    seen: BaseException | None = error
    while seen is not None:
        for kind, words in _ROOTS.items():
            if isinstance(seen, kind):
                return words
        seen = seen.__cause__ or seen.__context__
    return next((words for kind, words in _WORDS.items() if isinstance(error, kind)), "connection lost")


_ROOTS: dict[type[BaseException], str] = {
    socket.gaierror: "its host name is not known",
    ssl.SSLCertVerificationError: "its certificate is not trusted",
    ConnectionRefusedError: "nothing listens at its address",
}
_WORDS: dict[type[BaseException], str] = {
    httpx.PoolTimeout: "too many calls are under way",
    httpx.ConnectTimeout: "it does not accept connections in time",
    httpx.TimeoutException: "it is too slow",
    httpx.ConnectError: "no connection",
    httpx.ProxyError: "the proxy refuses",
    httpx.DecodingError: "its answer is damaged",
}
