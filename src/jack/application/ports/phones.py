"""PhoneReader: from text to a phone number."""

from abc import abstractmethod
from typing import Protocol

from jack.domain.contact import PhoneReading


class PhoneReader(Protocol):
    """Reads phone numbers as people and systems write them."""

    @abstractmethod
    def read(self, text: str, region: str, country: str | None = None) -> PhoneReading | None:
        """The number that `text` means, or None when it cannot be read with certainty of form.

        `country` (ISO 3166 alpha-2, the guest's own) is tried before `region` (the hotel's) for numbers without a
        country code. A number that took the hotel's region without the guest's country being the same is
        `assumed_region`. Texts with two numbers, with letters, or with placeholders (000000) cannot be read.
        """

    @abstractmethod
    def from_channel(self, digits: str) -> PhoneReading | None:
        """The number behind a channel's own id such as WhatsApp's wa_id: digits with country code, with or without '+'.

        Channels present real numbers that are not valid by the numbering plan, so only the form is judged.
        `variants` holds the other documented spellings of the same subscriber (Mexico's 1, Brazil's ninth digit).
        """
