"""What every store remembers of what made a guest or a stay what it is, and when it must forget that."""

from dataclasses import replace

from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import HotelId
from tests.hotel import HARBOUR, NOW, a_guest, a_ref, a_stay

ANNA, STAY = a_guest(), a_stay()
NOBODY = a_ref("nobody")


async def save(begin: BeginUnitOfWork) -> None:
    """Commit Anna and her stay, as snapshots made them."""
    async with begin() as uow:
        await uow.guests.save_synced([ANNA], fingerprints={ANNA.id: "anna1"}, fresh={ANNA.id})
        await uow.reservations.save_synced([STAY], fingerprints={STAY.id: "stay1"}, fresh={STAY.id})
        await uow.commit()


async def test_fingerprints_come_back_by_reference(begin: BeginUnitOfWork) -> None:
    await save(begin)
    async with begin() as uow:
        assert await uow.guests.fingerprints(HARBOUR, [a_ref("anna"), NOBODY]) == {a_ref("anna"): (ANNA.id, "anna1")}
        assert await uow.reservations.fingerprints(HARBOUR, [STAY.ref, NOBODY]) == {STAY.ref: "stay1"}
        assert await uow.guests.fingerprints(HotelId("garden"), [a_ref("anna")]) == {}
        assert await uow.reservations.fingerprints(HotelId("garden"), [STAY.ref]) == {}
        assert await uow.guests.fingerprints(HARBOUR, [a_ref("anna", system="crm")]) == {}
        assert await uow.guests.fingerprints(HARBOUR, []) == {}
        assert await uow.reservations.fingerprints(HARBOUR, []) == {}


async def test_a_newer_fingerprint_replaces_the_older(begin: BeginUnitOfWork) -> None:
    await save(begin)
    async with begin() as uow:
        await uow.guests.save_synced([ANNA], fingerprints={ANNA.id: "anna2"})
        await uow.reservations.save_synced([STAY], fingerprints={STAY.id: "stay2"})
        assert await uow.guests.fingerprints(HARBOUR, [a_ref("anna")]) == {a_ref("anna"): (ANNA.id, "anna2")}
        assert await uow.reservations.fingerprints(HARBOUR, [STAY.ref]) == {STAY.ref: "stay2"}


async def test_what_is_saved_for_another_reason_has_to_be_compared(begin: BeginUnitOfWork) -> None:
    await save(begin)
    async with begin() as uow:
        await uow.guests.save_synced([replace(ANNA, last_name="Souza")])
        await uow.reservations.save_synced([replace(STAY, room_number="9")])
        assert await uow.guests.fingerprints(HARBOUR, [a_ref("anna")]) == {a_ref("anna"): (ANNA.id, None)}
        assert await uow.reservations.fingerprints(HARBOUR, [STAY.ref]) == {STAY.ref: None}


async def test_a_stay_that_was_gone_or_in_doubt_has_to_be_compared(begin: BeginUnitOfWork) -> None:
    for change in ("gone", "doubt"):
        async with begin() as uow:
            await uow.guests.save_synced([ANNA])
            await uow.reservations.save_synced([STAY], fingerprints={STAY.id: "stay1"})
            assert await uow.reservations.fingerprints(HARBOUR, [STAY.ref]) == {STAY.ref: "stay1"}
            if change == "gone":
                await uow.reservations.mark_gone(HARBOUR, [STAY.ref], NOW)
            else:
                await uow.reservations.mark_doubtful(HARBOUR, STAY.ref, "unreadable")
            assert await uow.reservations.fingerprints(HARBOUR, [STAY.ref]) == {STAY.ref: None}
            await uow.commit()


async def test_a_guest_with_several_references_is_always_compared(begin: BeginUnitOfWork) -> None:
    # each of them tells of the same guest, and none of them alone says what is stored
    both = replace(ANNA, external_refs=(a_ref("anna"), a_ref("anna-2")))
    async with begin() as uow:
        await uow.guests.save_synced([both], fingerprints={ANNA.id: "anna1"})
        found = await uow.guests.fingerprints(HARBOUR, both.external_refs)
        assert found == {a_ref("anna"): (ANNA.id, None), a_ref("anna-2"): (ANNA.id, None)}


async def test_an_older_version_leaves_the_fingerprint_of_the_newer(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.guests.save_synced([replace(ANNA, modified_at=NOW)], fingerprints={ANNA.id: "new"})
        await uow.guests.save_synced([ANNA], fingerprints={ANNA.id: "old"})
        assert await uow.guests.fingerprints(HARBOUR, [a_ref("anna")]) == {a_ref("anna"): (ANNA.id, "new")}
