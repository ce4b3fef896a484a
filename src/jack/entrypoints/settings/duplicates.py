"""What may stand only once in a configuration, looked for in the tables as they were read."""

from collections.abc import Iterator, Mapping
from typing import Any


def duplicates(given: Mapping[str, Any]) -> list[str]:
    """A problem for everything that stands a second time. Tables of a wrong shape are somebody else's problem."""
    return [
        *_repeated(_ids(given), "an id of its own for every hotel"),
        *_repeated(_accounts(given), "every account of a channel at one hotel only"),
    ]


def _repeated(found: Iterator[tuple[str, tuple[str, ...]]], expected: str) -> Iterator[str]:
    first: dict[tuple[str, ...], str] = {}
    for path, value in found:
        if value in first:
            yield f"{path}: is the same as {first[value]}, expected {expected}"
        else:
            first[value] = path


def _ids(given: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, hotel in _tables(given, "hotels"):
        if isinstance(hotel.get("id"), str):
            yield f"hotels[{number}].id", (hotel["id"],)


def _accounts(given: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, hotel in _tables(given, "hotels"):
        for place, channel in _tables(hotel, "channels"):
            path = f"hotels[{number}].channels[{place}]"
            match channel:
                case {"kind": "whatsapp", "phone_number_id": str(account)}:
                    yield f"{path}.phone_number_id", ("whatsapp", account)
                case {"kind": "twilio", "account_sid": str(account), "from": str(sender)}:
                    yield f"{path}.from", ("twilio", account, sender)
                case {"kind": "web_chat"}:
                    yield path, ("web_chat", str(number))
                case _:
                    pass


def _tables(given: Mapping[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    tables = given.get(key)
    for number, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict):
            yield number, table
