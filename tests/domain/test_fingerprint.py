"""A fingerprint is another one when any fact is another one, and the same when none is."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, timedelta, timezone
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from jack.domain.fingerprint import guest_fingerprint, reservation_fingerprint
from jack.domain.ids import ExternalRef, GuestId
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot
from tests.hotel import NOW, a_guest_snapshot, a_ref, a_reservation_snapshot

words = st.text(max_size=8)
maybe_words = st.none() | words
refs = st.builds(ExternalRef, system=st.sampled_from(["mock", "crm"]), key=st.sampled_from(["1", "2", "3"]))
instants = st.none() | st.integers(0, 999_999).map(lambda seconds: NOW + timedelta(seconds=seconds))
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 1, 9))
preferences = st.builds(PreferenceSnapshot, category=words, value=words)

GUEST: Mapping[str, st.SearchStrategy[Any]] = {
    "ref": refs,
    "first_name": words,
    "last_name": words,
    "language": maybe_words,
    "country": maybe_words,
    "loyalty_tier": maybe_words,
    "vip": st.booleans(),
    "phones": st.lists(words, max_size=3).map(tuple),
    "emails": st.lists(words, max_size=3).map(tuple),
    "preferences": st.lists(preferences, max_size=3).map(tuple),
    "modified_at": instants,
}
guests = st.builds(GuestSnapshot, **GUEST)
RESERVATION: Mapping[str, st.SearchStrategy[Any]] = {
    "ref": refs,
    "confirmation_number": words,
    "status": st.sampled_from(ReservationStatus),
    "period": st.tuples(days, days).map(lambda two: StayPeriod(arrival=min(two), departure=max(two))),
    "guest": guests,
    "companions": st.lists(guests, max_size=2).map(tuple),
    "room_number": maybe_words,
    "room_type": maybe_words,
    "expected_arrival": instants,
    "adults": st.integers(0, 3),
    "children": st.integers(0, 3),
    "special_requests": st.lists(words, max_size=2).map(tuple),
    "modified_at": instants,
}
KNOWN = {ExternalRef(system=system, key=key): GuestId(f"{system}-{key}") for system in ("mock", "crm") for key in "123"}


def whole(snapshot: ReservationSnapshot) -> tuple[str, ...]:
    """What Jack compares: the reservation's fingerprint and those of its people."""
    people = (snapshot.guest, *snapshot.companions)
    return (reservation_fingerprint(snapshot, KNOWN), *(guest_fingerprint(person, "PT") for person in people))


def test_every_field_of_the_snapshots_is_tried_here() -> None:
    assert set(GUEST) == {field.name for field in fields(GuestSnapshot)}
    assert set(RESERVATION) == {field.name for field in fields(ReservationSnapshot)}


@given(snapshot=guests, name=st.sampled_from(sorted(GUEST)), data=st.data())
def test_a_change_of_any_field_of_a_guest_is_noticed(snapshot: GuestSnapshot, name: str, data: st.DataObject) -> None:
    other = data.draw(GUEST[name])
    assume(other != getattr(snapshot, name))
    assert guest_fingerprint(replace(snapshot, **{name: other}), "PT") != guest_fingerprint(snapshot, "PT")


@given(
    snapshot=st.builds(ReservationSnapshot, **RESERVATION), name=st.sampled_from(sorted(RESERVATION)), data=st.data()
)
def test_a_change_of_any_field_of_a_reservation_is_noticed(
    snapshot: ReservationSnapshot, name: str, data: st.DataObject
) -> None:
    other = data.draw(RESERVATION[name])
    assume(other != getattr(snapshot, name))
    assert whole(replace(snapshot, **{name: other})) != whole(snapshot)


@given(one=st.builds(ReservationSnapshot, **RESERVATION), other=st.builds(ReservationSnapshot, **RESERVATION))
def test_only_the_same_facts_have_the_same_fingerprints(one: ReservationSnapshot, other: ReservationSnapshot) -> None:
    assert (whole(one) == whole(other)) == (one == other)


def test_a_guest_who_became_another_one_for_jack_is_noticed() -> None:
    stay = a_reservation_snapshot(companions=(a_guest_snapshot("bruno"),))
    known = {a_ref("anna"): GuestId("1"), a_ref("bruno"): GuestId("2")}
    seen = {reservation_fingerprint(stay, known | {a_ref(key): GuestId("3")}) for key in ("anna", "bruno", "nobody")}
    assert len(seen) == 3


def test_another_phone_region_is_noticed_because_phones_read_otherwise_there() -> None:
    assert guest_fingerprint(a_guest_snapshot(), "PT") != guest_fingerprint(a_guest_snapshot(), "ES")


def test_a_fingerprint_stays_the_same_wherever_it_is_made() -> None:
    # stored ones must mean something to the next process: a change here makes every sync compare everything once
    assert guest_fingerprint(a_guest_snapshot(), "PT") == "99dd811a84d4ec0ae7720509c4a927f5"
    assert (
        reservation_fingerprint(a_reservation_snapshot(), {a_ref("anna"): GuestId("1")})
        == "4efc9ae9bad011124d00b29f453944ab"
    )


def test_the_same_instant_in_another_time_zone_may_be_compared_again_but_another_instant_must_be() -> None:
    lisbon = timezone(timedelta(hours=1))
    shown = NOW.astimezone(lisbon).replace(tzinfo=UTC)  # the same digits, an hour later
    assert guest_fingerprint(a_guest_snapshot(modified_at=shown), "PT") != guest_fingerprint(
        a_guest_snapshot(modified_at=NOW), "PT"
    )
