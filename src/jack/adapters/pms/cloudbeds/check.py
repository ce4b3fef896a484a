"""The connection test: what a sync and its notices will need, asked once each, and told in plain words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from jack.adapters.http import Answer
from jack.adapters.pms.cloudbeds.access import SignInDenied
from jack.adapters.pms.cloudbeds.answers import ListReader
from jack.adapters.pms.cloudbeds.api import SCOPES, CloudbedsApi
from jack.adapters.pms.cloudbeds.hotel import AnotherHotel, CloudbedsHotel
from jack.adapters.pms.cloudbeds.payloads import Listed, Property, text
from jack.adapters.vendor_api.caller import ONCE
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.pms import ConnectionReport, PmsHotel

MOST_SKEW = timedelta(minutes=1)

NOTES = ("Whether Jack may leave notes (write:reservation) shows only when it leaves the first.",)


@dataclass(frozen=True, slots=True)
class CloudbedsCheck:
    """Plays the test."""

    api: CloudbedsApi
    hotel: CloudbedsHotel
    clock: Clock

    async def __call__(self) -> ConnectionReport:
        """As `PmsConnection.check` says."""
        try:
            return await self._tried()
        except AnotherHotel as failure:
            return ConnectionReport(summary="Cloudbeds answers, but not for this hotel.", problem=str(failure))
        except SignInDenied as failure:
            return ConnectionReport(summary="Cloudbeds refuses the credentials.", problem=str(failure))
        except ServiceUnavailable as failure:
            advice = "check base_url in jack.toml and this machine's network, or try again later"
            return ConnectionReport(summary="Cloudbeds did not answer.", problem=f"{failure}: {advice}")
        except OutsideFailure as failure:
            advice = "check base_url and property_id in jack.toml"
            return ConnectionReport(summary="Cloudbeds did not answer as it should.", problem=f"{failure}: {advice}")

    async def _tried(self) -> ConnectionReport:
        hotel: PmsHotel | None = None
        skew = timedelta()
        refused: dict[str, ServiceDenied] = {}
        try:
            hotel, answer = await self.hotel.ask(ONCE)
            skew = self._skew(answer)
        except SignInDenied:
            raise
        except AnotherHotel:
            await self._look_for_another()
            raise
        except ServiceDenied as denied:
            await self._look_for_another()
            refused["getHotels"] = denied
        questions = self._questions()
        for method, params in questions.items():
            try:
                await self.api.get(method, params, lambda answer: _ANY(answer.body), patience=ONCE)
            except SignInDenied:
                raise
            except ServiceDenied as denied:
                refused[method] = denied
            except ServiceRejected:
                if method != "getCustomFields":  # a property without fields of its own is none the worse
                    raise
        if len(refused) > len(questions):
            return ConnectionReport(
                summary="Cloudbeds refuses the credentials.",
                problem=f"{refused['getHotels']}. Nothing is open to these credentials: make a new API key in "
                "Cloudbeds (or connect the app again) and put it into jack.toml; a key unused for 30 days ends",
            )
        return _report(hotel, tuple(refused), skew)

    def _questions(self) -> dict[str, dict[str, str]]:
        one, many = {"propertyID": self.hotel.property_id}, {"propertyIDs": self.hotel.property_id}
        few = {"pageNumber": "1", "pageSize": "1"}
        return {
            "getReservationsWithRateDetails": {**one, **few},
            "getGuestList": {**many, **few},
            "getRooms": {**many, **few},
            "getHousekeepingStatus": {**one, **few},
            "getCustomFields": one,
        }

    async def _look_for_another(self) -> None:
        """Raise AnotherHotel when the credentials show properties, and this one is not among them."""
        try:
            records = await self.api.get("getHotels", {}, lambda answer: _PROPERTIES(answer.body), patience=ONCE)
        except ServiceDenied:
            return
        shown = [text(found.property_id) for found in records.good]
        if shown and self.hotel.property_id not in shown:
            raise AnotherHotel(
                f"Cloudbeds shows the property {', '.join(shown[:5])} to these credentials, and not "
                f"{self.hotel.property_id}: check property_id in jack.toml"
            )

    def _skew(self, answer: Answer) -> timedelta:
        """How far this machine's clock is ahead of Cloudbeds'; none where Cloudbeds does not say its time."""
        try:
            there = parsedate_to_datetime(answer.headers.get("date") or "")
        except (ValueError, TypeError):
            return timedelta()
        moment: datetime = there if there.tzinfo else there.replace(tzinfo=UTC)
        return self.clock.now() - moment


def _report(hotel: PmsHotel | None, refused: tuple[str, ...], skew: timedelta) -> ConnectionReport:
    if refused:
        scopes = ", ".join(dict.fromkeys(SCOPES[method] for method in refused))
        return ConnectionReport(
            summary="Cloudbeds answers, but not everything.",
            problem=f"Cloudbeds refused {', '.join(refused)}: give the API key or the app the permission {scopes}",
            hotel=hotel,
        )
    if abs(skew) > MOST_SKEW:
        way = "ahead of" if skew > timedelta() else "behind"
        return ConnectionReport(
            summary="Cloudbeds answers, but the clocks differ.",
            problem=f"this machine's clock is {_in_words(abs(skew))} {way} Cloudbeds' clock, so changes are read late "
            "or missed: let the machine set its clock by the network (NTP)",
            hotel=hotel,
        )
    name = f"{hotel.name or 'a hotel without a name'}, time zone {hotel.time_zone or 'not told'}" if hotel else ""
    return ConnectionReport(summary=f"Cloudbeds answers: {name}.", hotel=hotel, notes=NOTES)


def _in_words(skew: timedelta) -> str:
    seconds = int(skew.total_seconds())
    return f"{seconds // 60} min {seconds % 60} s" if seconds < 7200 else f"{seconds // 3600} hours"


_PROPERTIES: ListReader[Property] = ListReader(Listed[Property], Property)
_ANY = _PROPERTIES
"""Reads any list: every field may be missing."""
