"""Hotels that a test lists."""

from datetime import time, timedelta

from jack.application.ports.hotels import Hotels
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId


class ListedHotels(Hotels):
    """These hotels in this order, all with the same sync settings, which a test may set."""

    def __init__(
        self,
        *hotels: Hotel,
        interval: timedelta = timedelta(minutes=5),
        overlap: timedelta = timedelta(minutes=10),
    ) -> None:
        self._hotels = {hotel.id: hotel for hotel in hotels}
        self.interval = interval
        self.overlap = overlap
        self.night = time(3, 30)

    def get(self, hotel_id: HotelId) -> Hotel | None:
        return self._hotels.get(hotel_id)

    def all(self) -> tuple[Hotel, ...]:
        return tuple(self._hotels.values())

    def sync_interval(self, hotel_id: HotelId) -> timedelta:
        return self.interval

    def full_sync_at(self, hotel_id: HotelId) -> time:
        return self.night

    def sync_overlap(self, hotel_id: HotelId) -> timedelta:
        return self.overlap
