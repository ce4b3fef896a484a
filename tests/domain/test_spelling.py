"""How a room is spoken of."""

import pytest

from jack.domain.spelling import says_room


@pytest.mark.parametrize(
    "text",
    [
        "Room 417",
        "room no. 417!",
        "Zimmer Nr. 417",
        "Zi.417",
        "Habitación número 417",
        "la chambre n° 417",
        "417 suite",
        "ROOM\u200b 417",
        "room **417**",
        "her room is 417",
        "sein Zimmer ist Nr. 417",
        "the room number is 417",
    ],
)
def test_a_room_is_found_where_it_is_called_one(text: str) -> None:
    assert says_room(text, "417")


@pytest.mark.parametrize("text", ["417 euros", "at 4:17", "room 4170", "room 1417", "bathroom417b", "417", ""])
def test_a_bare_figure_is_no_room(text: str) -> None:
    assert not says_room(text, "417")


def test_a_room_number_with_letters_is_found_in_any_case() -> None:
    assert says_room("room a-12", "A-12")
