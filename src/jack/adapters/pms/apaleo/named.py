"""What hints, guests' numbers and references name: read with as few calls as apaleo allows."""

import re
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from jack.adapters.pms.apaleo.api import RESERVATIONS, ApaleoApi
from jack.adapters.pms.apaleo.notices import BOOKING
from jack.adapters.pms.apaleo.people import SYSTEM
from jack.adapters.pms.apaleo.readings import EXPAND, PATH, Readings, span
from jack.adapters.pms.apaleo.reservations import read_one
from jack.adapters.vendor_api.records import ref_of
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import WholeBooking

_ROOM_OF_BOOKING = re.compile(r"(.+)-[0-9]+")
"""A reservation's number: its booking's, and the place of the room in it."""

_KEY = re.compile(r"\w[\w.~-]{0,199}")
"""What may be a number of apaleo's; nothing else is put into an address."""

MANY = 8
"""So many single stays are looked for in the list of what changed lately first: apaleo takes no list of numbers."""

_LATELY = timedelta(days=1)


class NamedStays:
    """Reads stays by their numbers. Raises the three words."""

    def __init__(self, api: ApaleoApi, readings: Readings) -> None:
        self._api = api
        self._readings = readings

    async def reservation(self, key: str) -> ReservationPage | None:
        """One reservation; None when apaleo does not have it, an empty page when it is no stay in this hotel."""
        if not _KEY.fullmatch(key):
            return None
        return await self._api.one(
            f"{PATH}/{quote(key, safe='')}",
            [EXPAND],
            lambda body: read_one(body, self._readings.now),
            scope=RESERVATIONS,
        )

    async def booking(self, number: str) -> AsyncGenerator[ReservationPage, None]:
        """The stays of a booking, in the hotel's bedrooms; none when there is no such booking."""
        query = [("bookingId", number), ("sort", "id:asc")]
        async for page in self._readings.pages(query, lambda _: True):
            yield page

    async def numbered(self, number: str) -> AsyncGenerator[ReservationPage, None]:
        """What guests may mean by a number: a reservation of that number, else the booking."""
        if booking_of(number) != number:
            page = await self.reservation(number)
            if page is not None:
                yield page
                return
        async for page in self.booking(number):
            yield page

    async def named(self, keys: Sequence[str]) -> AsyncGenerator[ReservationPage, None]:
        """The stays of these keys. Several rooms of one booking are one call, and so are whole bookings; what a booking
        does not show is asked for by its own number before it is called gone.
        """
        whole = tuple(dict.fromkeys(key.removeprefix(BOOKING) for key in keys if key.startswith(BOOKING)))
        singles = dict.fromkeys(key for key in keys if not key.startswith(BOOKING))
        rooms = Counter(map(booking_of, singles))
        for number in dict.fromkeys((*whole, *(number for number, held in rooms.items() if held > 1))):
            refs: list[ExternalRef] = []
            async for page in self._whole(number, refs, is_hinted=number in whole):
                yield page
            for ref in refs:
                singles.pop(ref.key, None)
        if len(singles) >= MANY:
            async for page in self._lately(singles):
                yield page
        for key in singles:
            found = await self.reservation(key)
            gone = ref_of(SYSTEM, key)
            if found is not None:
                yield found
            elif gone is not None:
                yield ReservationPage(gone=(gone,))

    async def _lately(self, keys: dict[str, None]) -> AsyncGenerator[ReservationPage, None]:
        """Those of the keys that changed lately, newest first, and take them out of `keys`.

        Stops when they become rare: a page should save more calls than it costs.
        """
        now = self._readings.now.now
        query = [("dateFilter", "Modification"), *span(now - _LATELY, now + _LATELY), ("sort", "updated:desc")]
        async with aclosing(self._readings.pages(query, lambda stay: stay.ref.key in keys)) as pages:
            async for page in pages:
                bad = tuple(record for record in page.rejected if record.ref is not None and record.ref.key in keys)
                found = {stay.ref.key for stay in page.reservations} | {record.ref.key for record in bad if record.ref}
                if found:
                    yield replace(page, rejected=bad, total=None)
                for key in found:
                    keys.pop(key, None)
                if len(found) < 2 or not keys:
                    break

    async def _whole(
        self, number: str, refs: list[ExternalRef], *, is_hinted: bool
    ) -> AsyncGenerator[ReservationPage, None]:
        """A booking, gathered in `refs`; said to be whole unless a record has no readable reference."""
        is_whole = True
        async for page in self.booking(number):
            refs += [stay.ref for stay in page.reservations]
            refs += [record.ref for record in page.rejected if record.ref is not None]
            is_whole = is_whole and all(record.ref is not None for record in page.rejected)
            yield page
        if is_whole and (refs or is_hinted):
            yield ReservationPage(bookings=(WholeBooking(confirmation_number=number, refs=tuple(refs)),))


def booking_of(key: str) -> str:
    """The number of the booking that a reservation's number begins with; any other number as it is."""
    match = _ROOM_OF_BOOKING.fullmatch(key)
    return match[1] if match else key
