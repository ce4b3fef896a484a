"""Who stays, and what is known of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import ServiceRejected
from jack.application.ports.pms import SearchBy
from jack.domain.snapshot import PreferenceSnapshot
from jack.domain.sync import SyncWindow
from tests.adapters.pms.mews.conftest import ALWAYS, AROUND, World, at_mews, one, read
from tests.hotel import NOW, a_guest_snapshot
from tests.simulators.pms.mews_truth import wire

LATELY = SyncWindow(since=NOW - timedelta(minutes=10), until=NOW)


async def test_companions_are_attached_and_the_owner_is_none_of_them(world: World) -> None:
    world.holds(companions=(a_guest_snapshot("bruno"), a_guest_snapshot("carla")))

    stay = await one(world.pms())

    assert stay.guest.first_name == "Anna"
    assert [companion.first_name for companion in stay.companions] == ["Bruno", "Carla"]


async def test_a_companion_of_the_whole_group_is_put_into_no_room(world: World) -> None:
    world.holds(companions=(a_guest_snapshot("bruno"),))
    world.house.otherwise["R-1 with bruno"] = {"ReservationId": None}
    assert (await one(world.pms())).companions == ()


async def test_of_a_company_that_owns_the_stay_the_first_companion_is_the_guest(world: World) -> None:
    world.holds(companions=(a_guest_snapshot("bruno"),))
    world.house.companies["company-1"] = "Travel Ltd"
    world.house.owned["R-1"] = "company-1"

    stay = await one(world.pms())

    assert stay.guest.ref == at_mews("anna")
    assert [companion.ref for companion in stay.companions] == [at_mews("bruno")]


async def test_a_company_without_anybody_is_a_name_that_cannot_be_reached(world: World) -> None:
    world.holds()
    world.house.companies["company-1"] = "Travel Ltd"
    world.house.owned["R-1"] = "company-1"
    world.house.otherwise["R-1 with anna"] = {"ReservationId": "another"}

    guest = (await one(world.pms())).guest

    assert (guest.ref, guest.first_name, guest.last_name) == (at_mews("company-1"), "", "Travel Ltd")
    assert (guest.phones, guest.emails) == ((), ())


async def test_a_companys_stay_whose_guest_cannot_be_read_does_not_become_the_companys(world: World) -> None:
    world.holds()
    world.house.companies["company-1"] = "Travel Ltd"
    world.house.owned["R-1"] = "company-1"
    world.house.otherwise["anna"] = {"LastName": ["Silva"]}

    found = await read(world.pms().staying(AROUND))

    assert found.stays == {}
    assert ("reservation", at_mews("R-1")) in {(record.kind, record.ref) for record in found.rejected}


@pytest.mark.parametrize("word", ["PaymasterAccount", "Staff"])
async def test_an_account_of_the_house_is_no_guest(world: World, word: str) -> None:
    world.holds(companions=(a_guest_snapshot("bruno"),))
    world.house.otherwise["anna"] = {"Classifications": [word]}
    stay = await one(world.pms())
    assert (stay.guest.ref, stay.companions) == (at_mews("bruno"), ())

    world.holds("R-2")
    alone = await one(world.pms(), "R-2")
    assert (alone.guest.last_name, alone.guest.phones, alone.guest.emails) == ("Silva", (), ())


async def test_a_merged_customer_is_whom_they_were_merged_into(world: World) -> None:
    world.holds()
    for key in ("anna-2", "anna-3"):
        world.house.guests[key] = a_guest_snapshot(key, first_name="Annabel")
    world.house.otherwise["anna"] = {"MergeTargetId": "anna-2", "IsActive": False}
    world.house.otherwise["anna-2"] = {"MergeTargetId": "anna-3", "IsActive": False}
    pms = world.pms()

    guest = (await one(pms)).guest

    assert (guest.ref, guest.first_name) == (at_mews("anna-3"), "Annabel")
    assert await pms.guest(at_mews("anna")) == guest
    world.house.otherwise["anna-3"] = {"MergeTargetId": "anna"}
    assert (await one(pms)).guest.last_name == "Silva"


async def test_stays_follow_a_merge_that_changes_the_customer_alone(world: World) -> None:
    world.holds("R-1", arrival=1, departure=3)
    world.holds("R-2", arrival=-9, departure=-6)
    world.house.guests["anna-2"] = a_guest_snapshot("anna-2", first_name="Annabel", modified_at=NOW)
    pms = world.pms()
    hints = pms.hints(b'{"Events": [{"Discriminator": "CustomerUpdated", "Value": {"Id": "anna"}}]}')
    world.house.otherwise["anna"] = {"MergeTargetId": "anna-2", "IsActive": False, "UpdatedUtc": wire(LATELY.since)}

    for found in (await read(pms.changed(LATELY)), await read(pms.named(hints))):
        assert {key: stay.guest.ref for key, stay in found.stays.items()} == {"R-1": at_mews("anna-2")}
        assert found.guests["anna-2"].first_name == "Annabel"
        left = found.guests["anna"]
        assert (left.last_name, left.phones, left.emails, left.preferences) == ("Silva", (), (), ())


async def test_of_a_deleted_customer_only_the_name_is_left(world: World) -> None:
    world.holds()
    world.house.otherwise["anna"] = {"IsActive": False}
    pms = world.pms()

    guest = (await one(pms)).guest

    assert (guest.last_name, guest.phones, guest.emails, guest.preferences) == ("Silva", (), (), ())
    assert await pms.guest(at_mews("anna")) is None


async def test_a_relay_address_of_a_booking_portal_is_no_identity(world: World) -> None:
    world.holds()
    world.house.otherwise["anna"] = {"HasOtaEmail": True, "Email": "anna.1234@guest.booking.example"}
    pms = world.pms()

    assert (await one(pms)).guest.emails == ()
    assert await pms.search_guests(SearchBy.EMAIL, "anna.1234@guest.booking.example") == ()


async def test_the_language_is_the_preferred_one_and_never_the_nationalitys(world: World) -> None:
    world.holds()
    world.house.otherwise["anna"] = {
        "PreferredLanguageCode": None,
        "LanguageCode": "pt-PT",
        "NationalityCode": "PT",
    }
    assert (await one(world.pms())).guest.language is None

    world.house.otherwise["anna"] |= {"PreferredLanguageCode": "fr-ca"}
    assert (await one(world.pms())).guest.language == "fr-CA"
    world.house.otherwise["anna"] |= {"PreferredLanguageCode": "Klingon!"}
    found = await read(world.pms().staying(AROUND))
    assert found.stays["R-1"].guest.language is None
    assert ("customer.PreferredLanguageCode", "Klingon!") in found.unknown


async def test_the_script_of_a_language_is_not_kept(world: World) -> None:
    world.holds()
    for told, kept in (("sr-Latn-RS", "sr-RS"), ("zh-Hans", "zh-Hans"), ("de_AT", "de-AT")):
        world.house.otherwise["anna"] = {"PreferredLanguageCode": told}
        assert (await one(world.pms())).guest.language == kept


@pytest.mark.parametrize("word", ["Important", "VeryImportant", "TopManagement"])
async def test_important_guests_are_vip(world: World, word: str) -> None:
    world.holds()
    world.house.otherwise["anna"] = {"Classifications": ["Returning", word]}
    assert (await one(world.pms())).guest.vip


async def test_a_classification_that_nobody_knows_is_named_and_makes_nobody_vip(world: World) -> None:
    world.holds()
    world.house.otherwise["anna"] = {"Classifications": ["Royal", "InRoom"]}

    found = await read(world.pms().staying(AROUND))

    assert not found.stays["R-1"].guest.vip
    assert found.unknown == {("customer.Classifications", "Royal")}


async def test_special_requests_are_asked_for_by_name(world: World) -> None:
    world.holds(special_requests=("Quiet room", "Cot"))
    world.house.notes = [
        {"Id": "n", "OrderId": "R-1", "Text": " Late arrival ", "Type": "ChannelManager", "UpdatedUtc": "x"}
    ]

    assert set((await one(world.pms())).special_requests) == {"Quiet room", "Cot", "Late arrival"}
    assert {"SpecialRequest"} <= set(world.asked("serviceOrderNotes/getAll")[0]["Types"])


async def test_what_staff_write_for_staff_is_nothing_that_a_guest_may_hear(world: World) -> None:
    world.holds(special_requests=("Quiet room",))

    told = repr(await one(world.pms()))

    assert "Quiet room" in told
    for secret in ("owes us money", "talks too much", "sent the soup back"):
        assert secret not in told


async def test_preferences_come_from_diet_room_features_and_notes(world: World) -> None:
    wishes = (
        PreferenceSnapshot(category="diet", value="Vegan"),
        PreferenceSnapshot(category="room", value="SeaView"),
        PreferenceSnapshot(category="food and beverage", value="Lactose intolerant"),
        PreferenceSnapshot(category="housekeeping", value="Two pillows"),
    )
    world.holds(guest=a_guest_snapshot(preferences=wishes))

    assert (await one(world.pms())).guest.preferences == wishes


async def test_loyalty_is_the_tier_of_the_enrolled_primary_membership(world: World) -> None:
    world.holds(guest=a_guest_snapshot(loyalty_tier="Gold"))
    second = world.house.table("memberships")[1] | {"Id": "m", "LoyaltyTierId": "tier-Bronze", "IsPrimary": False}
    world.house.extra["memberships"] = [second]

    assert (await one(world.pms())).guest.loyalty_tier == "Gold"


async def test_phones_and_addresses_stand_as_they_were_written(world: World) -> None:
    for number, text in enumerate(("00420123456789", "(555) 555-1234", "415 555 0100 ")):
        world.holds(f"R-{number}", guest=a_guest_snapshot(f"g{number}", phones=(text,)))
        assert (await one(world.pms(), f"R-{number}")).guest.phones == (text,)
    world.house.otherwise["g0"] = {"Phone": " ", "Email": ""}
    guest = (await one(world.pms(), "R-0")).guest
    assert (guest.phones, guest.emails) == ((), ())


async def test_a_guest_who_cannot_be_read_puts_their_stay_in_doubt_and_no_other(world: World) -> None:
    world.holds("R-1")
    world.holds("R-2", guest=a_guest_snapshot("bruno"))
    world.house.otherwise["bruno"] = {"LastName": ["Silva"]}
    pms = world.pms()

    found = await read(pms.staying(AROUND))

    assert set(found.stays) == {"R-1"}
    assert {(r.kind, r.ref) for r in found.rejected} == {("reservation", at_mews("R-2")), ("guest", at_mews("bruno"))}
    with pytest.raises(ServiceRejected):
        await pms.guest(at_mews("bruno"))


async def test_a_customer_whom_mews_no_longer_knows_leaves_a_stay_without_a_name(world: World) -> None:
    world.holds()
    del world.house.guests["anna"]

    guest = (await one(world.pms())).guest

    assert (guest.ref, guest.first_name, guest.last_name) == (at_mews("anna"), "", "")


async def test_a_guest_who_changes_without_the_stay_is_told_alone(world: World) -> None:
    world.holds(guest=a_guest_snapshot(loyalty_tier="Gold"), modified_at=NOW - timedelta(days=3))
    world.house.guests["anna"] = replace(
        world.house.guests["anna"], phones=("+351911111111",), modified_at=NOW - timedelta(minutes=1)
    )
    pms = world.pms()

    found = await read(pms.changed(LATELY))

    assert found.stays == {}
    assert found.guests["anna"].phones == ("+351911111111",)
    assert found.guests["anna"] == (await one(pms)).guest


async def test_a_companion_who_joins_later_brings_the_stay_again(world: World) -> None:
    world.holds(modified_at=NOW - timedelta(days=3), companions=(a_guest_snapshot("bruno"),))
    pms = world.pms()
    assert (await read(pms.changed(LATELY))).stays == {}

    world.house.joined_at["R-1"] = NOW - timedelta(minutes=1)

    stays = (await read(pms.changed(LATELY))).stays
    assert [companion.first_name for companion in stays["R-1"].companions] == ["Bruno"]


async def test_a_wish_that_is_noted_later_brings_the_stay_again(world: World) -> None:
    world.holds(modified_at=NOW - timedelta(days=3), special_requests=("Quiet room",))
    world.house.noted_at["R-1"] = NOW - timedelta(minutes=1)

    assert (await read(world.pms().changed(LATELY))).stays["R-1"].special_requests == ("Quiet room",)


async def test_look_ups_are_batched_by_page(world: World) -> None:
    world.holds_many(500, modified_at=NOW - timedelta(hours=1))

    found = await read(world.pms(page=250).changed(ALWAYS))

    assert len(found.stays) == 500
    by_id = [body for body in world.asked("customers/getAll") if "CustomerIds" in body]
    assert [len(body["CustomerIds"]) for body in by_id] == [250, 250]
    assert len(world.mews.requests) < 100


async def test_more_ids_than_a_filter_takes_are_asked_for_in_parts(world: World) -> None:
    for n in range(600):
        pair = (a_guest_snapshot(f"owner{n}"), a_guest_snapshot(f"other{n}"))
        world.holds(f"R-{n}", guest=pair[0], companions=(pair[1],))

    found = await read(world.pms(page=1000).staying(AROUND))

    assert len(found.stays) == 600
    parts = [body["CustomerIds"] for body in world.asked("customers/getAll")]
    assert max(map(len, parts)) == 1000
    assert len({key for part in parts for key in part}) == 1200


async def test_a_name_of_several_words_is_found_whole_and_by_its_beginnings(world: World) -> None:
    world.holds("R-1", guest=a_guest_snapshot("maria", first_name="Ana Maria", last_name="da Costa"))
    world.holds("R-2", guest=a_guest_snapshot("joao", first_name="João", last_name="da Costa"))
    pms = world.pms()

    for text in ("ana maria da costa", "Ana da Costa", "Ana Maria da Costa"):
        assert [guest.first_name for guest in await pms.search_guests(SearchBy.NAME, text)] == ["Ana Maria"]
    assert len(await pms.search_guests(SearchBy.NAME, "da Costa")) == 2
    assert await pms.search_guests(SearchBy.NAME, " ") == ()
    with pytest.raises(ServiceRejected):
        await pms.search_guests(SearchBy.PHONE, "+351912345678")


@pytest.mark.parametrize("text", ["SILVA", "Silva, Anna", "silva anna"])
async def test_a_guest_is_found_however_their_name_is_written(world: World, text: str) -> None:
    world.holds()

    assert [guest.ref for guest in await world.pms().search_guests(SearchBy.NAME, text)] == [at_mews("anna")]
    # it is not documented whether Mews tells large letters from small ones
    assert any("Silva" in body.get("LastNames", ()) for body in world.asked("customers/getAll"))


async def test_an_address_is_asked_for_in_small_letters_too(world: World) -> None:
    world.holds(guest=a_guest_snapshot(emails=("anna@example.org",)))

    found = await world.pms().search_guests(SearchBy.EMAIL, "Anna@Example.org")

    assert [guest.ref for guest in found] == [at_mews("anna")]
    assert "anna@example.org" in world.asked("customers/getAll")[0]["Emails"]
