"""The property itself: its name, its time zone, and what must be known to read its bookings."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jack.adapters.http import Answer
from jack.adapters.pms.cloudbeds.answers import ListReader
from jack.adapters.pms.cloudbeds.api import CloudbedsApi
from jack.adapters.pms.cloudbeds.bookings import Reference
from jack.adapters.pms.cloudbeds.fields import CLOSED, NO_FIELDS, FieldBook, read_field_book
from jack.adapters.pms.cloudbeds.pages import read_numbers
from jack.adapters.pms.cloudbeds.payloads import FieldDefinition, Listed, Property, text
from jack.adapters.vendor_api.caller import PATIENT, Patience
from jack.application.errors import ServiceDenied, ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms import PmsHotel

PROPERTY_AGE = timedelta(minutes=30)
FIELDS_AGE = timedelta(minutes=10)
SIZE_AGE = timedelta(hours=1)

SMALL = 100
"""Up to so many bookings in the house or to come, everybody can be asked about one by one in half a minute."""


class AnotherHotel(ServiceDenied):
    """The credentials are good, but not for the property that jack.toml names."""


class CloudbedsHotel:
    """Asks for the property and its fields, and remembers them for a while."""

    def __init__(self, api: CloudbedsApi, clock: Clock, property_id: str, time_zone: str) -> None:
        self.property_id = property_id
        self._api = api
        self._clock = clock
        self._configured = time_zone
        self._told: tuple[datetime, PmsHotel] | None = None
        self._book: tuple[datetime, FieldBook] | None = None
        self._size: tuple[datetime, bool] | None = None

    async def describe(self) -> PmsHotel:
        """The property as it is now. Raises the three words; AnotherHotel when the credentials do not show it."""
        found, _ = await self.ask(PATIENT)
        return found

    async def ask(self, patience: Patience) -> tuple[PmsHotel, Answer]:
        """The property, and the answer in which it stood. Raises as `describe` does."""
        params = {"propertyIDs": self.property_id}
        answer, records = await self._api.get(
            "getHotels", params, lambda got: (got, _HOTELS(got.body)), patience=patience
        )
        for found in records.good:
            if text(found.property_id) == self.property_id:
                hotel = PmsHotel(
                    key=self.property_id,
                    name=text(found.property_name),
                    time_zone=text(found.property_timezone) or None,
                )
                self._told = (self._clock.now() + PROPERTY_AGE, hotel)
                return hotel, answer
        raise AnotherHotel(
            f"Cloudbeds does not show the property {self.property_id} to these credentials: check property_id in "
            "jack.toml, and that the credentials were made for this property"
        )

    async def zone(self) -> ZoneInfo:
        """The time zone that Cloudbeds keeps the property's times in; the configured one where it names none."""
        told = self._told
        hotel = told[1] if told is not None and self._clock.now() < told[0] else await self.describe()
        for name in (hotel.time_zone, self._configured):
            try:
                return ZoneInfo(name or "")
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
        return ZoneInfo("UTC")

    async def fields(self) -> FieldBook:
        """The book of the hotel's own fields; an empty one where Cloudbeds has none. Raises ServiceUnavailable."""
        now = self._clock.now()
        if self._book is None or now >= self._book[0]:
            try:
                records = await self._api.get(
                    "getCustomFields", {"propertyID": self.property_id}, lambda answer: _FIELDS(answer.body)
                )
            except ServiceDenied:
                book = CLOSED  # nobody can say which fields are for staff alone, so none is read; `check` tells it
            except ServiceRejected:
                book = NO_FIELDS
            else:
                book = read_field_book(records.good)
            self._book = (now + FIELDS_AGE, book)
        return self._book[1]

    async def is_small(self) -> bool:
        """Whether few bookings are in the house or to come. Where Cloudbeds does not say how many, they are many."""
        now = self._clock.now()
        if self._size is None or now >= self._size[0]:
            today = now.astimezone(await self.zone()).date()
            params = {"propertyID": self.property_id, "checkOutFrom": today.isoformat(), "pageSize": "1"}
            try:
                total = (await self._api.get("getReservations", params, lambda got: read_numbers(got.body))).total
            except ServiceRejected:
                total = None
            self._size = (now + SIZE_AGE, total is not None and total <= SMALL)
        return self._size[1]

    async def reference(self) -> Reference:
        """What must be known to read bookings today."""
        zone = await self.zone()
        fields = await self.fields()
        today = self._clock.now().astimezone(zone).date()
        return Reference(property_id=self.property_id, zone=zone, today=today, fields=fields)


_HOTELS: ListReader[Property] = ListReader(Listed[Property], Property)
_FIELDS: ListReader[FieldDefinition] = ListReader(Listed[FieldDefinition], FieldDefinition)
