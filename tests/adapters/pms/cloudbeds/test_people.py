"""Guests of Cloudbeds: merged, nameless, behind a booking site's address, with fields that the hotel made."""

from dataclasses import replace
from typing import Any

import pytest

from jack.application.ports.pms import Capability, SearchBy
from jack.application.ports.pms_notices import PmsHints
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import PreferenceSnapshot
from tests.adapters.pms.cloudbeds.world import World, pages, stays
from tests.hotel import a_guest_snapshot, a_reservation_snapshot
from tests.simulators.pms.vendor import Reply


def a_ref(key: str) -> ExternalRef:
    return ExternalRef(system="cloudbeds", key=key)


async def test_a_merged_guest_is_whom_they_were_merged_into(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    world.cloudbeds.hold(
        a_reservation_snapshot(
            "101-1", confirmation_number="101", guest=a_guest_snapshot("maria"), arrival=40, departure=41
        )
    )
    world.cloudbeds.merged = {"anna": "maria"}
    pms = world.pms()

    alone = await pms.guest(a_ref("anna"))
    stay = (await stays(pms))["100-1"]
    named = await pages(pms.named(PmsHints(guests=("anna",))))

    assert alone is not None
    assert (alone.ref.key, alone.first_name) == ("maria", "Maria")
    assert stay.guest == alone
    assert [guest.ref.key for page in named for guest in page.guests] == ["maria"]
    assert "101-1" in {stay.ref.key for page in named for stay in page.reservations}


async def test_guests_who_were_merged_in_a_circle_do_not_hold_jack_up(world: World) -> None:
    world.cloudbeds.hold(
        a_reservation_snapshot("100-1", confirmation_number="100", companions=(a_guest_snapshot("maria"),))
    )
    world.cloudbeds.merged = {"anna": "maria", "maria": "anna"}

    assert await world.pms().guest(a_ref("anna")) is not None
    assert len(world.asked("getGuest")) < 10


async def test_an_anonymised_guest_has_no_name_contact_or_wish_whatever_stands_in_the_fields(world: World) -> None:
    bruno = a_guest_snapshot("bruno")
    stay = a_reservation_snapshot("100-1", confirmation_number="100", companions=(bruno,), special_requests=("A cot",))
    world.cloudbeds.hold(stay)
    world.cloudbeds.anonymous = {"anna", "bruno"}
    pms = world.pms()

    found = (await stays(pms))["100-1"]

    assert (found.guest.first_name, found.guest.last_name, found.guest.phones, found.guest.emails) == ("", "", (), ())
    assert (found.guest.preferences, found.special_requests, found.companions) == ((), (), ())
    assert await pms.guest(a_ref("anna")) == found.guest
    assert await pms.search_guests(SearchBy.NAME, "Anonymized") == ()


@pytest.mark.parametrize("host", ["guest.booking.com", "GUEST.BOOKING.COM", "m.expediapartnercentral.com"])
async def test_a_booking_sites_relay_address_is_nobodys(world: World, host: str) -> None:
    guest = a_guest_snapshot(emails=(f"anna.123@{host}",))
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100", guest=guest))

    assert (await stays(world.pms()))["100-1"].guest.emails == ()


async def test_custom_fields_of_a_guest_are_preferences_and_of_a_booking_wishes(world: World) -> None:
    guest = a_guest_snapshot(preferences=(PreferenceSnapshot(category="Diet", value="vegan"),))
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100", guest=guest))
    world.cloudbeds.booking_fields = {"100": [("Arrival flight", "TP 123"), ("Empty", "")]}

    found = (await stays(world.pms()))["100-1"]

    assert found.guest.preferences == guest.preferences
    assert found.special_requests == ("Arrival flight: TP 123",)


async def test_fields_for_staff_alone_and_archived_ones_are_left_out(world: World) -> None:
    secret, shown = (
        PreferenceSnapshot(category="Watch out", value="rude"),
        PreferenceSnapshot(category="Diet", value="vegan"),
    )
    guest = a_guest_snapshot(preferences=(secret, shown))
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100", guest=guest))
    world.cloudbeds.booking_fields = {"100": [("Commission", "15 %"), ("Old", "field")]}
    world.cloudbeds.definitions = [
        {"name": "Watch out", "shortcode": "cf_watch_out", "applyTo": "guest", "displayed": ["reservation"]},
        {"name": "Diet", "shortcode": "cf_diet", "applyTo": "guest", "displayed": ["reservation", "booking"]},
        {"name": "Commission", "shortcode": "cf_commission", "applyTo": "reservation", "displayed": ["reservation"]},
    ]

    def archive(item: dict[str, Any]) -> None:
        item["customFields"][1]["isActive"] = False

    world.cloudbeds.held["100-1"].spoil = archive
    pms = world.pms()

    found, alone = (await stays(pms))["100-1"], await pms.guest(a_ref("anna"))

    assert alone is not None
    assert found.guest.preferences == alone.preferences == (shown,)
    assert found.special_requests == ()


async def test_cloudbeds_has_no_language_and_none_is_made_up(world: World) -> None:
    guest = a_guest_snapshot(country="DE", language="de", loyalty_tier="Gold", vip=True)
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100", guest=guest))
    pms = world.pms()

    told = (await stays(pms))["100-1"].guest

    assert (told.country, told.language, told.loyalty_tier, told.vip) == ("DE", None, None, False)
    assert not pms.capabilities & {Capability.LANGUAGE, Capability.LOYALTY, Capability.VIP}


@pytest.mark.parametrize("kept", ["+420 723 456 789", "00420723456789", "+420723456789", "723456789"])
async def test_a_phone_is_found_however_the_hotel_wrote_it_and_confirmed_by_jack(world: World, kept: str) -> None:
    for key, phones in (("zuzana", (kept,)), ("other", ("+420723456780",))):
        guest = a_guest_snapshot(key, phones=phones)
        world.cloudbeds.hold(a_reservation_snapshot(f"{key}-1", confirmation_number=key, guest=guest))

    found = await world.pms().search_guests(SearchBy.PHONE, "+420723456789")

    # how Cloudbeds matches is its own affair, and blanks inside a number are beyond what can be asked for
    assert [guest.ref.key for guest in found] == ([] if " " in kept else ["zuzana"])


async def test_guests_are_looked_for_in_a_map_keyed_by_id_with_their_contacts(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))

    (found,) = await world.pms().search_guests(SearchBy.NAME, "anna silva")

    assert (found.ref.key, found.phones) == ("anna", ("+351912345678",))
    assert all(request.asked("includeGuestInfo") == "true" for request in world.asked("getGuestList"))
    assert all(request.asked("propertyIDs") for request in world.asked("getGuestList"))


async def test_a_company_is_nobody_and_its_contacts_are_nobodys(world: World) -> None:
    stay = a_reservation_snapshot("100-1", confirmation_number="100")
    world.cloudbeds.hold(stay)
    world.cloudbeds.companies = {"100-1": "Acme Travel Lda"}

    found = (await stays(world.pms()))["100-1"]

    assert found.guest.ref == replace(stay.guest.ref, system="cloudbeds")
    assert found.companions == ()

    def nobody_else(item: dict[str, Any]) -> None:
        del item["guestList"]["anna"]

    world.cloudbeds.held["100-1"].spoil = nobody_else

    found = (await stays(world.pms()))["100-1"]

    assert (found.guest.first_name, found.guest.last_name) == ("", "Acme Travel Lda")
    assert (found.guest.phones, found.guest.emails) == ((), ())


async def test_where_nobody_may_see_what_the_fields_are_none_is_read(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    world.cloudbeds.scopes -= {"read:customFields"}
    pms = world.pms()

    found, report = (await stays(pms))["100-1"], await pms.check()

    assert found.guest.preferences == ()
    assert "read:customFields" in (report.problem or "")


async def test_one_guest_of_another_form_does_not_cost_the_reading(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    odd = Reply(200, {"success": True, "data": {"firstName": ["Anna"]}})
    monkeypatch.setattr(world.cloudbeds, "_getGuest", lambda _: odd)

    found = await stays(world.pms())

    assert found["100-1"].special_requests == ()
    assert "Anna" not in caplog.text
