"""What becomes of what Jack holds when a PMS reports a snapshot."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from jack.domain.contact import ContactKind, ContactPoint
from jack.domain.guest import Guest, Source
from jack.domain.ids import GuestId
from jack.domain.reconcile import (
    Change,
    ReconciledGuest,
    ReconciledReservation,
    reconcile_guest,
    reconcile_reservation,
)
from jack.domain.reservation import Reservation
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot
from tests.domain.strategies import instants, statuses
from tests.hotel import (
    HARBOUR,
    NOW,
    a_guest,
    a_guest_snapshot,
    a_period,
    a_phone,
    a_preference,
    a_ref,
    a_reservation_snapshot,
    an_email,
)

UNREADABLE = ContactPoint(kind=ContactKind.PHONE, value="ask at desk", readable=False)
GUESTS = {a_ref("anna"): GuestId("guest-anna"), a_ref("bruno"): GuestId("guest-bruno")}

preferences = st.lists(
    st.builds(PreferenceSnapshot, category=st.sampled_from(["pillow", "diet"]), value=st.sampled_from(["a", "b", "c"])),
    max_size=4,
).map(tuple)

guest_snapshots = st.builds(
    lambda first, language, wishes, modified_at: a_guest_snapshot(
        first_name=first, language=language, preferences=wishes, modified_at=modified_at
    ),
    st.sampled_from(["Anna", "Ana", "Annie"]),
    st.sampled_from([None, "en", "pt"]),
    preferences,
    instants,
)

reservation_snapshots = st.builds(
    lambda status, departure, room, requests, modified_at: a_reservation_snapshot(
        departure=departure, status=status, room_number=room, special_requests=requests, modified_at=modified_at
    ),
    statuses,
    st.integers(min_value=0, max_value=5),
    st.sampled_from([None, "204", "310"]),
    st.sampled_from([(), ("Quiet room",), ("Baby cot", "Late arrival")]),
    instants,
)

versions = st.lists(reservation_snapshots, min_size=2, max_size=4, unique_by=lambda s: s.modified_at)


def taken(known: Guest | None, snapshot: GuestSnapshot, *points: ContactPoint, days: int = 0) -> ReconciledGuest:
    contact_points = points or (a_phone(), an_email())
    now = NOW + timedelta(days=days)
    return reconcile_guest(known, snapshot, hotel_id=HARBOUR, contact_points=contact_points, now=now)


def stayed(known: Reservation | None, snapshot: ReservationSnapshot, days: int = 0) -> ReconciledReservation:
    now = NOW + timedelta(days=days)
    return reconcile_reservation(known, snapshot, hotel_id=HARBOUR, guests=GUESTS, now=now)


@given(snapshot=guest_snapshots)
def test_the_same_guest_told_again_changes_nothing(snapshot: GuestSnapshot) -> None:
    first = taken(None, snapshot)
    again = taken(first.guest, snapshot, days=3)

    assert first.change is Change.CREATED
    assert again.change is Change.UNCHANGED
    assert again.guest == first.guest
    assert [p.id for p in again.guest.preferences] == [p.id for p in first.guest.preferences]


@given(snapshot=reservation_snapshots)
def test_the_same_stay_told_again_changes_nothing(snapshot: ReservationSnapshot) -> None:
    first = stayed(None, snapshot)
    again = stayed(first.reservation, snapshot, days=3)

    assert first.change is Change.CREATED
    assert again.change is Change.UNCHANGED
    assert again.reservation == first.reservation
    assert again.reservation.synced_at == NOW + timedelta(days=3), "but it was confirmed again"


@given(snapshots=versions)
def test_in_whatever_order_versions_come_the_newest_stands_in_the_end(snapshots: list[ReservationSnapshot]) -> None:
    newest = max(snapshots, key=lambda s: s.modified_at or NOW)
    for order in permutations(snapshots):
        known: Reservation | None = None
        for snapshot in order:
            known = stayed(known, snapshot).reservation
        assert known is not None
        assert known == replace(stayed(None, newest).reservation, id=known.id)


@given(snapshots=st.lists(guest_snapshots, min_size=2, max_size=4, unique_by=lambda s: s.modified_at))
def test_in_whatever_order_versions_of_a_guest_come_the_newest_stands_in_the_end(
    snapshots: list[GuestSnapshot],
) -> None:
    newest = max(snapshots, key=lambda s: s.modified_at or NOW)
    for order in permutations(snapshots):
        known: Guest | None = None
        for snapshot in order:
            known = taken(known, snapshot).guest
        assert known is not None
        assert (known.first_name, known.language, known.modified_at) == (
            newest.first_name,
            newest.language,
            newest.modified_at,
        )
        words = dict.fromkeys((p.category, p.value) for p in newest.preferences)
        assert [(p.category, p.value) for p in known.preferences] == list(words)


@given(older=reservation_snapshots, behind=st.integers(min_value=1, max_value=10**6))
def test_an_older_stay_changes_nothing_at_all(older: ReservationSnapshot, behind: int) -> None:
    newer = a_reservation_snapshot(modified_at=NOW)
    known = stayed(None, newer).reservation

    late = stayed(known, replace(older, modified_at=NOW - timedelta(seconds=behind)), days=1)

    assert late.change is Change.OUTDATED
    assert late.reservation is known


def test_an_older_guest_changes_nothing_at_all() -> None:
    known = taken(None, a_guest_snapshot(modified_at=NOW)).guest

    late = taken(known, a_guest_snapshot(first_name="Old", modified_at=NOW - timedelta(seconds=1)))

    assert late.change is Change.OUTDATED
    assert late.guest is known


def test_a_vendor_without_modification_instants_is_believed_in_the_order_of_reading() -> None:
    known = stayed(None, a_reservation_snapshot(modified_at=None)).reservation

    moved = stayed(known, a_reservation_snapshot(modified_at=None, room_number="310"))

    assert moved.change is Change.UPDATED
    assert moved.reservation.room_number == "310"


@given(snapshots=st.lists(guest_snapshots, max_size=4))
def test_what_staff_and_guests_stated_survives_whatever_the_pms_says(snapshots: list[GuestSnapshot]) -> None:
    by_staff = a_preference("diet", "a", source=Source.STAFF)
    by_guest = a_preference("room", "quiet", source=Source.GUEST)
    known = taken(None, a_guest_snapshot()).guest.stating(by_staff).stating(by_guest)

    for snapshot in snapshots:
        known = taken(known, snapshot).guest

    assert by_staff in known.preferences
    assert by_guest in known.preferences


def test_a_preference_keeps_its_id_and_date_while_its_words_stay_the_same() -> None:
    known = taken(None, a_guest_snapshot()).guest
    more = a_guest_snapshot(
        preferences=(
            PreferenceSnapshot(category="diet", value="vegan"),
            PreferenceSnapshot(category="pillow", value="feather"),
        ),
        modified_at=NOW,
    )

    after = taken(known, more, days=5).guest

    assert known.preferences[0] in after.preferences
    assert after.preferences[0].noted_at == NOW + timedelta(days=5)


def test_a_preference_that_the_pms_dropped_is_gone() -> None:
    known = taken(None, a_guest_snapshot()).guest

    assert taken(known, a_guest_snapshot(preferences=(), modified_at=NOW)).guest.preferences == ()


def test_an_unreadable_phone_never_erases_a_good_one() -> None:
    known = taken(None, a_guest_snapshot(), a_phone(), an_email()).guest

    after = taken(known, a_guest_snapshot(modified_at=NOW), UNREADABLE, an_email()).guest
    again = taken(after, a_guest_snapshot(modified_at=NOW), UNREADABLE, an_email())

    assert set(after.contact_points) == {a_phone(), UNREADABLE, an_email()}
    assert again.change is Change.UNCHANGED


def test_a_readable_phone_replaces_what_was_there() -> None:
    known = taken(None, a_guest_snapshot(), a_phone()).guest
    unreadable = taken(known, a_guest_snapshot(modified_at=NOW), UNREADABLE).guest
    new = a_phone("+442079460123")

    after = taken(unreadable, a_guest_snapshot(modified_at=NOW + timedelta(minutes=1)), new).guest

    assert after.contact_points == (new,)


def test_a_phone_that_the_pms_dropped_is_gone() -> None:
    known = taken(None, a_guest_snapshot(), a_phone(), an_email()).guest

    assert taken(known, a_guest_snapshot(modified_at=NOW), an_email()).guest.contact_points == (an_email(),)


def test_a_stay_that_had_been_gone_is_back_and_doubt_about_it_ends() -> None:
    known = replace(stayed(None, a_reservation_snapshot()).reservation, gone_at=NOW, doubt="unreadable status")

    back = stayed(known, a_reservation_snapshot())

    assert back.change is Change.UPDATED
    assert (back.reservation.gone_at, back.reservation.doubt) == (None, None)
    assert back.reservation.id == known.id


def test_companions_are_linked_where_the_pms_gives_them_an_identity() -> None:
    snapshot = a_reservation_snapshot(
        companions=(a_guest_snapshot("bruno"), a_guest_snapshot("carla")), period=a_period(0, 3)
    )

    companions = stayed(None, snapshot).reservation.companions

    assert [(c.guest_id, c.first_name) for c in companions] == [("guest-bruno", "Bruno"), (None, "Carla")]


def test_a_second_reference_is_added_to_the_first() -> None:
    known = a_guest(modified_at=None)

    after = taken(known, a_guest_snapshot("anna-2")).guest

    assert after.external_refs == (a_ref("anna"), a_ref("anna-2"))
