"""Observe: around everything else: the request's id, security headers, one log line and the metrics."""

import logging
import re
import secrets
from collections.abc import Iterable
from time import perf_counter

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from jack.entrypoints.logs import correlation_id
from jack.entrypoints.web.metrics import RequestMetrics
from jack.entrypoints.web.sizes import announces_more

log = logging.getLogger("jack.http")

REQUEST_ID = b"x-request-id"
_GOOD_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
SHORT = 64 * 1024
"""Bytes of a refused body that are not worth a connection."""

GONE = 499
"""The status of requests whose sender went away without an answer."""

UNMATCHED = "unmatched"
"""The route of requests that met none."""

QUIET = ("/webhooks/", "/health/", "/metrics")
"""Routes whose successes are logged at DEBUG only: they come by the thousand, and the metrics count them."""

PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    b"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""For pages: everything from this host, nothing inline, no frames around it."""

DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"
"""For everything that is no page."""


class Observe:
    """The outermost layer. Logs neither bodies, queries, cookies nor concrete paths: only the route's template."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics, *, is_https: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._headers: list[tuple[bytes, bytes]] = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]
        if is_https:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and account for it."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = GONE
        request_id = _request_id(scope["headers"])
        correlation = correlation_id.set(request_id.decode())

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = self._completed(message, request_id)
                if status >= 400 and _may_still_be_sending(scope["headers"]):
                    headers.append((b"connection", b"close"))
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            seconds = perf_counter() - began
            route = scope.get("path_template") or UNMATCHED
            self._metrics.count(scope["method"], route, status, seconds)
            level = logging.DEBUG if status < 400 and route.startswith(QUIET) else logging.INFO
            if log.isEnabledFor(level):
                log.log(
                    level,
                    "http.request",
                    extra={
                        "method": scope["method"],
                        "route": route,
                        "status": status,
                        "ms": round(seconds * 1000, 1),
                    },
                )
            correlation_id.reset(correlation)

    def _completed(self, message: HTTPResponseStartEvent, request_id: bytes) -> list[tuple[bytes, bytes]]:
        headers = list(message["headers"])
        is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
        own = {name for name, _ in headers}
        headers += [header for header in self._headers if header[0] not in own]
        headers.append((b"content-security-policy", PAGE_POLICY if is_page else DATA_POLICY))
        headers.append((REQUEST_ID, request_id))
        if not any(name == b"cache-control" for name, _ in headers):
            headers.append((b"cache-control", b"no-store"))
        return headers


def _may_still_be_sending(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """True when a refused body may be long: the server would otherwise read all of it only to throw it away."""
    for name, value in headers:
        if name == b"transfer-encoding":
            return True
        if name == b"content-length":
            return announces_more(value, SHORT)
    return False


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The caller's id of this request when it is harmless, else a new one."""
    for name, value in headers:
        if name == REQUEST_ID and _GOOD_ID.fullmatch(value):
            return value
    return secrets.token_hex(8).encode()
