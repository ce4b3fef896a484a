"""What a staff member may see: other hotels' things do not exist for those who do not work there."""

from typing import Protocol, TypeVar

from jack.application.errors import NotFound
from jack.application.ports.hotels import Hotels
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId
from jack.domain.staff import StaffMember


class OfHotel(Protocol):
    """Anything that belongs to a hotel."""

    @property
    def hotel_id(self) -> str:
        """The hotel it belongs to."""


Thing = TypeVar("Thing", bound=OfHotel)


def seen(member: StaffMember, thing: Thing | None, what: str) -> Thing:
    """The thing. Raises NotFound alike for one that does not exist and for one of another hotel."""
    if thing is None or not member.may_see(HotelId(thing.hotel_id)):
        raise NotFound(f"there is no such {what}")
    return thing


def hotel_seen(member: StaffMember, hotels: Hotels, hotel_id: str) -> Hotel:
    """The hotel. Raises NotFound alike for one that Jack does not serve and for another's."""
    hotel = hotels.get(HotelId(hotel_id))
    if hotel is None or not member.may_see(hotel.id):
        raise NotFound("there is no such hotel")
    return hotel


def hotels_seen(member: StaffMember, hotels: Hotels, hotel_id: str | None = None) -> tuple[HotelId, ...] | None:
    """Whose things a list may show: those of the one hotel asked for, else the member's, None for every hotel.

    Raises NotFound as `hotel_seen` does.
    """
    if hotel_id is not None:
        return (hotel_seen(member, hotels, hotel_id).id,)
    return member.hotels or None
