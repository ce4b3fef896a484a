"""The mock PMS as a stage: it says everything as it is."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import ServiceDenied, ServiceUnavailable
from jack.application.ports.pms import Pms
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot, RoomSnapshot
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.simulators.pms.vendor import Fault, VendorSimulator


class MockStage(PmsStage):
    """The mock PMS over a seeded book."""

    def __init__(self, door: StageDoor) -> None:
        self.secrets = ()
        self._book = SeededBook(page=7)
        self._pms = MockPms(self._book, door.clock)

    @property
    def pms(self) -> Pms:
        return self._pms

    @property
    def system(self) -> str:
        return "mock"

    @property
    def simulator(self) -> VendorSimulator | None:
        return None

    def holds(self, *reservations: ReservationSnapshot) -> None:
        self._book.put(*reservations)

    def has_rooms(self, *rooms: RoomSnapshot) -> None:
        self._book.put_rooms(*rooms)

    def forgets(self, ref: ExternalRef) -> None:
        self._book.delete(ref)

    def garbles(self, ref: ExternalRef) -> None:
        self._book.delete(ref)
        self._book.reject(RejectedRecord(kind="reservation", ref=ref, reason="status 'Hexed' is not known", raw="{}"))

    def mangles(self, ref: ExternalRef) -> None:
        self._book.delete(ref)
        self._book.reject(RejectedRecord(kind="reservation", ref=ref, reason="the arrival is no date", raw="[]"))

    def is_busy(self, retry_after: timedelta) -> None:
        self._book.fail(ServiceUnavailable("the mock PMS is busy", retry_after), times=100)

    def refuses_credentials(self) -> None:
        self._book.fail(ServiceDenied("the mock PMS does not know you"), times=100)

    def withholds_a_permission(self) -> str:
        self._book.fail(ServiceDenied("the mock PMS shows no rooms"), times=100)
        return "rooms"

    def opens_another_hotel(self) -> None:
        self._book.fail(ServiceDenied("the mock PMS is another hotel"), times=100)

    def settings(self) -> dict[str, str]:
        return {"provider": "mock"}

    def is_called(self, name: str, time_zone: str) -> None:
        self._pms.called = name
        self._pms.time_zone = time_zone

    def fault(self, *faults: Fault) -> None:
        raise AssertionError("the mock PMS speaks no HTTP")

    def while_reading(self, happen: Callable[[], None]) -> None:
        self._book.while_reading(happen)

    def push(self, *refs: ExternalRef) -> bytes:
        return msgspec.json.encode({"reservations": [ref.key for ref in refs]})

    def idle_pushes(self) -> tuple[bytes, ...]:
        return (b"{}",)

    def unknown_push(self) -> bytes:
        return msgspec.json.encode({"event": "moon-risen"})

    def tasks(self) -> list[str]:
        return [f"{task.title} {task.details} {task.key}" for task in self._pms.tasks.values()]

    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        return reservation

    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        return guest

    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        return room
