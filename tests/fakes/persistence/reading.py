"""What a full reading has met and what happened to stays, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from jack.application.errors import Conflict
from jack.application.ports.stays_store import SeenStays, StayEvents
from jack.domain.ids import ExternalRef, HotelId, ReservationId
from jack.domain.reservation import StayPeriod
from jack.domain.stay_events import StayEvent
from tests.fakes.persistence.state import State


@dataclass(frozen=True, slots=True)
class InMemorySeenStays(SeenStays):
    """Plays SeenStays on one state."""

    state: State

    async def forget(self, hotel_id: HotelId) -> None:
        for key in [key for key in self.state.seen_stays if key[0] == hotel_id]:
            del self.state.seen_stays[key]

    async def add(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> None:
        self.state.seen_stays.update(dict.fromkeys((hotel_id, ref) for ref in refs))

    async def count_missing(self, hotel_id: HotelId, system: str, period: StayPeriod) -> int:
        return len(self._missing(hotel_id, system, period))

    async def missing(self, hotel_id: HotelId, system: str, period: StayPeriod, limit: int) -> tuple[ExternalRef, ...]:
        return tuple(self._missing(hotel_id, system, period)[:limit])

    def _missing(self, hotel_id: HotelId, system: str, period: StayPeriod) -> list[ExternalRef]:
        return [
            stay.ref
            for stay in self.state.reservations.values()
            if stay.hotel_id == hotel_id
            and stay.ref.system == system
            and stay.gone_at is None
            and stay.period.overlaps(period)
            and (hotel_id, stay.ref) not in self.state.seen_stays
        ]


@dataclass(frozen=True, slots=True)
class InMemoryStayEvents(StayEvents):
    """Plays StayEvents on one state."""

    state: State

    async def add(self, events: Sequence[StayEvent]) -> None:
        for event in events:
            if event.id in self.state.stay_events:
                raise Conflict("this event is kept already")
            self.state.stay_events[event.id] = event

    async def of_stays(self, hotel_id: HotelId, stays: Sequence[ReservationId]) -> tuple[StayEvent, ...]:
        found = [e for e in self.state.stay_events.values() if e.hotel_id == hotel_id and e.reservation_id in stays]
        return tuple(sorted(found, key=lambda event: (event.at, event.id)))
