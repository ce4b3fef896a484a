"""Mews as a stage."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import msgspec

from jack.adapters.pms.mews.api import MewsAccess
from jack.adapters.pms.mews.gateway import MewsPms
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms import Pms
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.simulators.pms.mews import MewsSimulator
from tests.simulators.pms.mews_truth import LANGUAGES, as_noted
from tests.simulators.pms.vendor import Fails, Fault, VendorSimulator

CLIENT_TOKEN = "E0D439EE522F44368DC78E1BFB03710C-client"
ACCESS_TOKEN = "C66EF7B239D24632943D115EDE9CB810-access"


class MewsStage(PmsStage):
    """Mews over its simulator."""

    def __init__(self, door: StageDoor) -> None:
        self.secrets = (CLIENT_TOKEN, ACCESS_TOKEN)
        self.mews = MewsSimulator(door.clock, client_token=CLIENT_TOKEN, access_token=ACCESS_TOKEN)
        self._base_url = door.base_url
        self._pms = MewsPms(
            door.client,
            door.clock,
            ProcessPaces(door.clock),
            MewsAccess(
                base_url=door.base_url,
                client_token=CLIENT_TOKEN,
                access_token=ACCESS_TOKEN,
                enterprise_id=self.mews.house.enterprise_id,
                page=7,
            ),
        )

    @property
    def pms(self) -> Pms:
        return self._pms

    @property
    def system(self) -> str:
        return "mews"

    @property
    def simulator(self) -> VendorSimulator:
        return self.mews

    def holds(self, *reservations: ReservationSnapshot) -> None:
        for reservation in reservations:
            self.mews.house.put(reservation)

    def has_rooms(self, *rooms: RoomSnapshot) -> None:
        self.mews.house.rooms |= {room.number: room for room in rooms}

    def forgets(self, ref: ExternalRef) -> None:
        self.mews.house.forget(ref)

    def garbles(self, ref: ExternalRef) -> None:
        self.mews.house.otherwise[ref.key] = {"State": "Hexed"}

    def mangles(self, ref: ExternalRef) -> None:
        self.mews.house.otherwise[ref.key] = {"Number": ["1", "2"], "ScheduledStartUtc": []}

    def is_busy(self, retry_after: timedelta) -> None:
        self.mews.always(Fails(429, retry_after.total_seconds()))

    def refuses_credentials(self) -> None:
        self.mews.access_token = "another"

    def withholds_a_permission(self) -> str:
        self.mews.refused["customers/getAll"] = 401
        return "customers/getAll"

    def opens_another_hotel(self) -> None:
        self.mews.house.enterprise_id = "enterprise-elsewhere"

    def is_called(self, name: str, time_zone: str) -> None:
        self.mews.house.name = name
        self.mews.house.time_zone = time_zone

    def settings(self) -> dict[str, str]:
        return {
            "provider": "mews",
            "base_url": self._base_url,
            "client_token": CLIENT_TOKEN,
            "access_token": ACCESS_TOKEN,
            "enterprise_id": "enterprise-harbour",
        }

    def fault(self, *faults: Fault) -> None:
        self.mews.will(*faults)

    def while_reading(self, happen: Callable[[], None]) -> None:
        self.mews.after_next_page = happen

    def push(self, *refs: ExternalRef) -> bytes:
        return self._push(self.mews.house.enterprise_id, *(("ServiceOrderUpdated", ref.key) for ref in refs))

    def idle_pushes(self) -> tuple[bytes, ...]:
        return (
            self._push(self.mews.house.enterprise_id),
            self._push("enterprise-elsewhere", ("ServiceOrderUpdated", "R-1"), ("ResourceUpdated", "resource-204")),
            self._push(self.mews.house.enterprise_id, ("PaymentUpdated", "payment-1")),
            msgspec.json.encode({"Action": "IntegrationApiKeyCreated", "Data": {"ApiKey": "new-key"}}),
        )

    def unknown_push(self) -> bytes:
        return self._push(self.mews.house.enterprise_id, ("MoonRisen", "moon-1"))

    def tasks(self) -> list[str]:
        return [f"{task['Name']} {task['Description']}" for task in self.mews.house.tasks]

    def company_owns(self, ref: ExternalRef, name: str) -> bool:
        self.mews.house.companies["company-1"] = name
        self.mews.house.owned[ref.key] = "company-1"
        return True

    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        return replace(
            reservation,
            guest=self.guest_as_told(reservation.guest),
            companions=tuple(map(self.guest_as_told, reservation.companions)),
            expected_arrival=None,
        )

    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        """One phone and one address; preferences without a field are notes of housekeeping; a language has a region."""
        stated = [p for p in guest.preferences if p.category in ("diet", "room")]
        stated += [as_noted(p) for p in guest.preferences if p not in stated]
        return replace(
            guest,
            language=LANGUAGES.get(guest.language or "", guest.language),
            phones=guest.phones[:1],
            emails=guest.emails[:1],
            preferences=tuple(stated),
        )

    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        return replace(room, occupancy=self.mews.house.occupancy(room.number))

    def _push(self, enterprise_id: str, *events: tuple[str, str]) -> bytes:
        told = [{"Discriminator": kind, "Value": {"Id": key}} for kind, key in events]
        return msgspec.json.encode({"EnterpriseId": enterprise_id, "IntegrationId": "integration-1", "Events": told})
