"""The rules by which a sender becomes a guest and a stay."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.domain.guest import Guest
from jack.domain.ids import ExternalRef, GuestId
from jack.domain.match import NOBODY, Level, MatchOutcome
from jack.domain.matching import (
    SHARED_FROM,
    Candidate,
    Nearness,
    match_sender,
    names_agree,
    nearest_stays,
    nearness,
    persons,
)
from jack.domain.reservation import Reservation, ReservationStatus
from tests.domain.strategies import candidates, names, stays_of
from tests.hotel import NOW, TODAY, a_companion, a_guest, a_phone, a_stay, an_email

IN_HOUSE = {"arrival": -1, "departure": 2, "status": ReservationStatus.CHECKED_IN}
ARRIVING = {"arrival": 0, "departure": 2, "status": ReservationStatus.CONFIRMED}
FUTURE = {"arrival": 9, "departure": 12, "status": ReservationStatus.CONFIRMED}
JUST_LEFT = {"arrival": -4, "departure": -1, "status": ReservationStatus.CHECKED_OUT}
LONG_GONE = {"arrival": -9, "departure": -3, "status": ReservationStatus.CHECKED_OUT}
IN_ORDER = [IN_HOUSE, ARRIVING, FUTURE, JUST_LEFT, LONG_GONE]


def a_candidate(key: str, *stays: dict[str, object], assumed: bool = False) -> Candidate:
    guest = a_guest(key)
    return Candidate(
        guest=guest,
        stays=tuple(a_stay(f"{key}-{n}", guest=guest, **fields) for n, fields in enumerate(stays)),  # type: ignore[arg-type]
        assumed=assumed,
    )


def test_nobody_holds_it_so_nobody_is_matched() -> None:
    assert match_sender((), TODAY) == NOBODY


@pytest.mark.parametrize("nearer", range(len(IN_ORDER) - 1))
def test_a_nearer_stay_beats_every_one_that_is_less_near(nearer: int) -> None:
    for farther in range(nearer + 1, len(IN_ORDER)):
        match = match_sender((a_candidate("bruno", IN_ORDER[farther]), a_candidate("anna", IN_ORDER[nearer])), TODAY)
        assert match.guest_id == a_guest("anna").id


@pytest.mark.parametrize("rank", range(len(IN_ORDER)))
def test_two_people_who_are_equally_near_are_ambiguous(rank: int) -> None:
    match = match_sender((a_candidate("anna", IN_ORDER[rank]), a_candidate("bruno", IN_ORDER[rank])), TODAY)

    assert match.outcome is MatchOutcome.AMBIGUOUS
    assert match.level is Level.PUBLIC
    assert match.guest_id is None
    assert match.reservation_id is None


@given(found=candidates())
def test_a_match_names_the_only_person_at_the_best_rank(found: tuple[Candidate, ...]) -> None:
    match = match_sender(found, TODAY)
    ranks = {
        candidate.guest.id: min((nearness(stay, TODAY) for stay in candidate.stays), default=Nearness.NONE)
        for candidate in found
    }
    nearest = {guest_id for guest_id, rank in ranks.items() if rank == min(ranks.values())}

    if len(nearest) == 1:
        assert match.outcome is MatchOutcome.MATCHED
        assert {match.guest_id} == nearest
    else:
        assert match.outcome is MatchOutcome.AMBIGUOUS
        assert match.guest_id is None


@given(found=candidates(), shown=names)
def test_the_order_of_the_candidates_and_of_their_stays_decides_nothing(
    found: tuple[Candidate, ...], shown: str
) -> None:
    backwards = tuple(replace(candidate, stays=candidate.stays[::-1]) for candidate in found)
    results = {match_sender(order, TODAY, display_name=shown) for order in permutations(found)}
    results |= {match_sender(order, TODAY, display_name=shown) for order in permutations(backwards)}

    assert len(results) == 1


@given(found=candidates(), status=st.sampled_from(["cancelled", "no_show", "gone", "tentative"]))
def test_stays_that_will_not_happen_change_nothing(found: tuple[Candidate, ...], status: str) -> None:
    void = {
        "cancelled": {"status": ReservationStatus.CANCELLED},
        "no_show": {"status": ReservationStatus.NO_SHOW},
        "gone": {"status": ReservationStatus.CHECKED_IN, "gone_at": NOW},
        "tentative": {"status": ReservationStatus.TENTATIVE},
    }[status]
    with_more = tuple(
        replace(c, stays=(*c.stays, a_stay(f"{c.guest.id}-void", guest=c.guest, arrival=0, departure=1, **void)))  # type: ignore[arg-type]
        for c in found
    )

    match = match_sender(with_more, TODAY)

    assert match == match_sender(found, TODAY)
    assert match.reservation_id is None or not match.reservation_id.endswith("void")


@given(found=candidates(), holders=st.integers(min_value=SHARED_FROM, max_value=5000))
def test_a_contact_point_of_many_identifies_nobody(found: tuple[Candidate, ...], holders: int) -> None:
    match = match_sender(found, TODAY, display_name="Anna Silva", holders=holders)

    assert (match.outcome, match.level, match.guest_id) == (MatchOutcome.UNKNOWN, Level.PUBLIC, None)


def test_five_holders_are_many_and_four_are_not() -> None:
    crowd = tuple(a_candidate(key) for key in ("a", "b", "c", "d", "anna"))

    assert match_sender(crowd, TODAY).outcome is MatchOutcome.UNKNOWN
    assert match_sender((*crowd[:3], a_candidate("anna", IN_HOUSE)), TODAY).guest_id == a_guest("anna").id


@given(found=candidates(), shown=names | st.just(""))
def test_an_assumed_number_proves_nothing_without_the_name(found: tuple[Candidate, ...], shown: str) -> None:
    assumed = tuple(replace(candidate, assumed=True) for candidate in found)

    match = match_sender(assumed, TODAY, display_name=shown)

    if match.level.includes(Level.CONTACT):
        guest = next(c.guest for c in found if c.guest.id == match.guest_id)
        assert names_agree(shown, guest)


def test_an_assumed_number_and_the_name_are_enough_together() -> None:
    candidate = a_candidate("anna", IN_HOUSE, assumed=True)

    assert match_sender((candidate,), TODAY, display_name="silva, ANNA 🌊").level is Level.CONTACT
    assert match_sender((candidate,), TODAY, display_name="Bruno Silva").level is Level.CLAIMED
    assert match_sender((candidate,), TODAY).level is Level.CLAIMED


@given(shown=st.text(max_size=30))
def test_a_sure_number_needs_no_name(shown: str) -> None:
    assert match_sender((a_candidate("anna", IN_HOUSE),), TODAY, display_name=shown).level is Level.CONTACT


@given(found=candidates(), shown=st.text(max_size=30))
def test_a_name_never_decides_who_it_is(found: tuple[Candidate, ...], shown: str) -> None:
    named, unnamed = match_sender(found, TODAY, display_name=shown), match_sender(found, TODAY)

    assert (named.outcome, named.guest_id, named.reservation_id) == (
        unnamed.outcome,
        unnamed.guest_id,
        unnamed.reservation_id,
    )


@given(found=candidates())
def test_the_evidence_names_nobody(found: tuple[Candidate, ...]) -> None:
    evidence = " ".join(match_sender(found, TODAY).evidence)

    for candidate in found:
        assert candidate.guest.last_name not in evidence
        for stay in candidate.stays:
            assert stay.confirmation_number not in evidence
            assert f"{stay.room_number}" not in evidence


@pytest.mark.parametrize(
    ("display_name", "agrees"),
    [
        ("José Núñez", True),
        ("jose nunez", True),
        ("NUÑEZ José María", True),
        ("Núñez", False),
        ("José", False),
        ("Pedro Núñez", False),
        ("José Nunezz", False),
        ("", False),
    ],
)
def test_names_agree_by_surname_and_first_name_without_accents(display_name: str, agrees: bool) -> None:
    guest = a_guest(first_name="José María", last_name="Núñez")

    assert names_agree(display_name, guest) is agrees


def test_a_guest_without_a_surname_never_agrees() -> None:
    assert not names_agree("Anna", a_guest(last_name=""))


def test_the_day_of_departure_and_two_days_after_it_still_count() -> None:
    stay = a_stay(arrival=-5, departure=0, status=ReservationStatus.CHECKED_OUT)

    assert nearness(stay, TODAY) is Nearness.JUST_LEFT
    assert nearness(stay, TODAY + timedelta(days=2)) is Nearness.JUST_LEFT
    assert nearness(stay, TODAY + timedelta(days=3)) is Nearness.NONE


def test_a_guest_who_is_late_still_arrives_today() -> None:
    stay = a_stay(arrival=-1, departure=1, status=ReservationStatus.CONFIRMED)

    assert nearness(stay, TODAY) is Nearness.ARRIVING_TODAY
    assert nearness(stay, TODAY + timedelta(days=2)) is Nearness.NONE


@given(stays=stays_of(a_guest()), day=st.integers(min_value=-5, max_value=5))
def test_the_nearest_stays_are_all_of_one_rank_and_all_the_guests_own(stays: tuple[Reservation, ...], day: int) -> None:
    today: date = TODAY + timedelta(days=day)
    others = a_stay("other", guest="bruno", arrival=day, departure=day + 1)
    shared = replace(others, companions=(a_companion("anna"),))

    found = nearest_stays((*stays, others), GuestId("guest-anna"), today)

    assert all(stay.guest_id == "guest-anna" for stay in found)
    assert len({nearness(stay, today) for stay in found}) <= 1
    assert shared in nearest_stays((shared,), GuestId("guest-anna"), today)


def test_two_rooms_of_one_guest_are_two_stays_of_one_match() -> None:
    candidate = a_candidate("anna", IN_HOUSE, IN_HOUSE | {"room_number": "205"})

    match = match_sender((candidate,), TODAY)

    assert match.guest_id == candidate.guest.id
    assert [stay.room_number for stay in nearest_stays(candidate.stays, candidate.guest.id, TODAY)] == ["204", "205"]


def test_of_future_stays_only_the_next_one_is_meant() -> None:
    candidate = a_candidate("anna", FUTURE | {"arrival": 20, "departure": 22}, FUTURE)

    (next_stay,) = nearest_stays(candidate.stays, candidate.guest.id, TODAY)

    assert next_stay.period.arrival == TODAY + timedelta(days=9)


@pytest.mark.parametrize(
    ("shown", "agrees"),
    [
        ("Anna Silva", True),
        ("Anna Maria Silva Costa", True),
        ("Anna Maria Silva Smith Muller Garcia Rossi Martin", False),
        ("Anna Silva Smith Muller Garcia", False),
    ],
)
def test_a_display_name_that_lists_many_names_agrees_with_nobody(shown: str, agrees: bool) -> None:
    assert names_agree(shown, a_guest("anna")) is agrees


def in_a_stay(key: str, number: int, name: str = "Anna", email: str = "") -> Guest:
    """Somebody whom the PMS knows within one stay only."""
    ref = ExternalRef(system="apaleo", key=f"{key}-{number}:primary")
    points = (a_phone(), an_email(email)) if email else (a_phone(),)
    return a_guest(f"{key}-{number}", first_name=name, external_refs=(ref,), contact_points=points)


def as_candidates(*guests: tuple[Guest, dict[str, object]]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(guest=guest, stays=(a_stay(f"of-{guest.id}", guest=guest, **fields),))  # type: ignore[arg-type]
        for guest, fields in guests
    )


def test_one_person_with_many_stays_at_a_pms_without_guest_ids_is_one_person() -> None:
    stays = as_candidates(*((in_a_stay("x", n), LONG_GONE) for n in range(SHARED_FROM + 2)))
    here = as_candidates((in_a_stay("y", 1), IN_HOUSE))

    match = match_sender(stays + here, TODAY)

    assert match.outcome is MatchOutcome.MATCHED
    assert match.guest_id == here[0].guest.id


def test_one_person_with_two_rooms_at_such_a_pms_is_not_ambiguous() -> None:
    match = match_sender(as_candidates((in_a_stay("x", 1), IN_HOUSE), (in_a_stay("x", 2), IN_HOUSE)), TODAY)

    assert match.outcome is MatchOutcome.MATCHED


@pytest.mark.parametrize("other", [{"name": "Bruno"}, {"email": "another@example.com"}])
def test_other_names_and_other_addresses_are_other_people_there_too(other: dict[str, str]) -> None:
    anna = in_a_stay("x", 1, email="anna@example.com")

    match = match_sender(as_candidates((anna, IN_HOUSE), (in_a_stay("x", 2, **other), IN_HOUSE)), TODAY)

    assert match.outcome is MatchOutcome.AMBIGUOUS


def test_guests_with_identities_of_their_own_are_different_people_whatever_their_names() -> None:
    father, son = a_guest("one", first_name="Jan"), a_guest("two", first_name="Jan")

    match = match_sender(as_candidates((father, IN_HOUSE), (son, IN_HOUSE)), TODAY)

    assert match.outcome is MatchOutcome.AMBIGUOUS


@given(st.permutations(range(6)))
def test_who_is_one_person_does_not_depend_on_the_order(order: list[int]) -> None:
    emails = ["", "a@example.com", "", "a@example.com", "", ""]
    holders = [in_a_stay("x", n, email=emails[n]) for n in range(6)]

    assert len(set(persons(tuple(holders[n] for n in order)).values())) == 1
