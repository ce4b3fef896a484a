"""What of a snapshot is kept, and which references there can be."""

import pytest

from jack.domain.errors import DomainError
from jack.domain.ids import LONGEST_KEY, ExternalRef
from jack.domain.snapshot import within_limits
from tests.hotel import a_guest_snapshot, a_reservation_snapshot


@pytest.mark.parametrize("key", ["a\x00b", "a\ud800b", "k" * (LONGEST_KEY + 1), ""])
def test_a_reference_that_no_store_can_hold_is_none(key: str) -> None:
    with pytest.raises(DomainError):
        ExternalRef(system="mock", key=key)
    with pytest.raises(DomainError):
        ExternalRef(system=key, key="R-1")


@pytest.mark.parametrize("number", [-1, 1_001, 2**40])
def test_an_impossible_number_of_people_is_refused(number: int) -> None:
    with pytest.raises(DomainError, match="impossible"):
        within_limits(a_reservation_snapshot(adults=number))
    with pytest.raises(DomainError, match="impossible"):
        within_limits(a_reservation_snapshot(children=number))


def test_a_stay_of_nobody_yet_is_kept_as_it_is() -> None:
    snapshot = a_reservation_snapshot(adults=0, children=0)
    assert within_limits(snapshot) is snapshot


def test_a_cut_name_keeps_its_beginning() -> None:
    cut = within_limits(a_reservation_snapshot(guest=a_guest_snapshot(first_name="a" * 300))).guest.first_name
    assert cut == "a" * 199 + "…"
