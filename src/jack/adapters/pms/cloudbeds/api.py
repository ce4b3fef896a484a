"""CloudbedsApi: calling the PMS API v1.3 of one property, with its pace, its credentials and on its island."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from urllib.parse import urlencode

import httpx

from jack.adapters.http import Answer, Call, send
from jack.adapters.pms.cloudbeds.access import FORM, ApiKey, Credentials, RefreshGrant, SignInDenied, digest_of
from jack.adapters.pms.cloudbeds.answers import Refused, SingleReader, Unfit, explained
from jack.adapters.pms.cloudbeds.islands import PREFIX, base_of, island_of
from jack.adapters.pms.cloudbeds.payloads import Islands, Single, text
from jack.adapters.vendor_api.caller import PATIENT, Dialect, Patience, VendorApi
from jack.adapters.vendor_api.pace import Pace, Paces
from jack.adapters.vendor_api.tokens import Tokens
from jack.application.errors import ServiceDenied, ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms_notices import PmsMemory

T = TypeVar("T")

SERVICE = "Cloudbeds"

CALLS, PER = 1, timedelta(milliseconds=250)
"""Four calls a second, evenly: Cloudbeds allows five in any second, and calls bunch up on their way."""

ISLAND_AGE = timedelta(hours=1)
"""How long an island that was told is not asked for again."""

SILENCE = timedelta(minutes=5)
"""The same, when no island was told."""

MOST_PAGES = 10_000

SCOPES = {
    "getHotels": "read:hotel",
    "getReservations": "read:reservation",
    "getReservationsWithRateDetails": "read:reservation",
    "getReservation": "read:reservation",
    "getReservationRoomDetails": "read:room",
    "getReservationNotes": "read:reservation",
    "postReservationNote": "write:reservation",
    "getGuest": "read:guest",
    "getGuestList": "read:guest",
    "getGuestsModified": "read:guest",
    "getRooms": "read:room",
    "getHousekeepingStatus": "read:housekeeping",
    "getCustomFields": "read:customFields",
}
"""The permission that each method needs, as Cloudbeds' settings call it."""


class Page(Protocol):
    """What one page of a list must say for the next one to be asked for.

    `keys` name the records that have a name, `count` is how many there were, `total` how many there are in all.
    """

    @property
    def keys(self) -> tuple[str, ...]: ...

    @property
    def count(self) -> int: ...

    @property
    def total(self) -> int | None: ...


P = TypeVar("P", bound=Page)


class CloudbedsApi:
    """Every method raises the three words."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Clock,
        paces: Paces,
        memory: PmsMemory,
        *,
        base_url: str,
        credentials: Credentials,
    ) -> None:
        self._client = client
        self._clock = clock
        self._home = base_of(base_url)
        self._pace: Pace = paces.of(f"cloudbeds:{digest_of(credentials)}", CALLS, PER)
        self._headers: dict[str, str] = {}
        tokens: Tokens | None = None
        if isinstance(credentials, ApiKey):
            self._headers = {"x-api-key": credentials.value}
        else:
            tokens = Tokens(clock, RefreshGrant(credentials, memory, clock, self._buy).fetch)
        self._api = VendorApi(
            client,
            clock,
            service=SERVICE,
            pace=self._pace,
            tokens=tokens,
            dialect=Dialect(explain=explained, handed_over=frozenset({400, 404, 422})),
        )
        self._island: str | None = None
        self._island_until: datetime | None = None
        self._finding = asyncio.Lock()

    async def get(
        self,
        method: str,
        params: Mapping[str, str],
        decode: Callable[[Answer], T],
        *,
        patience: Patience = PATIENT,
    ) -> T:
        """Ask. `decode` raises the three words for answers that are none, msgspec.DecodeError for damaged ones."""
        address = f"{await self._base(patience)}{PREFIX}/{method}"
        try:
            return await self._api.read(
                "GET", address, _of_something(decode), patience=patience, params=params, headers=self._headers
            )
        except ServiceDenied as denied:
            raise naming_permission(denied, method) from None

    async def post(self, method: str, form: Mapping[str, str], decode: Callable[[Answer], T]) -> T:
        """Write, as a form. Raises Interrupted as well, when it may have been written."""
        address = f"{await self._base(PATIENT)}{PREFIX}/{method}"
        try:
            return await self._api.read(
                "POST",
                address,
                _of_something(decode),
                repeatable=False,
                content=urlencode(form).encode(),
                headers=self._headers | FORM,
            )
        except ServiceDenied as denied:
            raise naming_permission(denied, method) from None

    async def pages(
        self, method: str, params: Mapping[str, str], read: Callable[[bytes], P], size: int
    ) -> AsyncGenerator[P, None]:
        """Every page of a list, with the records as the vendor has them when it is asked.

        Pages are cut by number, so a record that comes or goes meanwhile shifts the others. That shows (the total
        changes, a record comes twice), and then everything is read once more.
        """
        for _ in range(2):
            seen: set[str] = set()
            expected: int | None = None
            shifted = False
            had = 0
            for number in range(1, MOST_PAGES):
                asked = {**params, "pageNumber": str(number), "pageSize": str(size)}
                try:
                    page = await self.get(method, asked, lambda answer: read(answer.body))
                except Refused:
                    if number == 1 or expected is not None:
                        raise
                    break  # a list that does not say how long it is may refuse the page behind its end
                new = set(page.keys) - seen
                # where no total says how long the list is, a page that repeats another whole is its end
                shifted |= len(new) < len(page.keys) and (bool(new) or expected is not None)
                shifted |= expected is not None and page.total is not None and page.total != expected
                expected = page.total if page.total is not None else expected
                seen |= new
                had += page.count
                if page.count:
                    yield page
                if not page.count or (page.keys and not new) or (expected is not None and had >= expected):
                    break
            if not shifted:
                return

    async def _base(self, patience: Patience) -> str:
        """The property's island, asked for once for everybody who waits."""
        if self._is_known():
            return self._island or self._home
        async with self._finding:
            if not self._is_known():
                told = await self._told(patience)
                self._island = island_of(told, self._home) if told else None
                self._island_until = self._clock.now() + (ISLAND_AGE if told else SILENCE)
            return self._island or self._home

    def _is_known(self) -> bool:
        return self._island_until is not None and self._clock.now() < self._island_until

    async def _told(self, patience: Patience) -> str:
        try:
            told = await self._api.read(
                "GET",
                f"{self._home}{PREFIX}/oauth/metadata",
                lambda answer: _ISLANDS(answer.body) if answer.ok else Islands(),
                patience=patience,
                headers=self._headers,
            )
        except SignInDenied:
            raise
        except (ServiceDenied, ServiceRejected):  # the calls themselves say it better, if it matters
            return ""
        return text(told.api.url) if told.api is not None else ""

    async def _buy(self, form: bytes) -> Answer:
        await self._pace.turn()
        call = Call(content=form, headers=FORM)
        return await send(self._client, "POST", f"{self._home}{PREFIX}/access_token", service=SERVICE, **call)

    def __repr__(self) -> str:
        """Hide the credentials."""
        return "CloudbedsApi(…)"


_ISLANDS: SingleReader[Islands] = SingleReader(Single[Islands])


def _of_something(decode: Callable[[Answer], T]) -> Callable[[Answer], T]:
    """The same reader for answers that may say that there is nothing like it."""

    def read(answer: Answer) -> T:
        if not answer.ok:
            said = explained(answer)
            told = f"Cloudbeds answered {answer.status}" + (f": {said}" if said else "")
            raise Refused(told) if answer.status == 404 else Unfit(told)
        return decode(answer)

    return read


def naming_permission(denied: ServiceDenied, method: str) -> ServiceDenied:
    """The same refusal with the permission that may be missing, unless the credentials themselves were refused."""
    if isinstance(denied, SignInDenied) or "answered 401" in str(denied):
        return denied
    scope = SCOPES.get(method)
    return ServiceDenied(f"{denied}; {method} needs the permission {scope}") if scope else denied
