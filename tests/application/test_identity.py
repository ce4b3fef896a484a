"""Who is who: the PMS's own identities decide, and nothing that people may share."""

from hypothesis import given, settings
from hypothesis import strategies as st

from jack.adapters.phones import LibPhoneReader
from jack.application.ports.pms_pages import ReservationPage
from jack.application.stays.pages import PageKeeper
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot
from tests.application.world import World
from tests.hotel import ANNA_EMAIL, ANNA_PHONE, a_reservation_snapshot

guests = st.builds(
    GuestSnapshot,
    ref=st.builds(ExternalRef, system=st.sampled_from(["mock", "mews"]), key=st.sampled_from("abcdef")),
    first_name=st.sampled_from(["Anna", "ANNA", "Bruno"]),
    last_name=st.sampled_from(["Silva", "Silvá"]),
    phones=st.sampled_from([(), (ANNA_PHONE,), ("912 345 678",)]),
    emails=st.sampled_from([(), (ANNA_EMAIL,), (ANNA_EMAIL.upper(),)]),
)


@settings(max_examples=60, deadline=None)
@given(pages=st.lists(st.lists(guests, min_size=1, max_size=6), min_size=1, max_size=4))
async def test_two_guests_of_the_pms_stay_two_whatever_they_share(pages: list[list[GuestSnapshot]]) -> None:
    world = World()
    keeper = PageKeeper(world.database.begin, LibPhoneReader(), world.clock, world.hotel, "mock")
    for number, page in enumerate(pages):
        await keeper.page(
            ReservationPage(
                reservations=tuple(
                    a_reservation_snapshot(f"R-{number}-{place}", guest=guest, companions=tuple(page[:place]))
                    for place, guest in enumerate(page)
                )
            )
        )
    known = {guest.ref for page in pages for guest in page}
    held = [guest.external_refs for guest in world.state.guests.values()]
    assert sorted(held) == sorted((ref,) for ref in known)
