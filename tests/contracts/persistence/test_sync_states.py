"""What every repository of the sync does."""

from dataclasses import replace
from datetime import timedelta

from jack.application.ports.stays_store import MOST_UNKNOWN
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import ExternalRef, HotelId, SyncRunId
from jack.domain.snapshot import RejectedRecord, UnknownValue
from jack.domain.sync import (
    MissingStays,
    SyncCounts,
    SyncCursor,
    SyncKind,
    SyncLoad,
    SyncRun,
    SyncState,
    SyncStatus,
)
from tests.hotel import HARBOUR, NOW, a_period, a_ref

GARDEN = HotelId("garden")
LATER = NOW + timedelta(minutes=1)
MUCH_LATER = NOW + timedelta(days=1)


def a_run(key: str = "run-1", **fields: object) -> SyncRun:
    """A run that goes on."""
    given: dict[str, object] = {
        "id": SyncRunId(key),
        "hotel_id": HARBOUR,
        "kind": SyncKind.CHANGES,
        "started_at": NOW,
    }
    return SyncRun(**(given | fields))  # type: ignore[arg-type]  # a test's builder


def bad(key: str | None = "R-1", *, kind: str = "reservation", reason: str = "odd", raw: str = "{}") -> RejectedRecord:
    """A record that could not be read."""
    return RejectedRecord(kind=kind, ref=a_ref(key) if key else None, reason=reason, raw=raw)


async def test_a_hotel_that_never_ran_has_a_fresh_state(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        assert await uow.sync.state(HARBOUR) == SyncState(hotel_id=HARBOUR)
        assert await uow.sync.confirmed_at(HARBOUR) is None
        assert await uow.sync.confirmed_at(GARDEN) is None


async def test_a_state_comes_back_whole(begin: BeginUnitOfWork) -> None:
    state = SyncState(
        system="mock",
        hotel_id=HARBOUR,
        cursor=SyncCursor(at=NOW),
        last_success_at=NOW + timedelta(seconds=1),
        last_started_at=NOW + timedelta(seconds=2),
        retry_after=NOW + timedelta(seconds=3),
        lease_owner="worker",
        lease_until=NOW + timedelta(seconds=4),
        unreachable_since=NOW + timedelta(seconds=5),
        load=SyncLoad(began_at=NOW + timedelta(seconds=6), done=a_period(-3, 30)),
        last_full_at=NOW + timedelta(seconds=7),
        full_tried_at=NOW + timedelta(seconds=8),
        missing=MissingStays(number=25, held=30, run_id=SyncRunId("run-1"), confirmed=True),
    )
    async with begin() as uow:
        await uow.sync.save_state(state)
        await uow.commit()
    async with begin() as uow:
        assert await uow.sync.state(HARBOUR) == state
        assert await uow.sync.state(GARDEN) == SyncState(hotel_id=GARDEN)
        begun = SyncState(hotel_id=HARBOUR, load=SyncLoad(began_at=NOW))
        await uow.sync.save_state(begun)
        assert await uow.sync.state(HARBOUR) == begun
        await uow.sync.save_state(SyncState(hotel_id=HARBOUR))
        assert await uow.sync.state(HARBOUR) == SyncState(hotel_id=HARBOUR)


async def test_the_pms_was_last_confirmed_when_the_last_complete_run_began(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.sync.save_state(SyncState(hotel_id=HARBOUR, cursor=SyncCursor(at=NOW), last_success_at=LATER))
        assert await uow.sync.confirmed_at(HARBOUR) == NOW


async def test_a_run_comes_back_as_it_was_stored_last(begin: BeginUnitOfWork) -> None:
    counts = SyncCounts(created=1, updated=2, unchanged=3, rejected=4, gone=5)
    done = replace(a_run(), counts=counts, total=40).stopped(LATER, "the PMS is down")
    async with begin() as uow:
        await uow.sync.save_run(a_run())
        assert await uow.sync.run(HARBOUR, a_run().id) == a_run()
        await uow.sync.save_run(done)
        assert await uow.sync.run(HARBOUR, a_run().id) == done
        assert await uow.sync.run(GARDEN, a_run().id) is None


async def test_runs_that_go_on_are_listed_oldest_first(begin: BeginUnitOfWork) -> None:
    first, second = a_run("run-9", started_at=NOW), a_run("run-2", started_at=LATER)
    async with begin() as uow:
        for run in (second, first, a_run("done", status=SyncStatus.COMPLETE), a_run("garden", hotel_id=GARDEN)):
            await uow.sync.save_run(run)
        assert await uow.sync.running(HARBOUR) == (first, second)


async def test_bad_records_are_kept_once_and_tried_again_oldest_first(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.sync.reject(HARBOUR, [bad("R-1"), bad("R-2"), bad(None)], NOW)
        await uow.sync.reject(HARBOUR, [bad("R-3")], LATER)
        await uow.sync.reject(HARBOUR, [bad("R-1", reason="still odd")], LATER + timedelta(seconds=1))
        await uow.sync.reject(GARDEN, [bad("R-4")], NOW)
        everything = await uow.sync.rejected_refs(HARBOUR, MUCH_LATER, 9)
        assert everything == (a_ref("R-2"), a_ref("R-3"), a_ref("R-1"))
        assert await uow.sync.rejected_refs(HARBOUR, MUCH_LATER, 1) == (a_ref("R-2"),)
        assert await uow.sync.rejected_refs(HARBOUR, LATER, 9) == (a_ref("R-2"),)
        assert await uow.sync.rejected_refs(HARBOUR, NOW, 9) == ()


async def test_a_reference_that_is_bad_in_two_ways_is_tried_once(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.sync.reject(HARBOUR, [bad("R-1"), bad("R-1", kind="guest")], NOW)
        assert await uow.sync.rejected_refs(HARBOUR, LATER, 9) == (a_ref("R-1"),)


async def test_what_was_read_after_all_is_forgotten(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.sync.reject(HARBOUR, [bad("R-1"), bad("R-1", kind="guest"), bad("R-2")], NOW)
        await uow.sync.accept(HARBOUR, [a_ref("R-1"), a_ref("R-9")])
        await uow.sync.accept(HARBOUR, [])
        await uow.sync.accept(GARDEN, [a_ref("R-2")])
        assert await uow.sync.rejected_refs(HARBOUR, LATER, 9) == (a_ref("R-2"),)


async def test_a_bad_record_may_hold_any_characters(begin: BeginUnitOfWork) -> None:
    ref = ExternalRef(system="mock", key="ключ 🗝 '\"\\")
    record = RejectedRecord(kind="reservation", ref=ref, reason="a NUL: \x00", raw='{"half": "\ud83c"}\x00')
    async with begin() as uow:
        await uow.sync.reject(HARBOUR, [record], NOW)
        assert await uow.sync.rejected_refs(HARBOUR, LATER, 9) == (ref,)
        await uow.sync.accept(HARBOUR, [ref])
        assert await uow.sync.rejected_refs(HARBOUR, LATER, 9) == ()


def a_word(value: str = "OOS", field: str = "room.state") -> UnknownValue:
    """A word of the vendor that Jack does not know."""
    return UnknownValue(field=field, value=value)


async def test_an_unknown_word_is_new_once_for_each_hotel_and_system(begin: BeginUnitOfWork) -> None:
    words = (a_word("OOS"), a_word("OOO"), a_word("OOS", "guest.language"))
    async with begin() as uow:
        assert await uow.sync.note_unknown(HARBOUR, "mews", (), NOW) == ()
        assert set(await uow.sync.note_unknown(HARBOUR, "mews", words[:2], NOW)) == {*words[:2]}
        assert set(await uow.sync.note_unknown(HARBOUR, "mews", (*words, *words), LATER)) == {words[2]}
        assert await uow.sync.note_unknown(HARBOUR, "mews", words, LATER) == ()
        assert await uow.sync.note_unknown(HARBOUR, "apaleo", words[:1], LATER) == words[:1]
        assert await uow.sync.note_unknown(GARDEN, "mews", words[:1], LATER) == words[:1]


async def test_an_unknown_word_is_noted_only_with_what_came_with_it(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.sync.note_unknown(HARBOUR, "mews", (a_word(),), NOW)
    async with begin() as uow:
        assert await uow.sync.note_unknown(HARBOUR, "mews", (a_word(),), NOW) == (a_word(),)


async def test_unknown_words_that_no_database_could_store_are_noted_all_the_same(begin: BeginUnitOfWork) -> None:
    odd = UnknownValue(field="note\x00\ud800", value="nul\x00" + "x" * 5000)
    async with begin() as uow:
        assert await uow.sync.note_unknown(HARBOUR, "mews", (odd,), NOW) == (odd,)
        await uow.commit()
    async with begin() as uow:
        assert await uow.sync.note_unknown(HARBOUR, "mews", (odd,), NOW) == ()


async def test_a_field_of_free_text_does_not_fill_the_database_with_unknown_words(begin: BeginUnitOfWork) -> None:
    words = [a_word(f"free text {number}") for number in range(MOST_UNKNOWN + 1)]
    async with begin() as uow:
        assert len(await uow.sync.note_unknown(HARBOUR, "mews", words[:3], NOW)) == 3
        assert len(await uow.sync.note_unknown(HARBOUR, "mews", words, NOW)) == MOST_UNKNOWN - 3
        assert await uow.sync.note_unknown(HARBOUR, "mews", words, NOW) == ()
        assert await uow.sync.note_unknown(GARDEN, "mews", words[:1], NOW) == (words[0],)
