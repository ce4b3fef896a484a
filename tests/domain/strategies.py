"""Strategies for the tests of the domain's rules: guests, stays and texts as hotels really have them."""

from datetime import timedelta

from hypothesis import strategies as st

from jack.domain.guest import Guest
from jack.domain.matching import Candidate
from jack.domain.reservation import Reservation, ReservationStatus
from tests.hotel import NOW, a_guest, a_stay

statuses = st.sampled_from(list(ReservationStatus))

instants = st.integers(min_value=-3600 * 24 * 400, max_value=3600 * 24 * 400).map(
    lambda seconds: NOW + timedelta(seconds=seconds)
)

names = st.sampled_from(["Silva", "O'Brien", "Müller", "van der Meer", "Nguyễn", "Ødegård", "🌸 Star", "Li"])


@st.composite
def stays_of(draw: st.DrawFn, guest: Guest, most: int = 3) -> tuple[Reservation, ...]:
    """Stays of that guest around today, of any status; some of them are gone."""
    found = []
    for number in range(draw(st.integers(min_value=0, max_value=most))):
        arrival = draw(st.integers(min_value=-6, max_value=6))
        found.append(
            a_stay(
                f"{guest.id}-{number}",
                guest=guest,
                arrival=arrival,
                departure=arrival + draw(st.integers(min_value=0, max_value=4)),
                status=draw(statuses),
                gone_at=draw(st.sampled_from([None, None, None, NOW])),
            )
        )
    return tuple(found)


@st.composite
def candidates(draw: st.DrawFn, most: int = 4) -> tuple[Candidate, ...]:
    """Guests who hold one contact point, each once."""
    keys = ["anna", "bruno", "carla", "david"][: draw(st.integers(min_value=1, max_value=most))]
    found = []
    for key in keys:
        guest = a_guest(key, last_name=draw(names))
        found.append(Candidate(guest=guest, stays=draw(stays_of(guest)), assumed=draw(st.booleans())))
    return tuple(found)
