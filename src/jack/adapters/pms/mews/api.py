"""MewsApi: calling Mews's operations, page by page and window by window."""

import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import httpx
import msgspec

from jack import __version__
from jack.adapters.http import Answer
from jack.adapters.pms.mews.listing import Listed, Listing
from jack.adapters.pms.mews.payloads import Failure, Record
from jack.adapters.vendor_api.caller import PATIENT, Dialect, Patience, VendorApi
from jack.adapters.vendor_api.pace import Paces
from jack.adapters.vendor_api.records import nothing_in, whole_second_after, wire_instant
from jack.application.errors import ServiceUnavailable
from jack.application.ports.clock import Clock

SERVICE = "Mews"

CALLS, PER = 160, timedelta(seconds=30)
"""Mews allows 200 calls for an access token in any 30 seconds."""

PAGE = 500
MOST = 1000
"""Records of one page, and ids of one filter, at most."""

LONGEST_WINDOW = timedelta(days=84)
"""Mews takes windows of three months; this is shorter than any three."""

SHORTEST_WINDOW = timedelta(minutes=15)

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Fields = Mapping[str, object]

_TOO_HEAVY = frozenset({408, 413})
_LONGEST_MESSAGE = 200


class TooHeavy(Exception):
    """Mews could not answer so much at once: ask for less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MewsAccess:
    """Where Mews is and what it knows Jack by. `enterprise_id` is the hotel, needed with a portfolio's token.

    `page` is how many reservations or customers are asked for at once.
    """

    base_url: str
    client_token: str = field(repr=False)
    access_token: str = field(repr=False)
    enterprise_id: str | None = None
    service_ids: tuple[str, ...] = ()
    task_department_id: str | None = None
    page: int = PAGE


class MewsApi:
    """Calls for one hotel. The tokens travel in the body of every call, so no body may ever be shown."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock, paces: Paces, access: MewsAccess) -> None:
        self.page = access.page
        self._base_url = f"{access.base_url.rstrip('/')}/api/connector/v1/"
        self._tokens = {"ClientToken": access.client_token, "AccessToken": access.access_token}
        digest = hashlib.sha256(access.access_token.encode()).hexdigest()[:16]
        self._api = VendorApi(
            client,
            clock,
            service=SERVICE,
            pace=paces.of(f"mews:{digest}", CALLS, PER),
            dialect=Dialect(explain=self._explain, handed_over=_TOO_HEAVY | {409}),
        )

    def __repr__(self) -> str:
        """Hide the tokens."""
        return "MewsApi(…)"

    async def ask(
        self,
        operation: str,
        fields: Fields,
        decode: Callable[[bytes], T],
        *,
        patience: Patience = PATIENT,
        repeatable: bool = True,
    ) -> T:
        """One call of an operation such as "customers/getAll". Raises the three words, and TooHeavy."""

        def read(answer: Answer) -> T:
            if answer.status in _TOO_HEAVY:
                raise TooHeavy
            if answer.status == 409:  # something changed meanwhile: nothing was done, and asking again may go well
                raise ServiceUnavailable(f"{SERVICE} is changing what was asked for")
            return decode(b"{}" if nothing_in(answer) else answer.body)

        body = {**self._tokens, "Client": f"Jack {__version__}", **fields}
        url = self._base_url + operation
        return await self._api.read("POST", url, read, patience=patience, repeatable=repeatable, json=body)

    async def pages(
        self, operation: str, listing: Listing[R], fields: Fields, *, count: int = MOST, splits: bool = False
    ) -> AsyncGenerator[Listed[R], None]:
        """Every page of a `getAll`, newest records first. What is too heavy is asked for again in halves; a first page
        only where whoever asks cannot split the question otherwise, else it raises TooHeavy.
        """
        cursor: str | None = None
        while True:
            limitation = {"Count": count, "Cursor": cursor}
            try:
                page = await self.ask(operation, {**fields, "Limitation": limitation}, listing.read)
            except TooHeavy:
                if splits and cursor is None:
                    raise
                if count == 1:
                    raise ServiceUnavailable(f"{SERVICE} finds {operation} too heavy to answer") from None
                count = max(1, count // 2)
                continue
            if page.count:
                yield page
            if page.cursor is None or page.count < count:
                return
            cursor = page.cursor

    async def all(self, operation: str, listing: Listing[R], fields: Fields) -> list[R]:
        """Every record that can be read, for lists that fit into memory."""
        found: list[R] = []
        async with aclosing(self.pages(operation, listing, fields)) as pages:
            async for page in pages:
                found += page.records
        return found

    async def through(
        self,
        operation: str,
        listing: Listing[R],
        fields: Fields,
        during: tuple[str, datetime, datetime],
        *,
        step: timedelta,
    ) -> AsyncGenerator[tuple[datetime, Listed[R]], None]:
        """Every page of a `getAll` over `during` (the filter's name, its beginning, its end), window by window, each
        page with the beginning of its window. Windows grow while they are light; once one was too heavy, it is halved
        together with the page, and no window grows any more.
        """
        name, start, end = during
        count = self.page
        grows = True
        while start < end:
            until = min(end, start + step)
            windowed = {**fields, name: interval(start, until)}
            splits = until - start > SHORTEST_WINDOW
            number = 0
            try:
                async with aclosing(self.pages(operation, listing, windowed, count=count, splits=splits)) as pages:
                    async for page in pages:
                        number += 1
                        yield start, page
            except TooHeavy:
                step = max(SHORTEST_WINDOW, whole_seconds((until - start) / 2))
                count = max(1, count // 2)
                grows = False
                continue
            start = until
            if grows and number < 2:
                step = min(LONGEST_WINDOW, step * 2)

    def _explain(self, answer: Answer) -> str:
        """Mews's own message, which is meant for staff; nothing of one that repeats a token."""
        try:
            said = msgspec.json.decode(answer.body, type=Failure)
        except (msgspec.DecodeError, UnicodeError):
            return ""
        message = (said.message or "").rstrip(". ")
        request = f"request {said.request_id}" if said.request_id else ""
        if any(token in message + request for token in self._tokens.values()):
            return ""
        return "; ".join(part for part in (message[:_LONGEST_MESSAGE], request) if part)


def interval(start: datetime, end: datetime) -> dict[str, str]:
    """The instants in [start, end) as Mews's filters take them, in whole seconds and never less than asked for."""
    return {"StartUtc": wire_instant(start), "EndUtc": wire_instant(whole_second_after(end))}


def whole_seconds(span: timedelta) -> timedelta:
    """The span without its part of a second, so that windows meet."""
    return timedelta(seconds=int(span.total_seconds()))
