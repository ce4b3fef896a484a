"""apaleo as a stage: guests inside reservations, no loyalty, no preferences, one comment that is staff's."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.adapters.pms.apaleo.api import ApaleoAccount
from jack.adapters.pms.apaleo.gateway import ApaleoPms
from jack.adapters.pms.apaleo.people import additional_key, primary_key
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms import Pms
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.simulators.pms.apaleo import CLIENT_ID, CLIENT_SECRET, ApaleoSimulator
from tests.simulators.pms.apaleo_render import arrives
from tests.simulators.pms.vendor import Fails, Fault, VendorSimulator

PROPERTY = "LIS"
PAGE_SIZE = 7
RELAY = "@guest.booking.com"


class ApaleoStage(PmsStage):
    """One property of an apaleo account, read in pages of seven."""

    def __init__(self, door: StageDoor) -> None:
        self.secrets = (CLIENT_SECRET, "apaleo-access-token")
        self._door = door
        self._simulator = ApaleoSimulator(door.clock, property_id=PROPERTY)
        self._pms = self._made()

    def _made(self) -> ApaleoPms:
        account = ApaleoAccount(
            base_url=self._door.base_url,
            identity_url=self._door.base_url,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            property_id=PROPERTY,
        )
        return ApaleoPms(
            self._door.client,
            self._door.clock,
            ProcessPaces(self._door.clock),
            account,
            zone=ZoneInfo(self._simulator.zone.key),
            page_size=PAGE_SIZE,
        )

    @property
    def statuses(self) -> frozenset[ReservationStatus]:
        return frozenset(ReservationStatus) - {ReservationStatus.TENTATIVE}

    @property
    def pms(self) -> Pms:
        return self._pms

    @property
    def system(self) -> str:
        return "apaleo"

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
        self._simulator.spoil(ref.key, lambda told: {**told, "status": "Hexed"})

    def mangles(self, ref: ExternalRef) -> None:
        self._simulator.spoil(ref.key, lambda told: {**told, "arrival": [told["arrival"]]})

    def is_busy(self, retry_after: timedelta) -> None:
        self._simulator.always(Fails(429, retry_after.total_seconds()))

    def refuses_credentials(self) -> None:
        self._simulator.client_secret = "another"
        self._simulator.tokens.clear()

    def withholds_a_permission(self) -> str:
        self._simulator.scopes -= {"units.read"}
        return "units.read"

    def opens_another_hotel(self) -> None:
        self._simulator.property_id = "PRT"

    def is_called(self, name: str, time_zone: str) -> None:
        self._simulator.name = name
        self._simulator.zone = ZoneInfo(time_zone)
        self._pms = self._made()

    def settings(self) -> dict[str, str]:
        return {
            "provider": "apaleo",
            "base_url": self._door.base_url,
            "identity_url": self._door.base_url,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "property_id": PROPERTY,
        }

    def fault(self, *faults: Fault) -> None:
        self._simulator.will(*faults)

    def while_reading(self, happen: Callable[[], None]) -> None:
        self._simulator.after_next_page = happen

    def push(self, *refs: ExternalRef) -> bytes:
        """One event, or several in the list in which a relay may bundle them: apaleo posts each by itself."""
        events = [an_event("Reservation", "changed", ref.key) for ref in refs]
        return json.dumps(events[0] if len(events) == 1 else events).encode()

    def idle_pushes(self) -> tuple[bytes, ...]:
        events = [
            {"topic": "system", "type": "healthcheck", "id": "h-1", "accountId": "ABCD", "timestamp": 1764072000000},
            an_event("Reservation", "changed", "OTHER-1", propertyId="PRT"),
            an_event("Folio", "balance-changed", "R-1-1"),
            an_event("account", "set-to-live", "ABCD", propertyId=None),
        ]
        return tuple(json.dumps(event).encode() for event in events)

    def unknown_push(self) -> bytes:
        return json.dumps(an_event("Moon", "risen", "M-1")).encode()

    def tasks(self) -> list[str]:
        return []

    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        key, comment = reservation.ref.key, "\n".join(reservation.special_requests)
        people = [self._person(reservation.guest, primary_key(key))]
        people += [self._person(c, additional_key(key, n)) for n, c in enumerate(reservation.companions)]
        return replace(
            reservation,
            guest=people[0],
            companions=tuple(people[1:]),
            expected_arrival=arrives(reservation, self._simulator.zone),
            special_requests=(comment,) if comment else (),
        )

    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        return replace(
            guest,
            loyalty_tier=None,
            vip=False,
            phones=tuple(phone.strip() for phone in guest.phones),
            emails=tuple(email for email in guest.emails if not email.endswith(RELAY)),
            preferences=(),
            modified_at=None,
        )

    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        inspected = room.housekeeping is Housekeeping.INSPECTED
        return replace(room, housekeeping=Housekeeping.CLEAN if inspected else room.housekeeping)

    def _person(self, guest: GuestSnapshot, key: str) -> GuestSnapshot:
        return replace(self.guest_as_told(guest), ref=ExternalRef(system=self.system, key=key))


def an_event(topic: str, kind: str, key: str, **fields: Any) -> dict[str, Any]:
    """What apaleo posts when something happened to the thing of that key."""
    return {
        "topic": topic,
        "type": kind,
        "id": f"event-{kind}-{key}",
        "accountId": "ABCD",
        "propertyId": PROPERTY,
        "timestamp": 1764072000000,
        "data": {"entityId": key},
    } | fields
