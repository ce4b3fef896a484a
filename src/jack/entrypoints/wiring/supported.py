"""Which parts of the configuration this version of Jack has an adapter for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from jack.entrypoints.settings.schema import AnyChannel, AnyPms

PMS_ADAPTERS: Final = ("mock", "cloudbeds", "apaleo", "mews", "opera")
CHANNEL_ADAPTERS: Final = ("whatsapp", "twilio", "web_chat")

KNOWN_PMS: Final = tuple(str(kind.__struct_config__.tag) for kind in get_args(AnyPms))
KNOWN_CHANNELS: Final = tuple(str(kind.__struct_config__.tag) for kind in get_args(AnyChannel))
"""What may stand in `jack.toml`, with or without an adapter."""


def unsupported(given: Mapping[str, Any]) -> Iterator[str]:
    """A problem for every PMS and channel that Jack knows by name only, from the tables of `jack.toml` as they stand.

    Told at start with all other mistakes, because a guest who writes on a channel that nobody reads gets no answer.
    """
    for number, hotel in _tables(given.get("hotels")):
        for _, pms in _tables([hotel.get("pms")]):
            yield from _missing(f"hotels[{number}].pms.provider", pms.get("provider"), KNOWN_PMS, PMS_ADAPTERS)
        for place, channel in _tables(hotel.get("channels")):
            path = f"hotels[{number}].channels[{place}].kind"
            yield from _missing(path, channel.get("kind"), KNOWN_CHANNELS, CHANNEL_ADAPTERS)


def _missing(path: str, name: object, known: tuple[str, ...], adapters: tuple[str, ...]) -> Iterator[str]:
    if name in known and name not in adapters:
        yield f"{path}: this version of Jack does not speak to {name} yet, expected one of {', '.join(adapters)}"


def _tables(found: object) -> Iterator[tuple[int, dict[str, Any]]]:
    """The tables of a list, with their places; what is no table is reported by the settings."""
    for number, table in enumerate(found if isinstance(found, list) else []):
        if isinstance(table, dict):
            yield number, table
