"""From OPERA's profiles to guests: names, contacts, languages, loyalty."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jack.adapters.pms.opera.details import _read_profile
from jack.adapters.pms.opera.guests import guest_of
from jack.adapters.pms.opera.languages import Languages
from jack.adapters.pms.opera.payloads import Profile
from jack.adapters.pms.opera.values import Unknowns
from jack.application.errors import ServiceUnavailable
from jack.application.ports.pms import SearchBy
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, UnknownValue
from jack.domain.sync import SyncWindow
from tests.adapters.pms.opera.conftest import World, keys_of, read
from tests.hotel import a_guest_snapshot, a_period
from tests.simulators.pms.vendor import Reply


def guest(languages: Languages | None = None, unknown: Unknowns | None = None, **told: Any) -> GuestSnapshot:
    profile = _read_profile(json.dumps({"profileDetails": told}).encode())
    assert isinstance(profile, Profile)
    return guest_of(
        "1", [profile], zone=ZoneInfo("UTC"), languages=languages or Languages(), unknown=unknown or Unknowns()
    )


@pytest.mark.parametrize(
    ("code", "tag"), [("E", "en"), ("EN", "en"), ("e", "en"), ("F", "fr"), ("G", "de"), ("I", "it"), ("pt", "pt")]
)
def test_the_codes_that_oracle_documents_and_those_of_iso_are_understood(code: str, tag: str) -> None:
    assert guest(customer={"language": code}).language == tag


def test_the_hotels_own_codes_come_first() -> None:
    assert guest(Languages({"G": "el", "BR": "pt-BR"}), customer={"language": "G"}).language == "el"
    assert guest(Languages({"G": "el", "br": "pt-BR"}), customer={"language": "BR"}).language == "pt-BR"


def test_a_code_that_nobody_explained_is_reported_and_never_guessed() -> None:
    unknown = Unknowns()

    assert guest(unknown=unknown, customer={"language": "S", "nationality": "SE"}).language is None
    assert unknown.all() == (UnknownValue(field="guest.language", value="S"),)


def test_the_primary_name_counts_whatever_its_case() -> None:
    names = [
        {"surname": "Alias", "nameType": "INCOGNITO"},
        {"givenName": "Ann", "surname": "Ng", "nameType": "PRIMARY"},
    ]
    told = guest(customer={"personName": names})
    assert (told.first_name, told.last_name) == ("Ann", "Ng")


def test_telephones_are_told_as_they_are_the_primary_first_and_no_fax() -> None:
    numbers = [("+1 415 555 0100", "PHONE", False), ("415 555 0100 ", "MOBILE", "true"), ("+351 21", "FAX", False)]
    entries = [{"telephone": {"phoneNumber": n, "phoneTechType": t, "primaryInd": p}} for n, t, p in numbers]
    assert guest(telephones={"telephoneInfo": [*entries, {"telephone": None}, {}]}).phones == (
        "415 555 0100 ",
        "+1 415 555 0100",
    )


def test_the_preferred_membership_counts_and_never_an_inactive_one() -> None:
    def level(*memberships: dict[str, Any]) -> str | None:
        return guest(profileMemberships={"profileMembership": list(memberships)}).loyalty_tier

    bronze = {"membershipLevel": "Bronze", "inactive": True, "preferredCard": True}
    silver = {"membershipLevel": "Silver", "preferredCard": "false"}
    gold = {"membershipLevel": "Gold", "preferredCard": "true"}
    assert level(bronze) is None
    assert level(bronze, silver) == "Silver"
    assert level(silver, gold) == "Gold"


def test_a_vip_status_makes_a_vip_and_an_empty_one_does_not() -> None:
    assert guest(customer={"vipStatus": 2}).vip
    assert not guest(customer={"vipStatus": ""}).vip


def test_a_country_is_where_somebody_lives_before_where_they_come_from() -> None:
    home = {"addressInfo": [{"address": {"country": {"code": "us"}}}]}
    assert guest(addresses=home, customer={"nationality": "PT"}).country == "US"
    assert guest(customer={"nationality": "PT"}).country == "PT"
    unknown = Unknowns()
    assert guest(unknown=unknown, customer={"nationality": "GBR"}).country is None
    assert unknown.all() == (UnknownValue(field="guest.country", value="GBR"),)


def test_notes_on_a_guest_are_left_out_unless_opera_lets_guests_see_them() -> None:
    notes = [
        {"comment": {"text": {"value": text}, "internal": internal}}
        for text, internal in [("pays late", True), ("allergic to nuts", False), ("who knows", None)]
    ]
    assert guest(comments={"commentInfo": notes}).preferences == (
        PreferenceSnapshot(category="note", value="allergic to nuts"),
    )


def test_a_guest_whose_anonymity_was_only_asked_for_is_still_somebody() -> None:
    names = [{"surname": "Ng", "nameType": "Primary"}]
    asked = {"personName": names, "anonymization": {"anonymizationStatus": "REQUESTED"}}
    done = {"personName": names, "anonymization": {"anonymizationStatus": "Anonymized"}}
    assert guest(customer=asked).last_name == "Ng"
    assert guest(customer=done).last_name == ""


def test_a_profile_is_read_in_the_form_of_the_schema_and_of_oracles_example() -> None:
    told = {"customer": {"language": "E"}}
    for body in ({"profileDetails": told}, {"profiles": {"profileInfo": [{"profile": told}]}}):
        profile = _read_profile(json.dumps(body).encode())
        assert isinstance(profile, Profile)
        assert profile.customer is not None


async def test_all_telephones_of_the_profile_are_known_though_the_reservation_tells_one(world: World) -> None:
    phones = ("+351912345678", "+351912345679", "+351912345670")
    (stay,) = world.holds("R-1", guest=a_guest_snapshot("anna", phones=phones))

    told = await world.pms().reservation(stay.ref)

    assert told is not None
    assert told.guest.phones == phones


async def test_a_guest_without_a_profile_to_read_is_told_as_the_reservation_has_them(world: World) -> None:
    (stay,) = world.holds("R-1")
    world.opera.instead["/crm/v1/profiles/guest-R-1"] = Reply(204)

    told = await world.pms().reservation(stay.ref)

    assert told is not None
    assert (told.guest.last_name, told.guest.emails) == ("Silva", stay.guest.emails)


@pytest.mark.parametrize("stored", ["+420723456789", "420723456789", "00420723456789", "723456789"])
async def test_a_number_is_searched_in_the_spellings_in_which_it_may_be_typed(world: World, stored: str) -> None:
    world.holds("R-1", guest=a_guest_snapshot("zuzana", phones=(stored,)))
    world.holds("R-2", guest=a_guest_snapshot("anna"))

    found = await world.pms().search_guests(SearchBy.PHONE, "+420723456789")

    assert [guest.first_name for guest in found] == ["Zuzana"]


async def test_a_profile_that_cannot_be_read_costs_its_own_stays_alone(world: World) -> None:
    world.holds("R-1", "R-2")
    world.opera.instead["/crm/v1/profiles/guest-R-1"] = Reply(200, {"profileDetails": {"customer": ["?"]}})
    pages = await read(world.pms().changed(SyncWindow(since=world.clock.now(), until=world.clock.now())))

    assert {key for page in pages for key in keys_of(page)} == {"R-2"}
    assert {record.ref and record.ref.key for page in pages for record in page.rejected} == {"R-1"}


@pytest.mark.parametrize("path", ["/rsv/v1/hotels/HARBOUR/reservations/R-1", "/crm/v1/profiles/guest-R-1"])
async def test_a_record_that_opera_fails_to_give_costs_its_own_stay_alone(world: World, path: str) -> None:
    world.holds("R-1", "R-2", "R-3")
    world.opera.instead[path] = Reply(500, {"title": "Internal error"})

    pages = await read(world.pms().staying(a_period(-30, 366)))

    assert {key for page in pages for key in keys_of(page)} == {"R-2", "R-3"}
    assert {record.ref and record.ref.key for page in pages for record in page.rejected} == {"R-1"}
    assert not [ref for page in pages for ref in page.gone]


async def test_a_reservation_that_opera_refuses_to_give_costs_itself_alone(world: World) -> None:
    world.holds("R-1", "R-2")
    world.opera.instead["/rsv/v1/hotels/HARBOUR/reservations/R-1"] = Reply(400, {"title": "Bad request"})

    pages = await read(world.pms().staying(a_period(-30, 366)))

    assert {key for page in pages for key in keys_of(page)} == {"R-2"}
    assert [record.reason for page in pages for record in page.rejected] == ["OPERA answered 400: Bad request"]


async def test_when_opera_fails_for_many_records_it_is_out_of_order(world: World) -> None:
    keys = [f"R-{n}" for n in range(10)]
    world.holds(*keys)
    for key in keys[:5]:
        world.opera.instead[f"/rsv/v1/hotels/HARBOUR/reservations/{key}"] = Reply(500, {"title": "Internal error"})

    with pytest.raises(ServiceUnavailable):
        await read(world.pms().staying(a_period(-30, 366)))
