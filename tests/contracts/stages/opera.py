"""OPERA as a stage: a search, single reads, profiles, and a queue that forgets what was read."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.adapters.pms.opera.api import OperaAccount
from jack.adapters.pms.opera.gateway import OperaPms
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms import Pms
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.simulators.pms.opera import (
    APP_KEY,
    CLIENT_ID,
    CLIENT_SECRET,
    ENTERPRISE,
    TASK_CODE,
    TASK_DEPARTMENT,
    OperaSimulator,
)
from tests.simulators.pms.vendor import Fails, Fault, VendorSimulator

HOTEL = "HARBOUR"
PAGE_SIZE = 7


class OperaStage(PmsStage):
    """One hotel of an OPERA Cloud environment with business events, read in pages of seven."""

    calls_for_one_stay = calls_for_one_named = 2
    """The reservation, and its guest's profile."""

    def __init__(self, door: StageDoor) -> None:
        self.secrets = (CLIENT_SECRET, APP_KEY, "opera-access-token")
        self._door = door
        self._simulator = OperaSimulator(door.clock, hotel_id=HOTEL)
        self._pms = self._made()

    def _made(self) -> OperaPms:
        account = OperaAccount(
            base_url=self._door.base_url,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            app_key=APP_KEY,
            hotel_id=HOTEL,
            enterprise_id=ENTERPRISE,
        )
        return OperaPms(
            self._door.client,
            self._door.clock,
            ProcessPaces(self._door.clock),
            self._door.memory,
            account,
            zone=ZoneInfo(self._simulator.zone.key),
            languages={"D": "de"},
            task_code=TASK_CODE,
            task_department=TASK_DEPARTMENT,
            page_size=PAGE_SIZE,
        )

    @property
    def pms(self) -> Pms:
        return self._pms

    @property
    def system(self) -> str:
        return "opera"

    @property
    def simulator(self) -> VendorSimulator:
        return self._simulator

    def holds(self, *reservations: ReservationSnapshot) -> None:
        for stay in reservations:
            self._simulator.hold(stay)

    def has_rooms(self, *rooms: RoomSnapshot) -> None:
        self._simulator.rooms |= {room.number: room for room in rooms}

    def forgets(self, ref: ExternalRef) -> None:
        del self._simulator.held[ref.key]

    def garbles(self, ref: ExternalRef) -> None:
        words = {"reservationStatus": "Hexed", "computedReservationStatus": "Hexed"}
        self._simulator.spoil(ref.key, lambda told: {**told, **words})

    def mangles(self, ref: ExternalRef) -> None:
        def mangled(told: dict[str, Any]) -> dict[str, Any]:
            stay = told["roomStay"]
            return {**told, "roomStay": {**stay, "arrivalDate": [stay["arrivalDate"]]}}

        self._simulator.spoil(ref.key, mangled)

    def is_busy(self, retry_after: timedelta) -> None:
        self._simulator.always(Fails(429, retry_after.total_seconds()))

    def refuses_credentials(self) -> None:
        self._simulator.client_secret = "another"
        self._simulator.tokens.clear()

    def withholds_a_permission(self) -> str:
        self._simulator.denied.add("hsk")
        return "Housekeeping (hsk)"

    def opens_another_hotel(self) -> None:
        self._simulator.hotel_id = "OTHER"

    def is_called(self, name: str, time_zone: str) -> None:
        self._simulator.name = name
        self._simulator.zone = ZoneInfo(time_zone)
        self._pms = self._made()

    def settings(self) -> dict[str, str]:
        return {
            "provider": "opera",
            "base_url": self._door.base_url,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "app_key": APP_KEY,
            "hotel_id": HOTEL,
            "enterprise_id": ENTERPRISE,
        }

    def fault(self, *faults: Fault) -> None:
        self._simulator.will(*faults)

    def while_reading(self, happen: Callable[[], None]) -> None:
        self._simulator.after_next_page = happen

    def push(self, *refs: ExternalRef) -> bytes:
        """Business events, as somebody who reads OPERA's stream would hand them on."""
        return self._events(*(("Reservation", "UPDATE RESERVATION", ref.key, HOTEL) for ref in refs))

    def idle_pushes(self) -> tuple[bytes, ...]:
        return (
            b"{}",
            self._events(("Reservation", "NEW RESERVATION", "R-1", "OTHER")),
            self._events(("Block", "UPDATE BLOCK", "B-1", HOTEL)),
        )

    def unknown_push(self) -> bytes:
        return self._events(("Moon", "MOON RISEN", "M-1", HOTEL))

    def tasks(self) -> list[str]:
        return [told["comment"] for told in self._simulator.service_requests]

    def company_owns(self, ref: ExternalRef, name: str) -> bool:
        self._simulator.owners[ref.key] = name
        return True

    def anonymises(self, ref: ExternalRef) -> bool:
        self._simulator.anonymous.add(ref.key)
        return True

    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        return reservation

    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        return guest

    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        return room

    def _events(self, *events: tuple[str, str, str, str]) -> bytes:
        return json.dumps({"businessEventData": [self._simulator.event(*event) for event in events]}).encode()
