"""Guests, reservations, rooms and the sync in memory."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from jack.application.errors import Conflict
from jack.application.ports.stays_store import MOST_UNKNOWN, NO_FINGERPRINTS, Guests, Reservations, Rooms, SyncStates
from jack.domain.contact import ContactKind
from jack.domain.guest import Guest, Preference, Source
from jack.domain.ids import ExternalRef, GuestId, HotelId, PreferenceId, ReservationId, SyncRunId
from jack.domain.reservation import Reservation, StayPeriod
from jack.domain.room import Room
from jack.domain.snapshot import ROOM, RejectedRecord, UnknownValue
from jack.domain.spelling import folded
from jack.domain.sync import SyncRun, SyncState, SyncStatus
from tests.fakes.persistence.state import State, StoredRejection, StoredUnknown


@dataclass(frozen=True, slots=True)
class InMemoryGuests(Guests):
    """Plays Guests on one state."""

    state: State

    async def get(self, hotel_id: HotelId, guest_id: GuestId) -> Guest | None:
        guest = self.state.guests.get(guest_id)
        return guest if guest and guest.hotel_id == hotel_id else None

    async def by_refs(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, Guest]:
        held = self._by_ref(hotel_id)
        return {ref: held[ref] for ref in refs if ref in held}

    async def fingerprints(
        self, hotel_id: HotelId, refs: Sequence[ExternalRef]
    ) -> dict[ExternalRef, tuple[GuestId, str | None]]:
        held = self._by_ref(hotel_id)
        return {ref: (held[ref].id, self.state.fingerprint_of(held[ref])) for ref in refs if ref in held}

    async def by_contact(
        self, hotel_id: HotelId, kind: ContactKind, values: Sequence[str], limit: int
    ) -> tuple[Guest, ...]:
        found = [
            guest
            for guest in self.state.guests.values()
            if guest.hotel_id == hotel_id
            and any(p.kind is kind and p.readable and p.value in values for p in guest.contact_points)
        ]
        return tuple(sorted(found, key=lambda guest: guest.id)[:limit])

    async def named(self, hotel_id: HotelId, names: Sequence[tuple[str, str]], limit: int) -> tuple[Guest, ...]:
        wanted = {(folded(first), folded(last)) for first, last in names}
        found = [
            guest
            for guest in self.state.guests.values()
            if guest.hotel_id == hotel_id and (folded(guest.first_name), folded(guest.last_name)) in wanted
        ]
        return tuple(sorted(found, key=lambda guest: guest.id)[:limit])

    async def save_synced(
        self,
        guests: Sequence[Guest],
        *,
        overwrite: bool = False,
        fingerprints: Mapping[GuestId, str] = NO_FINGERPRINTS,
        fresh: Collection[GuestId] = (),
    ) -> None:
        assert not any(guest_id in self.state.guests for guest_id in fresh)
        for guest in guests:
            held = self._by_ref(guest.hotel_id)
            if any(ref in held and held[ref].id != guest.id for ref in guest.external_refs):
                raise Conflict("another guest holds this external reference already")
            stored = self.state.guests.get(guest.id)
            if stored and not overwrite and _is_later(stored.modified_at, guest.modified_at):
                continue
            self.state.fingerprints.pop(guest.id, None)
            stated = [p for p in stored.preferences if p.source is not Source.PMS] if stored else []
            from_pms = [p for p in guest.preferences if p.source is Source.PMS]
            self.state.guests[guest.id] = replace(guest, preferences=(*from_pms, *stated))
            if guest.id in fingerprints and len(guest.external_refs) == 1:
                self.state.fingerprints[guest.id] = (self.state.guests[guest.id], fingerprints[guest.id])

    async def add_preference(self, hotel_id: HotelId, guest_id: GuestId, preference: Preference) -> None:
        guest = await self.get(hotel_id, guest_id)
        if guest is None:
            raise Conflict("the guest is not known")
        from_pms = [p for p in guest.preferences if p.source is Source.PMS]
        stated = [p for p in (*guest.preferences, preference) if p.source is not Source.PMS]
        stated.sort(key=lambda p: (p.noted_at, p.id))
        self.state.guests[guest_id] = replace(guest, preferences=(*from_pms, *stated))

    async def remove_preference(self, hotel_id: HotelId, guest_id: GuestId, preference_id: PreferenceId) -> bool:
        guest = await self.get(hotel_id, guest_id)
        if guest is None or not any(p.id == preference_id and p.source is not Source.PMS for p in guest.preferences):
            return False
        self.state.guests[guest_id] = guest.without_preference(preference_id)
        return True

    def _by_ref(self, hotel_id: HotelId) -> dict[ExternalRef, Guest]:
        return {ref: g for g in self.state.guests.values() if g.hotel_id == hotel_id for ref in g.external_refs}


@dataclass(frozen=True, slots=True)
class InMemoryReservations(Reservations):
    """Plays Reservations on one state."""

    state: State

    async def get(self, hotel_id: HotelId, reservation_id: ReservationId) -> Reservation | None:
        reservation = self.state.reservations.get(reservation_id)
        return reservation if reservation and reservation.hotel_id == hotel_id else None

    async def by_refs(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, Reservation]:
        wanted = set(refs)
        return {r.ref: r for r in self._of_hotel(hotel_id) if r.ref in wanted}

    async def fingerprints(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, str | None]:
        held = await self.by_refs(hotel_id, refs)
        return {ref: self.state.fingerprint_of(reservation) for ref, reservation in held.items()}

    async def of_guests(
        self, hotel_id: HotelId, guest_ids: Sequence[GuestId], leaving_from: date
    ) -> tuple[Reservation, ...]:
        found = [
            r
            for r in self._of_hotel(hotel_id)
            if r.period.departure >= leaving_from and any(r.belongs_to(guest_id) for guest_id in guest_ids)
        ]
        return tuple(sorted(found, key=lambda r: (r.period.arrival, r.id)))

    async def with_code(
        self, hotel_id: HotelId, codes: Sequence[str], leaving_from: date, limit: int
    ) -> tuple[Reservation, ...]:
        found = [
            stay
            for stay in self.state.reservations.values()
            if stay.hotel_id == hotel_id
            and stay.period.departure >= leaving_from
            and (stay.room_number in codes or stay.confirmation_number in codes)
        ]
        return tuple(sorted(found, key=lambda stay: stay.id)[:limit])

    async def alone(self, hotel_id: HotelId) -> None:
        pass  # units of work run one after another

    async def save_synced(
        self,
        reservations: Sequence[Reservation],
        *,
        overwrite: bool = False,
        fingerprints: Mapping[ReservationId, str] = NO_FINGERPRINTS,
        fresh: Collection[ReservationId] = (),
    ) -> None:
        assert not any(reservation_id in self.state.reservations for reservation_id in fresh)
        held = {(r.hotel_id, r.ref): r.id for r in self.state.reservations.values()}
        for reservation in reservations:
            if held.setdefault((reservation.hotel_id, reservation.ref), reservation.id) != reservation.id:
                raise Conflict("another reservation holds this external reference already")
            if reservation.guest_id not in self.state.guests:
                raise Conflict("the guest of this reservation is not known")
            stored = self.state.reservations.get(reservation.id)
            if not stored or overwrite or not _is_later(stored.modified_at, reservation.modified_at):
                self.state.reservations[reservation.id] = reservation
                self.state.fingerprints.pop(reservation.id, None)
                if reservation.id in fingerprints:
                    self.state.fingerprints[reservation.id] = (reservation, fingerprints[reservation.id])

    async def refs_in(self, hotel_id: HotelId, period: StayPeriod) -> AsyncIterator[ExternalRef]:
        for reservation in self._in(hotel_id, period):
            yield reservation.ref

    async def count_in(self, hotel_id: HotelId, period: StayPeriod) -> int:
        return len(self._in(hotel_id, period))

    async def refs_under(self, hotel_id: HotelId, system: str, numbers: Sequence[str]) -> tuple[ExternalRef, ...]:
        return tuple(
            r.ref
            for r in self._of_hotel(hotel_id)
            if r.ref.system == system and r.confirmation_number in numbers and r.gone_at is None
        )

    async def mark_gone(self, hotel_id: HotelId, refs: Sequence[ExternalRef], at: datetime) -> int:
        wanted = set(refs)
        going = [r for r in self._of_hotel(hotel_id) if r.ref in wanted and r.gone_at is None]
        self.state.reservations.update({r.id: replace(r, gone_at=at) for r in going})
        return len(going)

    async def leave_behind(self, hotel_id: HotelId, system: str, at: datetime) -> int:
        left = [r for r in self._of_hotel(hotel_id) if r.ref.system != system and r.gone_at is None]
        self.state.reservations.update({r.id: replace(r, gone_at=at) for r in left})
        return len(left)

    async def mark_doubtful(self, hotel_id: HotelId, ref: ExternalRef, reason: str) -> bool:
        for reservation in self._of_hotel(hotel_id):
            if reservation.ref == ref:
                self.state.reservations[reservation.id] = replace(reservation, doubt=reason)
                return True
        return False

    def _of_hotel(self, hotel_id: HotelId) -> list[Reservation]:
        return [r for r in self.state.reservations.values() if r.hotel_id == hotel_id]

    def _in(self, hotel_id: HotelId, period: StayPeriod) -> list[Reservation]:
        return [r for r in self._of_hotel(hotel_id) if r.gone_at is None and r.period.overlaps(period)]


@dataclass(frozen=True, slots=True)
class InMemoryRooms(Rooms):
    """Plays Rooms on one state."""

    state: State

    async def of_hotel(self, hotel_id: HotelId) -> tuple[Room, ...]:
        rooms = [room for room in self.state.rooms.values() if room.hotel_id == hotel_id]
        return tuple(sorted(rooms, key=lambda room: room.number))

    async def replace_all(self, hotel_id: HotelId, rooms: Sequence[Room]) -> None:
        held = {room.number: room for room in await self.of_hotel(hotel_id)}
        for number in held:
            del self.state.rooms[hotel_id, number]
        for room in rooms:
            kept = held.get(room.number)
            self.state.rooms[hotel_id, room.number] = kept if kept == room else room


@dataclass(frozen=True, slots=True)
class InMemorySyncStates(SyncStates):
    """Plays SyncStates on one state."""

    state_: State

    async def state(self, hotel_id: HotelId) -> SyncState:
        return self.state_.sync_states.get(hotel_id, SyncState(hotel_id=hotel_id))

    async def confirmed_at(self, hotel_id: HotelId) -> datetime | None:
        cursor = (await self.state(hotel_id)).cursor
        return cursor.at if cursor else None

    async def save_state(self, state: SyncState) -> None:
        self.state_.sync_states[state.hotel_id] = state

    async def save_run(self, run: SyncRun) -> None:
        self.state_.sync_runs[run.id] = run

    async def running(self, hotel_id: HotelId) -> tuple[SyncRun, ...]:
        found = [
            run
            for run in self.state_.sync_runs.values()
            if run.hotel_id == hotel_id and run.status is SyncStatus.RUNNING
        ]
        return tuple(sorted(found, key=lambda run: (run.started_at, run.id)))

    async def run(self, hotel_id: HotelId, run_id: SyncRunId) -> SyncRun | None:
        run = self.state_.sync_runs.get(run_id)
        return run if run and run.hotel_id == hotel_id else None

    async def reject(self, hotel_id: HotelId, records: Sequence[RejectedRecord], now: datetime) -> None:
        for record in records:
            key = (hotel_id, record.kind, record.ref or record.raw)
            kept = self.state_.rejected.get(key)
            first = kept.first_seen_at if kept else now
            if kept and not record.raw:
                record = replace(record, raw=kept.record.raw)  # noqa: PLW2901
            self.state_.rejected[key] = StoredRejection(record=record, first_seen_at=first, last_seen_at=now)

    async def reject_only(self, hotel_id: HotelId, kind: str, records: Sequence[RejectedRecord], now: datetime) -> None:
        wanted = {(hotel_id, kind, record.ref or record.raw) for record in records}
        for key in [key for key in self.state_.rejected if key[:2] == (hotel_id, kind) and key not in wanted]:
            del self.state_.rejected[key]
        await self.reject(hotel_id, records, now)

    async def accept(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> None:
        for key in [key for key in self.state_.rejected if key[0] == hotel_id and key[2] in refs]:
            del self.state_.rejected[key]

    async def forget_nameless(self, hotel_id: HotelId, seen_before: datetime) -> None:
        old = [
            key
            for key, r in self.state_.rejected.items()
            if key[0] == hotel_id and r.record.ref is None and r.record.kind != ROOM and r.last_seen_at < seen_before
        ]
        for key in old:
            del self.state_.rejected[key]

    async def rejected_refs(self, hotel_id: HotelId, tried_before: datetime, limit: int) -> tuple[ExternalRef, ...]:
        kept = [
            r
            for key, r in self.state_.rejected.items()
            if key[0] == hotel_id and r.last_seen_at < tried_before and r.record.kind != ROOM
        ]
        kept.sort(key=lambda r: (r.last_seen_at, r.first_seen_at))
        refs = dict.fromkeys(r.record.ref for r in kept if r.record.ref is not None)
        return tuple(refs)[:limit]

    async def note_unknown(
        self, hotel_id: HotelId, system: str, values: Sequence[UnknownValue], now: datetime
    ) -> tuple[UnknownValue, ...]:
        new: list[UnknownValue] = []
        for value in dict.fromkeys(values):
            key = (hotel_id, system, value)
            held = self.state_.unknown.get(key)
            if held is None and sum(one[0] == hotel_id for one in self.state_.unknown) >= MOST_UNKNOWN:
                continue
            if held is None:
                new.append(value)
            first, times = (held.first_seen_at, held.times) if held else (now, 0)
            self.state_.unknown[key] = StoredUnknown(first_seen_at=first, last_seen_at=now, times=times + 1)
        return tuple(new)


def _is_later(held: datetime | None, new: datetime | None) -> bool:
    return held is not None and new is not None and held > new
