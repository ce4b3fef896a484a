"""What every repository of guests does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.errors import Conflict, ServiceRejected
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.contact import ContactKind, ContactPoint
from jack.domain.guest import Guest, Preference, Source
from jack.domain.ids import GuestId, HotelId, PreferenceId
from jack.domain.reconcile import Change, reconcile_guest
from tests.hotel import (
    ANNA_PHONE,
    HARBOUR,
    NOW,
    a_guest,
    a_guest_snapshot,
    a_phone,
    a_preference,
    a_ref,
    an_email,
)

RICH = a_guest(
    first_name="Ána <b>",
    last_name='Silva "Ñuñez" 東京 🏨',
    vip=True,
    loyalty_tier="Gold",
    contact_points=(
        a_phone(assumed_region=True),
        an_email(shared=True),
        ContactPoint(kind=ContactKind.PHONE, value="call my assistant", readable=False),
        ContactPoint(kind=ContactKind.WHATSAPP, value="PT.13412"),
    ),
    preferences=(a_preference(), a_preference("diet", "no nuts")),
    external_refs=(a_ref("anna"), a_ref("anna-2"), a_ref("anna", system="crm")),
)


async def save(begin: BeginUnitOfWork, *guests: Guest) -> None:
    """Commit these guests."""
    async with begin() as uow:
        await uow.guests.save_synced(guests)
        await uow.commit()


def stated(key: str = "quiet", source: Source = Source.STAFF, minutes: int = 0) -> Preference:
    """A preference that somebody of the hotel or the guest stated."""
    return a_preference(
        "room", key, id=PreferenceId(f"stated-{key}"), source=source, noted_at=NOW + timedelta(minutes=minutes)
    )


async def test_a_guest_comes_back_whole(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH)
    async with begin() as uow:
        found = await uow.guests.get(HARBOUR, RICH.id)
        assert found
        assert found == RICH
        assert found.synced_at == RICH.synced_at


async def test_the_least_of_a_guest_comes_back_too(begin: BeginUnitOfWork) -> None:
    bare = Guest(id=GuestId("bare"), hotel_id=HARBOUR, first_name="", last_name="")
    await save(begin, bare)
    async with begin() as uow:
        assert await uow.guests.get(HARBOUR, bare.id) == bare


async def test_a_guest_of_another_hotel_is_not_found(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH)
    other = HotelId("garden")
    async with begin() as uow:
        assert await uow.guests.get(other, RICH.id) is None
        assert await uow.guests.by_refs(other, RICH.external_refs) == {}
        assert await uow.guests.by_contact(other, ContactKind.PHONE, [ANNA_PHONE], 9) == ()


async def test_the_same_reference_may_stand_for_two_guests_of_two_hotels(begin: BeginUnitOfWork) -> None:
    elsewhere = a_guest(id=GuestId("elsewhere"), hotel_id=HotelId("garden"))
    await save(begin, a_guest(), elsewhere)
    async with begin() as uow:
        assert await uow.guests.by_refs(HotelId("garden"), [a_ref("anna")]) == {a_ref("anna"): elsewhere}


async def test_guests_are_found_by_any_of_their_references(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH, a_guest("bruno"))
    async with begin() as uow:
        asked = [a_ref("anna-2"), a_ref("nobody"), a_ref("anna", system="crm"), a_ref("bruno")]
        assert await uow.guests.by_refs(HARBOUR, asked) == {
            a_ref("anna-2"): RICH,
            a_ref("anna", system="crm"): RICH,
            a_ref("bruno"): a_guest("bruno"),
        }
        assert await uow.guests.by_refs(HARBOUR, []) == {}


async def test_a_thousand_references_are_looked_up_at_once(begin: BeginUnitOfWork) -> None:
    many = [a_guest(f"g{number}") for number in range(1500)]
    await save(begin, *many)
    async with begin() as uow:
        found = await uow.guests.by_refs(HARBOUR, [guest.external_refs[0] for guest in many] + [a_ref("nobody")])
        assert len(found) == 1500
        assert found[a_ref("g77")] == many[77]


async def test_guests_are_found_by_readable_contact_points_only(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH, a_guest("bruno", contact_points=(a_phone(), a_phone())), a_guest("carla"))
    async with begin() as uow:
        by_phone = await uow.guests.by_contact(HARBOUR, ContactKind.PHONE, [ANNA_PHONE, "+4930123456"], 9)
        assert by_phone == (RICH, await uow.guests.get(HARBOUR, a_guest("bruno").id))
        assert await uow.guests.by_contact(HARBOUR, ContactKind.PHONE, [ANNA_PHONE], 1) == (RICH,)
        assert await uow.guests.by_contact(HARBOUR, ContactKind.PHONE, ["call my assistant"], 9) == ()
        assert await uow.guests.by_contact(HARBOUR, ContactKind.EMAIL, [ANNA_PHONE], 9) == ()
        assert await uow.guests.by_contact(HARBOUR, ContactKind.WHATSAPP, ["PT.13412"], 9) == (RICH,)
        assert await uow.guests.by_contact(HARBOUR, ContactKind.PHONE, [], 9) == ()


async def test_guests_are_found_by_their_whole_name_in_any_case(begin: BeginUnitOfWork) -> None:
    zoe = a_guest("zoe", first_name="Zoë", last_name="de la Cruz")
    await save(begin, zoe, a_guest("bruno"))
    async with begin() as uow:
        assert await uow.guests.named(HARBOUR, [("ZOE", "De La Cruz"), ("no", "body")], 9) == (zoe,)
        assert await uow.guests.named(HARBOUR, [("zoë", "cruz"), ("de", "la cruz")], 9) == ()
        assert await uow.guests.named(HotelId("garden"), [("zoë", "de la cruz")], 9) == ()
        assert await uow.guests.named(HARBOUR, [], 9) == ()


async def test_what_the_pms_says_now_replaces_what_it_said(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH)
    newer = replace(
        RICH,
        last_name="Costa",
        contact_points=(a_phone("+351911111111"), an_email(readable=False)),
        preferences=(a_preference("pillow", "foam"),),
        external_refs=(a_ref("anna"), a_ref("anna-3")),
    )
    await save(begin, newer)
    async with begin() as uow:
        assert await uow.guests.get(HARBOUR, RICH.id) == newer
        assert await uow.guests.by_contact(HARBOUR, ContactKind.PHONE, [ANNA_PHONE], 9) == ()
        assert await uow.guests.by_contact(HARBOUR, ContactKind.PHONE, ["+351911111111"], 9) == (newer,)
        assert await uow.guests.by_contact(HARBOUR, ContactKind.EMAIL, [an_email().value], 9) == ()
        assert await uow.guests.by_refs(HARBOUR, RICH.external_refs) == {a_ref("anna"): newer}


async def test_a_sync_never_touches_what_staff_and_guests_stated(begin: BeginUnitOfWork) -> None:
    await save(begin, a_guest())
    quiet, late = stated("quiet", minutes=2), stated("late", Source.GUEST, minutes=1)
    async with begin() as uow:
        await uow.guests.add_preference(HARBOUR, a_guest().id, quiet)
        await uow.guests.add_preference(HARBOUR, a_guest().id, late)
        await uow.commit()
    # the sync read the guest before either was stated, and carries one that nobody stated
    await save(begin, replace(a_guest(), first_name="Ana", preferences=(a_preference(), stated("invented"))))
    async with begin() as uow:
        found = await uow.guests.get(HARBOUR, a_guest().id)
        assert found
        assert found.first_name == "Ana"
        assert found.preferences == (a_preference(), late, quiet)
        assert await uow.guests.by_refs(HARBOUR, [a_ref("anna")]) == {a_ref("anna"): found}


async def test_only_stated_preferences_can_be_removed(begin: BeginUnitOfWork) -> None:
    await save(begin, a_guest())
    guest_id = a_guest().id
    async with begin() as uow:
        await uow.guests.add_preference(HARBOUR, guest_id, stated())
        assert not await uow.guests.remove_preference(HARBOUR, guest_id, a_preference().id)
        assert not await uow.guests.remove_preference(HotelId("garden"), guest_id, stated().id)
        assert not await uow.guests.remove_preference(HARBOUR, GuestId("nobody"), stated().id)
        assert await uow.guests.remove_preference(HARBOUR, guest_id, stated().id)
        assert not await uow.guests.remove_preference(HARBOUR, guest_id, stated().id)
        assert await uow.guests.get(HARBOUR, guest_id) == a_guest()


async def test_a_preference_of_nobody_is_a_conflict(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.guests.add_preference(HARBOUR, GuestId("nobody"), stated())


@pytest.mark.parametrize("refs", [(a_ref("anna"),), (a_ref("anna-2"),), (a_ref("new"), a_ref("anna"))])
async def test_two_guests_with_one_reference_are_a_conflict(begin: BeginUnitOfWork, refs: tuple[object, ...]) -> None:
    await save(begin, RICH)
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.guests.save_synced([a_guest("bruno", external_refs=refs)])


async def test_two_guests_with_one_reference_in_one_page_are_a_conflict(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.guests.save_synced([a_guest(), a_guest("bruno", external_refs=(a_ref("anna"),))])


async def test_a_stored_guest_reconciles_to_unchanged(begin: BeginUnitOfWork) -> None:
    first = reconcile_guest(
        None, a_guest_snapshot(), hotel_id=HARBOUR, contact_points=(a_phone(), an_email()), now=NOW
    ).guest
    await save(begin, first)
    async with begin() as uow:
        known = await uow.guests.get(HARBOUR, first.id)
        again = reconcile_guest(
            known, a_guest_snapshot(), hotel_id=HARBOUR, contact_points=(a_phone(), an_email()), now=NOW
        )
        assert again.change is Change.UNCHANGED


async def test_half_a_character_is_rejected_by_the_databases(database: Database) -> None:
    async with BeginSqlUnitOfWork(database)() as uow:
        with pytest.raises(ServiceRejected):
            await uow.guests.save_synced([a_guest(first_name="\ud83c")])
