"""The connection test: what a hotelier must do, in sentences."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import msgspec

from jack.adapters.http import Answer
from jack.adapters.pms.apaleo.api import PROPERTIES, RESERVATIONS, UNITS, ApaleoApi, refusal_of
from jack.adapters.pms.apaleo.hotel import hotel_of, property_ids, read_property
from jack.adapters.pms.apaleo.payloads import Property
from jack.adapters.pms.apaleo.readings import NO_PHONES, PATH, Readings, stay_query
from jack.adapters.pms.apaleo.reservations import read_list
from jack.adapters.vendor_api.caller import ONCE
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms import ConnectionReport, PmsHotel

PROPERTIES_PATH = "/inventory/v1/properties"
UNITS_PATH = "/inventory/v1/units"

MOST_SKEW = timedelta(minutes=1)
_AROUND = timedelta(days=30)
_MOST_NAMED = 10
_TROUBLE = re.compile(r" answered (429|5[0-9]{2})\b")


class ConnectionTest:
    """Tries what a sync does, each call once."""

    def __init__(self, api: ApaleoApi, clock: Clock, readings: Readings, property_id: str) -> None:
        self._api = api
        self._clock = clock
        self._readings = readings
        self._property_id = property_id

    async def __call__(self) -> ConnectionReport:
        """The report. Never raises for outside failures."""
        hotel: PmsHotel | None = None
        try:
            found, skew = await self._property()
            hotel = hotel_of(found)
            notes = [*self._remarks(found)]
            notes += await self._reservations()
            await self._units()
        except OutsideFailure as failure:
            return ConnectionReport(summary="The connection to apaleo fails.", problem=_advice(failure), hotel=hotel)
        except msgspec.DecodeError:
            problem = "what answers at base_url does not speak apaleo's language: check base_url in jack.toml"
            return ConnectionReport(summary="The connection to apaleo fails.", problem=problem, hotel=hotel)
        summary = f"apaleo answers for {hotel.name} (property {hotel.key}, time zone {hotel.time_zone or 'unknown'})."
        return ConnectionReport(summary=summary, problem=skew, hotel=hotel, notes=tuple(notes))

    async def _property(self) -> tuple[Property, str | None]:
        answer = await self._api.answer(f"{PROPERTIES_PATH}/{quote(self._property_id, safe='')}", [], ONCE)
        if answer.status in (403, 404):
            raise ServiceDenied(await self._no_property(answer))
        found = read_property(_allowed(answer, PROPERTIES))
        if found.id != self._property_id:
            raise ServiceDenied(f"apaleo answered for the property {found.id}: set property_id in jack.toml to it")
        return found, self._skew(answer)

    async def _no_property(self, refused: Answer) -> str:
        """Why apaleo does not show the property: it may call one that the client may not see forbidden, as it does
        with all of them when the scope is missing. Which it is shows in the list.
        """
        told = f"apaleo has no property {self._property_id!r} for these credentials: "
        answer = await self._api.answer(PROPERTIES_PATH, [("pageNumber", "1"), ("pageSize", "200")], ONCE)
        ids = property_ids(answer.body) if answer.status == 200 else ()
        if refused.status == 403 and (not ids or self._property_id in ids):
            return str(refusal_of(refused, PROPERTIES))
        if not ids:
            return told + "set property_id in jack.toml to the id that apaleo shows in the address of the hotel's pages"
        return told + f"set property_id in jack.toml to one of {', '.join(ids[:_MOST_NAMED])}"

    async def _reservations(self) -> list[str]:
        now = self._clock.now()
        query = stay_query(now - _AROUND, now + _AROUND)
        answer = await self._api.answer(PATH, self._readings.params(query, 1), ONCE)
        if answer.status == 204:
            return []
        page = read_list(_allowed(answer, RESERVATIONS), self._readings.now)
        return [NO_PHONES + "."] if page.people and not page.reachable else []

    async def _units(self) -> None:
        params = [("propertyId", self._property_id), ("pageNumber", "1"), ("pageSize", "1")]
        answer = await self._api.answer(UNITS_PATH, params, ONCE)
        _allowed(answer, UNITS)

    def _remarks(self, found: Property) -> list[str]:
        remarks = []
        if found.status == "Test":
            remarks.append("apaleo calls this property a test property.")
        if found.is_archived:
            remarks.append("apaleo has archived this property.")
        return remarks

    def _skew(self, answer: Answer) -> str | None:
        """A problem when this machine's clock and apaleo's differ: changes would be asked for at the wrong time."""
        theirs = _date_of(answer)
        if theirs is None or abs(theirs - self._clock.now()) <= MOST_SKEW:
            return None
        behind = theirs > self._clock.now()
        seconds = abs(theirs - self._clock.now()) // timedelta(seconds=1)
        return (
            f"this machine's clock is {seconds} seconds {'behind' if behind else 'ahead of'} apaleo's: "
            "let the machine set its clock by the network (NTP)"
        )


def _allowed(answer: Answer, scope: str) -> bytes:
    """The body of a success. Raises the word for what is none."""
    refused = refusal_of(answer, scope)
    if refused is not None:
        raise refused
    return answer.body


def _advice(failure: OutsideFailure) -> str:
    if isinstance(failure, ServiceDenied):
        return str(failure)
    if isinstance(failure, ServiceRejected):
        return f"{failure}: check base_url in jack.toml, and Jack's version"
    answered = _TROUBLE.search(str(failure))
    if answered is None:
        return f"{failure}. Check base_url and identity_url in jack.toml and the network, then try again"
    if answered[1] == "429":
        return (
            f"{failure}: it takes no more calls for now. Try again in some minutes; if it stays so, another program "
            "uses up what apaleo allows: give Jack a client of its own in apaleo"
        )
    return f"{failure}: the trouble is at its end. Try again in some minutes; if it stays so, ask apaleo"


def _date_of(answer: Answer) -> datetime | None:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
