"""The demo hotel's rooms: four floors of ten."""

from typing import Final

CLASSIC: Final = "Classic Double"
TWIN: Final = "Superior Twin"
DELUXE: Final = "Deluxe Sea View"
JUNIOR: Final = "Junior Suite"
SUITE: Final = "Suite"

_FLOORS: Final = {
    1: (CLASSIC,) * 8 + (TWIN,) * 2,
    2: (CLASSIC,) * 4 + (TWIN,) * 4 + (DELUXE,) * 2,
    3: (TWIN,) * 3 + (DELUXE,) * 5 + (JUNIOR,) * 2,
    4: (DELUXE,) * 4 + (JUNIOR,) * 4 + (SUITE,) * 2,
}

ROOM_TYPES: Final = {
    f"{floor}{number:02}": kind for floor, kinds in _FLOORS.items() for number, kind in enumerate(kinds, start=1)
}
"""Every room number with its type, by number."""

OUT_OF_ORDER: Final = "110"
"""The room that is being renovated; nobody stays there."""

STEADY: Final = ("304", "305", "306")
"""Rooms that change hands every third day, each on another one: so every day has an arrival and a departure, and at
every instant somebody lives here who came yesterday or earlier and leaves tomorrow or later."""

COUPLES: Final = ("401", "402")
"""Rooms for couples who share one phone, four nights each, never leaving on the same day: one couple is always in."""

OTHERS: Final = tuple(room for room in ROOM_TYPES if room not in (OUT_OF_ORDER, *STEADY, *COUPLES))
