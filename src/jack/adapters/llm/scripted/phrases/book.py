"""Phrases: everything the scripted butler can say in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jack.adapters.llm.scripted.intents import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language. Braces are filled in: {name}, {hotel}, {room}, {date} and the like.

    `wishes` are written so that they fit into `passed_on`; `weekdays` begin with Monday. `date_form` takes {weekday},
    {day}, {month}; `year` is added where the year is another than now.
    """

    morning: str
    afternoon: str
    evening: str
    named: str
    gladly: str
    sorry: str
    intro: str
    how_help: str
    in_house: str
    welcome_before: str
    thanks: str
    goodbye: str
    still_here: str
    who_is_jack: str

    one_room: str
    many_rooms: str
    for_room: str
    for_rooms: str
    your_room: str
    your_rooms: str
    your_type: str
    your_stay: str
    room_at_check_in: str
    departure: str
    you_are: str
    loyalty: str
    noted: str
    nothing_noted: str
    not_known: str
    stale: str
    nobody: str

    passed_on: str
    passed_on_to_nobody: str
    message: str
    need: str
    complaint: str
    human: str
    urgent: str
    unknown_fact: str
    quote: str

    wishes: Mapping[Wish, str]
    statuses: Mapping[str, str]
    conjunction: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date_form: str
    year: str
    span: str
    today: str
    tomorrow: str
    first: str = "1"

    def day(self, day: date, today: date) -> str:
        """A date as people say it, with the year only where it is needed, and a word for today and tomorrow."""
        number = self.first if day.day == 1 else day.day
        text = self.date_form.format(weekday=self.weekdays[day.weekday()], day=number, month=self.months[day.month - 1])
        if day.year != today.year:
            text += self.year.format(year=day.year)
        if 0 <= (day - today).days <= 1:
            text += f" ({self.today if day == today else self.tomorrow})"
        return text

    def listed(self, items: list[str]) -> str:
        """Some things joined as in a sentence."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.conjunction} {items[-1]}"
