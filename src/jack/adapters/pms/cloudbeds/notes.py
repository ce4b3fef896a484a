"""Tasks as notes on reservations, the one place where Cloudbeds keeps what people should read.

Cloudbeds rejects notes with a number of more than 12 digits that could be a payment card's (Luhn), and booking
references often could. Such numbers are shortened to their last digits, and so nobody's card gets into a note either.
"""

import re
from datetime import tzinfo

from jack.adapters.pms.cloudbeds.answers import ListReader, note_made
from jack.adapters.pms.cloudbeds.api import CloudbedsApi
from jack.adapters.pms.cloudbeds.hotel import CloudbedsHotel
from jack.adapters.pms.cloudbeds.lookup import CloudbedsLookup
from jack.adapters.pms.cloudbeds.payloads import Listed, Note, text
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_tasks import PmsTask

_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){12,}")
_CARD_LENGTHS = range(13, 20)
_PIECE = 6


class CloudbedsNotes:
    """Raises the three words."""

    def __init__(self, api: CloudbedsApi, hotel: CloudbedsHotel, lookup: CloudbedsLookup) -> None:
        self._api = api
        self._hotel = hotel
        self._lookup = lookup

    async def file(self, task: PmsTask) -> str:
        """The key of the note that says this task, made now unless it is there. No other note is touched."""
        number = await self._number(task)
        mark = mark_of(task.key)
        params = {"propertyID": self._hotel.property_id, "reservationID": number}
        notes = await self._api.get("getReservationNotes", params, lambda answer: _NOTES(answer.body))
        for note in notes.good:
            if mark in text(note.reservation_note):
                return text(note.reservation_note_id) or mark
        form = {**params, "reservationNote": note_of(task, await self._hotel.zone())}
        made = await self._api.post("postReservationNote", form, lambda answer: note_made(answer.body))
        return made or mark

    async def _number(self, task: PmsTask) -> str:
        number = task.confirmation_number
        if not number and task.reservation is not None:
            number = await self._lookup.number_of(task.reservation.key)
        if not number:
            raise ServiceRejected("Cloudbeds keeps notes on reservations only, and this task names none that it has")
        return number


def note_of(task: PmsTask, zone: tzinfo) -> str:
    """The text of the note, with the time in the hotel's own."""
    due = task.due_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    lines = [
        task.title,
        task.details,
        f"Room: {task.room_number}" if task.room_number else "",
        f"Due: {due}",
    ]
    told = "\n".join(without_card_numbers(line) for line in lines if line.strip())
    return f"{told}\n[Jack {mark_of(task.key)}]"


def mark_of(key: str) -> str:
    """The key as it stands in the note: cut by letters where its digits alone could be taken for a card's number."""
    if without_card_numbers(key) == key:
        return key
    return re.sub(rf"(\d{{{_PIECE}}})(?=\d)", r"\1x", key)


def without_card_numbers(line: str) -> str:
    """The line, with each long number that could be a card's shortened to its last four digits."""
    return _LONG_NUMBER.sub(lambda found: _masked(found.group()), line)


def _masked(number: str) -> str:
    digits = "".join(ch for ch in number if ch.isdigit())
    windows = (
        digits[start : start + length]
        for length in (*_CARD_LENGTHS, len(digits))
        for start in range(len(digits) - length + 1)
    )
    return f"(number ending in {digits[-4:]})" if any(map(_passes_luhn, windows)) else number


def _passes_luhn(digits: str) -> bool:
    doubled = [int(ch) * (1 + place % 2) for place, ch in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


_NOTES: ListReader[Note] = ListReader(Listed[Note], Note)
