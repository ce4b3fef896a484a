"""Any history of a PMS and of Jack, step by step; at its end Jack's copy must equal the PMS."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.application.errors import Conflict, OutsideFailure
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage
from jack.application.ports.unit_of_work import UnitOfWork
from jack.application.stays.apply import read_contact_points
from jack.application.stays.pages import PageKeeper
from jack.application.stays.preferences import NotePreference
from jack.application.stays.sync import SyncReservations
from jack.domain.guest import Source
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import PreferenceSnapshot, RoomSnapshot
from jack.domain.sync import SyncKind, SyncRun, SyncStatus
from tests.equality.model import Doom, Hotel, Killed, ModelPms, Record, stamp
from tests.fakes.clock import FixedClock
from tests.fakes.hotels import ListedHotels
from tests.fakes.pms import ListedPms
from tests.hotel import HARBOUR, a_guest_snapshot, a_hotel, a_period, a_ref, a_reservation_snapshot

OVERLAP = timedelta(minutes=10)

keys = st.sampled_from([f"R-{n}" for n in range(8)])
people = st.sampled_from(["anna", "bruno", "carla", "dora"])
displacements = st.integers(-600, 600).map(lambda seconds: timedelta(seconds=seconds))
changes = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(list(ReservationStatus)),
        "room_number": st.sampled_from([None, "101", "204", "305"]),
        "room_type": st.sampled_from([None, "Sea View"]),
        "arrival": st.integers(-3, 0),
        "departure": st.integers(0, 20),
        "adults": st.integers(0, 3),
        "children": st.integers(0, 3),
        "special_requests": st.sampled_from([(), ("cot",), ("cot", "late")]),
        "confirmation_number": st.sampled_from(["B-1", "B-2", "B-3"]),
        "companions": st.sampled_from([(), ("bruno",), ("carla", "dora")]),
        "guest": people,
    },
)
Do = Callable[[], None]


class Histories(RuleBasedStateMachine):
    """Histories over one database. `open_database` gives a fresh, migrated one for every history."""

    open_database: Callable[[], Database]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = type(self).open_database()
        self.clock = FixedClock()
        self.hotel = Hotel()
        self.doom = Doom()
        self.held_back: list[ReservationPage] = []
        self.needs_full = False
        self.stamps: dict[str, datetime] = {}  # also of what was deleted
        self.noted: set[tuple[str, str]] = set()
        self.hotels = ListedHotels(a_hotel(), overlap=OVERLAP)
        self.phones = LibPhoneReader()
        self.pms = ModelPms(self.hotel, self.clock, self.doom)
        self._new_process()

    # what the PMS does

    @initialize()
    def a_hotel_opens(self) -> None:
        for key in ("anna", "bruno", "carla", "dora"):
            self.hotel.guests[key] = a_guest_snapshot(key, modified_at=self.clock.now() - timedelta(days=1))

    @rule(key=keys, fields=changes, displaced=displacements)
    def commits(self, key: str, fields: dict[str, Any], displaced: timedelta) -> None:
        """Somebody books, changes or cancels; the modification time may be early, late or wrong up to the overlap."""
        self._put(key, fields, displaced)

    @rule(key=keys, fields=changes, displaced=displacements)
    def commits_while_a_reading_goes_on(self, key: str, fields: dict[str, Any], displaced: timedelta) -> None:
        self.pms.meanwhile.append(lambda: self._put(key, fields, displaced))
        self.needs_full |= self.pms.shifting

    @rule(key=keys, meanwhile=st.booleans())
    def deletes(self, key: str, meanwhile: bool) -> None:
        def delete() -> None:
            self.needs_full |= self.hotel.records.pop(key, None) is not None

        if meanwhile:
            self.pms.meanwhile.append(delete)
        else:
            delete()

    @rule(key=people, name=st.sampled_from(["Ann", "Bea"]), vip=st.booleans(), pillow=st.sampled_from(["soft", "firm"]))
    def a_guest_changes(self, key: str, name: str, vip: bool, pillow: str) -> None:
        """Not told by any reservation's modification time, so only a full reading or a notice can find it."""
        held = self.hotel.guests[key]
        self.hotel.guests[key] = replace(
            held,
            first_name=name,
            vip=vip,
            preferences=(PreferenceSnapshot(category="pillow", value=pillow),),
            modified_at=stamp(self.clock.now(), timedelta(), held.modified_at),
        )
        self.needs_full = True

    @rule(key=keys, broken=st.booleans())
    def a_record_becomes_unreadable_or_readable(self, key: str, broken: bool) -> None:
        if key in self.hotel.records:
            self.hotel.records[key].broken = broken
            self.needs_full = True

    @rule(number=st.sampled_from(["101", "204"]), clean=st.booleans(), there=st.booleans())
    def a_room_changes(self, number: str, clean: bool, there: bool) -> None:
        self.hotel.rooms.pop(number, None)
        if there:
            housekeeping = Housekeeping.CLEAN if clean else Housekeeping.DIRTY
            self.hotel.rooms[number] = RoomSnapshot(
                number=number, occupancy=Occupancy.VACANT, housekeeping=housekeeping
            )

    @rule(shifting=st.booleans())
    def pages_shift_or_not(self, shifting: bool) -> None:
        self.pms.shifting = shifting
        self.needs_full |= shifting

    @rule(after=st.integers(0, 5))
    def the_pms_will_be_away(self, after: int) -> None:
        self.pms.fails_after = after

    # what Jack does

    @rule(seconds=st.sampled_from([1, 30, 121, 300, 900]))
    def time_passes(self, seconds: int) -> None:
        self.clock.move(timedelta(seconds=seconds))

    @rule(kind=st.sampled_from([None, SyncKind.FULL]), dies_at=st.none() | st.integers(0, 40))
    def jack_syncs(self, kind: SyncKind | None, dies_at: int | None) -> None:
        """A run, which may be killed at any point and may find that another one goes on."""
        self.doom.left = dies_at
        with suppress(Conflict):
            self._play(self.sync(HARBOUR, kind))

    @rule(
        stays=st.lists(keys, min_size=1, max_size=3),
        guests=st.lists(people, max_size=2),
        held=st.booleans(),
        times=st.integers(1, 2),
        dies_at=st.none() | st.integers(0, 6),
    )
    def a_notice_comes(self, stays: list[str], guests: list[str], held: bool, times: int, dies_at: int | None) -> None:
        """Once or twice; what it named is read at once, and kept at once or much later. A lost notice is no step."""
        self.doom.left = dies_at

        async def follow() -> None:
            async for page in self.pms.named(PmsHints(stays=tuple(stays), guests=tuple(guests))):
                if held:
                    self.held_back.append(page)
                    self.needs_full = True
                for _ in range(0 if held else times):
                    await self.keeper.page(page)

        with suppress(OutsideFailure):
            self._play(follow())

    @precondition(lambda self: self.held_back)
    @rule(which=st.integers(0, 9))
    def what_was_read_long_ago_is_kept_now(self, which: int) -> None:
        page = self.held_back.pop(which % len(self.held_back))
        self._play(self.keeper.page(page))

    @rule(key=people)
    def staff_note_a_preference(self, key: str) -> None:
        async def note() -> None:
            async with self.begin() as uow:
                found = await uow.guests.by_refs(HARBOUR, [a_ref(key)])
            for guest in found.values():
                await NotePreference(self.begin, self.clock)(HARBOUR, guest.id, "allergy", "nuts")
                self.noted.add((key, "nuts"))

        self._play(note())

    # the end

    def teardown(self) -> None:
        try:
            self._settle()
        finally:
            self.loop.run_until_complete(self.database.aclose())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()

    def _settle(self) -> None:
        """The PMS is there and nothing more happens; what was decided to happen during a reading has happened."""
        self.pms.fails_after = None
        while self.pms.meanwhile:
            self.pms.meanwhile.pop(0)()
        self.pms.shifting = False
        for key, record in self.hotel.records.items():
            if record.broken:
                record.broken = False
                self._put(key, {}, timedelta())
        self.doom.left = None
        self.clock.move(timedelta(minutes=15))
        run = self._play(self.sync(HARBOUR))
        assert run is not None
        assert run.status is SyncStatus.COMPLETE, run.error
        if not self.needs_full:
            self._compare()
        run = self._play(self.sync(HARBOUR, SyncKind.FULL))
        assert run is not None
        assert run.status is SyncStatus.COMPLETE, run.error
        self._compare()
        again = self._play(self.sync(HARBOUR, SyncKind.FULL))
        assert again is not None
        counts = again.counts
        assert (counts.created, counts.updated, counts.rejected, counts.gone) == (0, 0, 0, 0)

    def _compare(self) -> None:
        held, guests, rooms = self._play(self._all()) or ([], [], ())
        assert {stay["key"]: stay for stay in held} == {
            key: self._expected(record) for key, record in self.hotel.records.items()
        }
        wanted = {key for r in self.hotel.records.values() for key in (r.guest, *r.companions)}
        told = {guest["key"]: guest for guest in guests if guest["key"] in wanted}
        assert told == {key: self._expected_guest(key) for key in wanted}
        assert {(room.number, room.occupancy, room.housekeeping) for room in rooms} == {
            (room.number, room.occupancy, room.housekeeping) for room in self.hotel.rooms.values()
        }
        assert self.noted <= {(g["key"], words[1]) for g in guests for words in g["stated"]}

    async def _all(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Any]:
        async with self.begin() as uow:
            refs = [a_ref(f"R-{n}") for n in range(8)]
            found = await uow.reservations.by_refs(HARBOUR, refs)
            people_refs = [a_ref(key) for key in self.hotel.guests]
            guests = await uow.guests.by_refs(HARBOUR, people_refs)
            rooms = await uow.rooms.of_hotel(HARBOUR)
        by_id = {guest.id: ref.key for ref, guest in guests.items()}
        stays = [
            {
                "key": stay.ref.key,
                "facts": (stay.confirmation_number, stay.status, stay.period, stay.room_number, stay.room_type),
                "more": (stay.adults, stay.children, stay.special_requests, stay.modified_at, stay.doubt),
                "guest": by_id[stay.guest_id],
                "companions": tuple(by_id[c.guest_id] for c in stay.companions if c.guest_id),
            }
            for stay in found.values()
            if stay.gone_at is None
        ]
        told = [
            {
                "key": ref.key,
                "facts": (guest.first_name, guest.last_name, guest.vip, guest.language, guest.contact_points),
                "preferences": {(p.category, p.value) for p in guest.preferences if p.source is Source.PMS},
                "stated": {(p.category, p.value) for p in guest.preferences if p.source is not Source.PMS},
            }
            for ref, guest in guests.items()
        ]
        return stays, told, rooms

    def _expected(self, record: Record) -> dict[str, Any]:
        told = record.fields
        return {
            "key": record.key,
            "facts": (told.confirmation_number, told.status, told.period, told.room_number, told.room_type),
            "more": (told.adults, told.children, told.special_requests, told.modified_at, None),
            "guest": record.guest,
            "companions": record.companions,
        }

    def _expected_guest(self, key: str) -> dict[str, Any]:
        told = self.hotel.guests[key]
        points = read_contact_points(told, a_hotel(), self.phones)
        stated = {("allergy", "nuts")} if (key, "nuts") in self.noted else set()
        return {
            "key": key,
            "facts": (told.first_name, told.last_name, told.vip, told.language, points),
            "preferences": {(p.category, p.value) for p in told.preferences},
            "stated": stated,
        }

    # how it is done

    def _put(self, key: str, fields: dict[str, Any], displaced: timedelta) -> None:
        held = self.hotel.records.get(key)
        before = held.fields if held else a_reservation_snapshot(key, confirmation_number="B-1", modified_at=None)
        given = dict(fields)
        guest = given.pop("guest", held.guest if held else "anna")
        companions = given.pop("companions", held.companions if held else ())
        if "arrival" in given or "departure" in given:
            given["period"] = a_period(given.pop("arrival", -1), given.pop("departure", 2))
        at = self.clock.now() + displaced
        self.needs_full |= at < self.stamps.get(key, at)  # a version that goes back, which only a full reading believes
        self.stamps[key] = at
        self.hotel.records[key] = Record(
            key=key,
            fields=replace(before, **given, modified_at=at),
            guest=guest,
            companions=tuple(c for c in companions if c != guest),
            broken=held.broken if held else False,
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work in which the process may die: at its beginning, right before and right after the commit."""
        doom = self.doom
        doom.point()
        async with BeginSqlUnitOfWork(self.database)() as uow:
            commit = uow.commit

            async def deadly() -> None:
                doom.point()
                await commit()
                doom.point()

            uow.commit = deadly  # type: ignore[method-assign]
            yield uow

    def _play(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Play it; when it is killed there is a new process afterwards, and its result is None."""
        try:
            return self.loop.run_until_complete(doing)
        except Killed:
            self._new_process()
            return None
        finally:
            self.doom.left = None

    def _new_process(self) -> None:
        meanwhile, shifting = self.pms.meanwhile, self.pms.shifting
        self.doom = Doom()
        self.pms = ModelPms(self.hotel, self.clock, self.doom)
        self.pms.meanwhile, self.pms.shifting = meanwhile, shifting
        self.sync: Callable[..., Coroutine[Any, Any, SyncRun]] = SyncReservations(
            self.begin, ListedPms({HARBOUR: self.pms}), self.hotels, self.phones, self.clock
        ).__call__
        self.keeper = PageKeeper(self.begin, self.phones, self.clock, a_hotel(), self.pms.system)
