"""Cloudbeds as a stage: no language, no loyalty, one text of wishes, a modification time for whole bookings."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.adapters.pms.cloudbeds.access import ApiKey
from jack.adapters.pms.cloudbeds.gateway import CloudbedsPms
from jack.adapters.pms.cloudbeds.guests import RELAYS
from jack.adapters.pms.cloudbeds.wishes import AHEAD
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms import Pms
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.simulators.pms.cloudbeds import API_KEY, PROPERTY, CloudbedsSimulator
from tests.simulators.pms.vendor import Fault, VendorSimulator

PAGE_SIZE = 7


class CloudbedsStage(PmsStage):
    """One property with an API key, read in pages of seven."""

    calls_for_one_stay = 1  # what the guest wished for is told of one guest at a time

    def __init__(self, door: StageDoor) -> None:
        self.secrets = (API_KEY,)
        self._door = door
        self._simulator = CloudbedsSimulator(door.clock)
        self._pms = self._made()

    def _made(self) -> CloudbedsPms:
        return CloudbedsPms(
            self._door.client,
            self._door.clock,
            ProcessPaces(self._door.clock),
            self._door.memory,
            base_url=self._door.base_url,
            credentials=ApiKey(API_KEY),
            property_id=PROPERTY,
            time_zone=self._simulator.zone.key,
            page_size=PAGE_SIZE,
        )

    @property
    def pms(self) -> Pms:
        return self._pms

    @property
    def system(self) -> str:
        return "cloudbeds"

    @property
    def simulator(self) -> VendorSimulator:
        return self._simulator

    def holds(self, *reservations: ReservationSnapshot) -> None:
        for stay in reservations:
            self._simulator.hold(stay)

    def has_rooms(self, *rooms: RoomSnapshot) -> None:
        self._simulator.rooms |= {room.number: room for room in rooms}

    def forgets(self, ref: ExternalRef) -> None:
        self._simulator.forget(ref.key)

    def garbles(self, ref: ExternalRef) -> None:
        def spoil(item: dict[str, Any]) -> None:
            item["status"] = "Hexed"

        self._simulator.held[ref.key].spoil = spoil

    def mangles(self, ref: ExternalRef) -> None:
        def spoil(item: dict[str, Any]) -> None:
            for room in item.get("rooms", []):
                room["roomCheckIn"] = [room["roomCheckIn"]]

        self._simulator.held[ref.key].spoil = spoil

    def is_busy(self, retry_after: timedelta) -> None:
        self._simulator.busy = retry_after

    def refuses_credentials(self) -> None:
        self._simulator.api_key = "another"

    def withholds_a_permission(self) -> str:
        self._simulator.scopes -= {"read:housekeeping"}
        return "read:housekeeping"

    def opens_another_hotel(self) -> None:
        self._simulator.property_id = "4712"

    def is_called(self, name: str, time_zone: str) -> None:
        self._simulator.name = name
        self._simulator.zone = ZoneInfo(time_zone)
        self._pms = self._made()

    def settings(self) -> dict[str, str]:
        return {
            "provider": "cloudbeds",
            "base_url": self._door.base_url,
            "api_key": API_KEY,
            "property_id": PROPERTY,
        }

    def fault(self, *faults: Fault) -> None:
        self._simulator.will(*faults)

    def while_reading(self, happen: Callable[[], None]) -> None:
        self._simulator.after_next_page = happen

    def push(self, *refs: ExternalRef) -> bytes:
        events = [self._event(ref.key) for ref in refs]
        return json.dumps(events[0] if len(events) == 1 else events).encode()

    def _event(self, key: str) -> dict[str, Any]:
        held = self._simulator.held.get(key)
        return {
            "version": "1.0",
            "event": "reservation/status_changed",
            "timestamp": 1795348800.431234,
            "propertyID": int(PROPERTY),
            "propertyID_str": PROPERTY,
            "reservationID": held.stay.confirmation_number if held else key,
            "status": "checked_in",
        }

    def idle_pushes(self) -> tuple[bytes, ...]:
        another = {**self._event("R-1"), "propertyID": 4712, "propertyID_str": "4712"}
        connected = {"event": "integration/appstate_changed", "propertyID": int(PROPERTY), "newState": "enabled"}
        return (json.dumps(another).encode(), json.dumps(connected).encode())

    def unknown_push(self) -> bytes:
        return json.dumps({**self._event("R-1"), "event": "moon/risen", "reservationID": ""}).encode()

    def tasks(self) -> list[str]:
        return [note["reservationNote"] for note in self._simulator.notes]

    def company_owns(self, ref: ExternalRef, name: str) -> bool:
        self._simulator.companies[ref.key] = name
        return True

    def anonymises(self, ref: ExternalRef) -> bool:
        self._simulator.anonymous.add(ref.key)
        return True

    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        """A time of day for the arrival, wishes of those who are here or come soon, the whole booking's change."""
        return replace(
            reservation,
            guest=self.guest_as_told(reservation.guest),
            companions=tuple(map(self.guest_as_told, reservation.companions)),
            expected_arrival=self._expected(reservation),
            special_requests=self._wishes(reservation),
            modified_at=self._modified(reservation),
        )

    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        return replace(
            guest,
            language=None,
            loyalty_tier=None,
            vip=False,
            phones=tuple(phone.strip() for phone in guest.phones),
            emails=tuple(address for address in guest.emails if not address.endswith(RELAYS)),
            modified_at=None,
        )

    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        return replace(room, housekeeping=room.housekeeping or Housekeeping.DIRTY)

    def _expected(self, reservation: ReservationSnapshot) -> datetime | None:
        if reservation.expected_arrival is None:
            return None
        zone = self._simulator.zone
        clock = reservation.expected_arrival.astimezone(zone).time()
        return datetime.combine(reservation.period.arrival, clock, tzinfo=zone)

    def _wishes(self, reservation: ReservationSnapshot) -> tuple[str, ...]:
        today = self._door.clock.now().astimezone(self._simulator.zone).date()
        ended = (ReservationStatus.CHECKED_OUT, ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW)
        soon = reservation.period.arrival <= today + AHEAD and today <= reservation.period.departure
        told = "\n".join(reservation.special_requests)
        return (told,) if told and soon and reservation.status not in ended else ()

    def _modified(self, reservation: ReservationSnapshot) -> datetime | None:
        booking = self._simulator.booking(reservation.confirmation_number)
        return booking.modified if booking else reservation.modified_at
