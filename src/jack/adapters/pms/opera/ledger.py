"""The ledger: how every stay's search row read when the stay itself was read last, so that others need no reading.

It lies in the adapter's memory as one note for each week of departures (in a ring, so there is never more than RING of
them) and one for what lies further ahead. A stay costs about 45 bytes there, until some weeks after its departure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from jack.adapters.pms.opera.rows import Row
from jack.application.ports.pms_notices import PmsMemory

RING = 80
"""Weeks in the ring: more than lie between what is forgotten and FAR."""

FAR = timedelta(weeks=66)
KEPT = timedelta(weeks=8)
"""How long after departure an entry is kept."""

Entry = tuple[str, int, int, bool]
"""Digest; arrival and departure as ordinals; whether a reading of changes brought the stay, all of which is kept."""

_NOTE = msgspec.json.Decoder(dict[str, Entry])


@dataclass(slots=True)
class Book:
    """The ledger as far as one slice of departures needs it."""

    memory: PmsMemory
    today: date
    first: date
    last: date
    weeks: dict[str, dict[str, Entry]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    async def open(self) -> "Book":
        """The book with everything that departs in its days."""
        day = self.first
        while day <= self.last:
            name = self._name(day)
            if name not in self.weeks:
                self.weeks[name] = _decoded(await self.memory.recall(name))
            if day > self.today + FAR:
                break
            day += timedelta(days=1)
        return self

    def trusts(self, row: Row, modified_at: datetime | None, since: datetime) -> bool:
        """True when the stay of that row reads as it did and Jack has kept it.

        What only a reading of everything has seen since `since` counts if it was modified before: such a reading may
        have been of stays that were read before it and thrown away.
        """
        entry = self._entry(row)
        if entry is None or entry[0] != row.digest:
            return False
        return entry[3] or (modified_at is not None and modified_at < since)

    def read(self, rows: Iterable[Row], *, kept: bool) -> None:
        """These were read. What a reading of everything brings (`kept` is False) is noted only where nothing is yet."""
        for row in rows:
            if kept or self._entry(row) is None:
                departure = row.departure or self.first
                entry = (row.digest, (row.arrival or departure).toordinal(), departure.toordinal(), kept)
                self._put(row.key, departure, entry)

    def vanished(self, seen: Iterable[str], arrives_until: date) -> tuple[str, ...]:
        """Stays that should have been found in these days and were not."""
        found = set(seen)
        return tuple(
            key
            for week in self.weeks.values()
            for key, (_, arrival, departure, _) in week.items()
            if key not in found
            and self.first.toordinal() <= departure <= self.last.toordinal()
            and arrival <= arrives_until.toordinal()
        )

    def forget(self, keys: Iterable[str]) -> None:
        """These are not where they were."""
        for key in keys:
            for name, week in self.weeks.items():
                if week.pop(key, None) is not None:
                    self.changed.add(name)

    async def close(self) -> None:
        """Write down what changed, without stays that are long over."""
        oldest = (self.today - KEPT).toordinal()
        for name in sorted(self.changed):
            week = {key: entry for key, entry in self.weeks[name].items() if entry[2] >= oldest}
            await self.memory.note(name, msgspec.json.encode(week).decode())
        self.changed.clear()

    def _name(self, departure: date) -> str:
        if departure > self.today + FAR:
            return "rows.far"
        return f"rows.{departure.toordinal() // 7 % RING}"

    def _entry(self, row: Row) -> Entry | None:
        return self.weeks.get(self._name(row.departure or self.first), {}).get(row.key)

    def _put(self, key: str, departure: date, entry: Entry) -> None:
        name = self._name(departure)
        week = self.weeks.setdefault(name, {})
        if week.get(key) != entry:
            week[key] = entry
            self.changed.add(name)


def _decoded(noted: str | None) -> dict[str, Entry]:
    try:
        return _NOTE.decode(noted) if noted else {}
    except msgspec.DecodeError:
        return {}  # written by another version of Jack: then everything is read once more
