"""PmsDoors: who may push notices at which hotel."""

from abc import abstractmethod
from typing import Protocol

from jack.domain.ids import HotelId


class PmsDoors(Protocol):
    """The addresses that hotels gave to their PMS; a hotel without a webhook secret has none."""

    @abstractmethod
    def behind(self, hotel: str, secret: str) -> HotelId | None:
        """The hotel at this address; None alike for an unknown hotel, one without a door and a wrong secret.

        Takes as long for a right secret as for a wrong one.
        """
