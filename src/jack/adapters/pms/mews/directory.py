"""Directory: reads and finds guests."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from datetime import datetime, timedelta

from jack.adapters.pms.mews.api import PAGE, Fields, MewsApi
from jack.adapters.pms.mews.extras import ACTIVE
from jack.adapters.pms.mews.guests import Around
from jack.adapters.pms.mews.library import BOTH, Library, in_parts
from jack.adapters.pms.mews.listing import CUSTOMERS
from jack.adapters.pms.mews.payloads import Customer, is_so
from jack.adapters.pms.mews.people import CUSTOMERS_ONLY, People
from jack.adapters.pms.mews.reference import House
from jack.adapters.pms.mews.stays import Stays
from jack.application.errors import ServiceRejected
from jack.application.ports.pms import SearchBy
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import GuestSnapshot
from jack.domain.spelling import folded

MOST_GUESTS = 50
MOST_LOOKED_AT = 3000
MOST_WORDS = 12
"""Words of a name that are asked for."""

CUSTOMERS_GET = "customers/getAll"


class Directory:
    """Reads customers as guests."""

    def __init__(self, api: MewsApi, library: Library, people: People, stays: Stays) -> None:
        self._api = api
        self._library = library
        self._people = people
        self._stays = stays

    async def by_id(self, key: str) -> GuestSnapshot | None:
        """That guest, or whom they were merged into; None for one whom Mews deleted or does not know.

        Raises ServiceRejected for one who cannot be read.
        """
        house = (await self._library.reference()).house
        around = await self._people.known(house, [key])
        if key in around.broken:
            raise ServiceRejected(around.broken[key])
        person = around.people.get(key)
        return person.snapshot if person is not None and person.is_active else None

    async def changed(self, since: datetime, until: datetime) -> AsyncGenerator[ReservationPage, None]:
        """The guests who changed in [since, until), both whole seconds, of the whole chain if the hotel has one."""
        house = (await self._library.reference()).house
        fields = self._library.in_chain(house, {"ActivityStates": BOTH, "Extent": CUSTOMERS_ONLY})
        during = ("UpdatedUtc", since, until)
        reading = self._api.through(CUSTOMERS_GET, CUSTOMERS, fields, during, step=timedelta(days=1))
        async with aclosing(reading) as pages:
            async for _, listed in pages:
                around = await self._people.told(house, listed.records, listed.rejected)
                async with aclosing(self._told(around)) as told:
                    async for page in told:
                        yield page

    async def named(self, keys: Iterable[str]) -> AsyncGenerator[ReservationPage, None]:
        """The guests with these ids."""
        house = (await self._library.reference()).house
        for part in in_parts(keys, PAGE):
            try:
                around = await self._people.known(house, part)
            except ServiceRejected:
                if len(part) == 1:
                    continue
                for key in part:  # an id that is none must not hide the others
                    async with aclosing(self.named([key])) as pages:
                        async for page in pages:
                            yield page
                continue
            async with aclosing(self._told(around)) as told:
                async for page in told:
                    yield page

    async def _told(self, around: Around) -> AsyncGenerator[ReservationPage, None]:
        """The guests; before them the stays of those who were merged, which belong to somebody else now.

        It is not documented whether a merge changes the reservations.
        """
        joined = [key for key, person in around.people.items() if person.snapshot.ref.key != key]
        if joined:
            async with aclosing(self._stays.belonging_to(joined)) as pages:
                async for page in pages:
                    yield page
        yield _page(around)

    async def search(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        """The guests whom that fits, best first.

        It is not documented whether Mews's filters compare whole names and how they combine, so whatever it brings is
        looked at again here.
        """
        if by is SearchBy.PHONE:
            raise ServiceRejected("Mews cannot search guests by phone number")
        house = (await self._library.reference()).house
        found: dict[str, tuple[int, Customer]] = {}
        for question in questions(by, text):
            for customer in await self._fitting(house, question):
                rank = fits(by, customer, text)
                if rank is not None:
                    found.setdefault(customer.id, (rank, customer))
            if found:
                break
        best = sorted(found.values(), key=lambda pair: (pair[0], pair[1].last_name or "", pair[1].first_name or ""))
        around = await self._people.told(house, [customer for _, customer in best[:MOST_GUESTS]])
        guests = (around.people.get(customer.id) for _, customer in best[:MOST_GUESTS])
        return tuple(
            {p.snapshot.ref: p.snapshot for p in guests if p is not None and p.is_guest and p.is_active}.values()
        )

    async def _fitting(self, house: House, question: Fields) -> list[Customer]:
        """What Mews finds, some pages of it at most."""
        fields = self._library.in_chain(house, {**question, "ActivityStates": ACTIVE, "Extent": CUSTOMERS_ONLY})
        found: list[Customer] = []
        async with aclosing(self._api.pages(CUSTOMERS_GET, CUSTOMERS, fields)) as pages:
            async for listed in pages:
                found += listed.records
                if len(found) >= MOST_LOOKED_AT:
                    break
        return found


def questions(by: SearchBy, text: str) -> list[dict[str, list[str]]]:
    """What to ask Mews, one question after the other until one brings somebody."""
    words = text.replace(",", " ").split() if by is SearchBy.NAME else text.split()
    words = words[:MOST_WORDS]
    if not words:
        return []
    if by is SearchBy.EMAIL:
        return [{"Emails": _spellings([text.strip()])}]
    if len(words) == 1:
        return [{"LastNames": _spellings(words)}, {"FirstNames": _spellings(words)}]
    endings = _spellings(" ".join(words[place:]) for place in range(1, len(words)))
    beginnings = _spellings(" ".join(words[:place]) for place in range(1, len(words)))
    return [
        {"FirstNames": beginnings, "LastNames": endings},
        {"FirstNames": endings, "LastNames": beginnings},
        {"LastNames": [*_spellings([" ".join(words)]), *endings]},
    ]


def _spellings(texts: Iterable[str]) -> list[str]:
    """Each text as it is and as it may stand at Mews, whose filters may tell large letters from small ones."""
    return list(dict.fromkeys(form for text in texts for form in (text, text.title(), text.lower())))


def fits(by: SearchBy, customer: Customer, text: str) -> int | None:
    """How well a customer fits: 0 wholly, 1 by the beginnings of the words of the name, None not at all."""
    wanted = folded(text.replace(",", " ") if by is SearchBy.NAME else text)
    if by is SearchBy.EMAIL:
        is_own = not is_so(customer.has_ota_email)
        return 0 if is_own and wanted and wanted == folded(customer.email or "") else None
    last = folded(customer.last_name or "")
    name = folded(f"{customer.first_name or ''} {customer.last_name or ''}")
    if wanted in (last, name):
        return 0
    return 1 if all(any(part.startswith(word) for part in name.split()) for word in wanted.split()) else None


def _page(around: Around) -> ReservationPage:
    guests = {person.snapshot.ref: person.snapshot for person in around.people.values()}
    told = (*guests.values(), *around.merged)
    return ReservationPage(guests=told, rejected=around.rejected, unknown=around.unknown)
