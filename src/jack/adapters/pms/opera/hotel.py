"""The hotel as OPERA describes it, and what OPERA calls today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from jack.adapters.pms.opera.api import OperaApi
from jack.adapters.pms.opera.payloads import Payload
from jack.adapters.vendor_api.caller import PATIENT, Patience
from jack.adapters.vendor_api.records import Unreadable, present, read_date
from jack.application.errors import ServiceDenied
from jack.application.ports.clock import Clock
from jack.application.ports.pms import PmsHotel

CONTEXT_PATH = "/ent/config/v1/hotels/{hotel}/operaContext"
HOTEL_PATH = "/ent/config/v1/hotels/{hotel}"

_LONGEST_HELD = timedelta(minutes=15)


class _Context(Payload, frozen=True, gc=False):
    hotel_id: str | None = None
    hotel_name: str | None = None
    business_date: str | None = None
    timezone: str | None = None


class _ContextAnswer(Payload, frozen=True, gc=False):
    hotel_context: _Context | None = None


class _Formatting(Payload, frozen=True, gc=False):
    time_zone_region: str | None = None


class _Controls(Payload, frozen=True, gc=False):
    date_time_formatting: _Formatting | None = None


class _Info(Payload, frozen=True, gc=False):
    hotel_name: str | None = None
    property_controls: _Controls | None = None


class _HotelAnswer(Payload, frozen=True, gc=False):
    hotel_config_info: _Info | None = None


_CONTEXT = msgspec.json.Decoder(_ContextAnswer, strict=False)
_HOTEL = msgspec.json.Decoder(_HotelAnswer, strict=False)


class OperaHotel:
    """One hotel; `zone` is the hotel's by jack.toml, because the form of OPERA's own is not documented."""

    def __init__(self, api: OperaApi, clock: Clock, hotel_id: str, zone: ZoneInfo) -> None:
        self.key = hotel_id
        self.zone = zone
        self._api = api
        self._clock = clock
        self._today: tuple[datetime, date] | None = None

    async def today(self) -> date:
        """The business date: it moves when the hotel ends its day, hours after midnight. Held for some minutes.

        The calendar's date where OPERA does not tell it.
        """
        now = self._clock.now()
        if self._today is None or not timedelta() <= now - self._today[0] < _LONGEST_HELD:
            context = await self._api.if_told(CONTEXT_PATH, _read_context)
            self._today = (now, self._business_date(context, now))
        return self._today[1]

    def forget_today(self) -> None:
        """Ask again: the hotel has ended its day."""
        self._today = None

    async def described(self, patience: Patience = PATIENT) -> PmsHotel:
        """The hotel's name and zone. Raises ServiceDenied for another hotel than the one that is meant."""
        context = await self._api.found(CONTEXT_PATH, [], _read_context, patience=patience)
        now = self._clock.now()
        self._today = (now, self._business_date(context, now))
        if context is None or (present(context.hotel_id) or self.key) != self.key:
            raise ServiceDenied(
                f"OPERA knows no hotel {self.key!r} for these credentials: set hotel_id in jack.toml to the hotel's "
                "code, in OPERA's own spelling"
            )
        name, zone = present(context.hotel_name), _known_zone(context.timezone)
        if name is None or zone is None:
            params = [("fetchInstructions", "General")]
            info = await self._api.one(HOTEL_PATH, params, _read_hotel, patience=patience)
            controls = info.property_controls if info is not None else None
            formatting = controls.date_time_formatting if controls is not None else None
            name = name or (present(info.hotel_name) if info is not None else None)
            zone = zone or (_known_zone(formatting.time_zone_region) if formatting is not None else None)
        return PmsHotel(key=self.key, name=name or self.key, time_zone=zone)

    def _business_date(self, context: _Context | None, now: datetime) -> date:
        try:
            return read_date(context.business_date if context is not None else None, "business date")
        except Unreadable:
            return now.astimezone(self.zone).date()


def _read_context(body: bytes) -> _Context | None:
    return _CONTEXT.decode(body).hotel_context


def _read_hotel(body: bytes) -> _Info | None:
    return _HOTEL.decode(body).hotel_config_info


def _known_zone(name: str | None) -> str | None:
    """The name if it is one of IANA's."""
    given = present(name)
    if given is None or "/" not in given:
        return None
    try:
        return ZoneInfo(given).key
    except (ValueError, OSError, KeyError):
        return None
