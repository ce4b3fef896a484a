"""The fields that a hotel makes for itself: on a guest they are preferences, on a booking wishes for one stay.

A field that Cloudbeds shows to staff alone ("reservation": added to the folio for use by staff) is left out: nothing
of it may reach a guest. A field without a definition is taken as shown, an archived one is not read at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from jack.adapters.pms.cloudbeds.payloads import CustomField, FieldDefinition, each, says, text
from jack.domain.snapshot import PreferenceSnapshot

_FOR_GUESTS = frozenset({"booking", "card"})


@dataclass(frozen=True, slots=True)
class FieldBook:
    """Which fields are for staff alone, by name and by short code; all of them when it is `closed`."""

    for_staff: frozenset[str] = frozenset()
    closed: bool = False

    def preferences(
        self, fields: Iterable[CustomField] | dict[str, CustomField] | str | None
    ) -> tuple[PreferenceSnapshot, ...]:
        """What a guest's fields say."""
        return tuple(PreferenceSnapshot(category=name, value=value) for name, value in self._shown(fields))

    def wishes(self, fields: Iterable[CustomField] | dict[str, CustomField] | str | None) -> tuple[str, ...]:
        """What a booking's fields say."""
        return tuple(f"{name}: {value}" for name, value in self._shown(fields))

    def _shown(self, fields: Iterable[CustomField] | dict[str, CustomField] | str | None) -> Iterable[tuple[str, str]]:
        shown: dict[tuple[str, str], None] = {}
        for field in () if self.closed else each(fields):
            code = text(field.shortcode)
            name = text(field.custom_field_name) or code
            value = text(field.custom_field_value)
            if name and value and says(field.is_active) is not False and not {name, code} & self.for_staff:
                shown[name, value] = None
        return shown


NO_FIELDS = FieldBook()
"""The book of a hotel that made no fields, or does not say which."""


CLOSED = FieldBook(closed=True)
"""The book of a hotel that lets nobody see what its fields are."""


def read_field_book(definitions: Iterable[FieldDefinition]) -> FieldBook:
    """The book of these definitions; a field whose definition does not say where it is shown is for everybody."""
    for_staff: set[str] = set()
    for definition in definitions:
        places = {place.strip() for place in each(definition.displayed)}
        if places and not places & _FOR_GUESTS:
            for_staff |= {text(definition.name), text(definition.shortcode)} - {""}
    return FieldBook(frozenset(for_staff))
