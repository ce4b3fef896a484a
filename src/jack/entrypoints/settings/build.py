"""From the tables of TOML to the structs of the schema, with all mistakes at once.

msgspec stops at the first mistake, so every value is read by itself here and msgspec holds only what is good.
"""

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec

from jack.entrypoints.settings.schema import Table
from jack.entrypoints.settings.values import Reader, Wrong, kind_of

T = TypeVar("T", bound=Table)

_BAD: Final = object()
"""What stands for a value with a mistake; it is reported already."""


class Builder:
    """Builds structs and gathers `problems`."""

    def __init__(self, readers: Mapping[Any, Reader]) -> None:
        self._readers = readers
        self.problems: list[str] = []

    def table(self, kind: type[T], given: object, path: str = "") -> T | None:
        """The struct, or None when anything is wrong with it."""
        if not isinstance(given, dict):
            self._report(path, f"is {kind_of(given)}, expected a table")
            return None
        before = len(self.problems)
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        tag_field = kind.__struct_config__.tag_field
        self._unknown(given, {*fields, *([tag_field] if tag_field else [])}, path)
        explained = dict(kind.mistakes(given))
        for key, what in explained.items():
            self._report(_joined(path, key), what)
        values: dict[str, Any] = {}
        for key, field in fields.items():
            if key in given:
                values[field.name] = self._value(field.type, given[key], _joined(path, key))
            elif field.required and key not in explained:
                self._report(_joined(path, key), f"is missing, expected {self._expected(field.type)}")
        return kind(**values) if len(self.problems) == before else None

    def _value(self, kind: Any, given: object, path: str) -> Any:
        kinds = [part for part in _parts(kind) if part is not NoneType]
        if len(kinds) > 1:
            return self._tagged(cast("list[type[Table]]", kinds), given, path)
        (kind,) = kinds
        if kind not in self._readers and isinstance(kind, type) and issubclass(kind, Table):
            return self.table(kind, given, path)
        if get_origin(kind) is tuple:
            return self._list(get_args(kind)[0], given, path)
        if get_origin(kind) is dict:
            return self._named(get_args(kind)[1], given, path)
        try:
            return self._single(kind, given)
        except Wrong as error:
            return self._report(path, f"{error}, expected {self._expected(kind)}")

    def _single(self, kind: Any, given: object) -> Any:
        if get_origin(kind) is not Literal:
            return self._readers[kind].read(given)
        if not isinstance(given, str) or given not in get_args(kind):
            raise Wrong("is not known")
        return given

    def _list(self, kind: Any, given: object, path: str) -> Any:
        if not isinstance(given, list):
            return self._report(path, f"is {kind_of(given)}, expected a list")
        return tuple(self._value(kind, value, f"{path}[{number}]") for number, value in enumerate(given))

    def _named(self, kind: Any, given: object, path: str) -> Any:
        """Values under names that the file chooses."""
        if not isinstance(given, dict):
            return self._report(path, f"is {kind_of(given)}, expected a table")
        return {str(key): self._value(kind, value, _joined(path, str(key))) for key, value in given.items()}

    def _tagged(self, kinds: list[type[Table]], given: object, path: str) -> Any:
        """A table whose kind is told by one of its keys."""
        if not isinstance(given, dict):
            return self._report(path, f"is {kind_of(given)}, expected a table")
        by_tag = {str(kind.__struct_config__.tag): kind for kind in kinds}
        tag_field = str(kinds[0].__struct_config__.tag_field)
        tag = given.get(tag_field)
        if isinstance(tag, str) and tag in by_tag:
            return self.table(by_tag[tag], given, path)
        wrong = "is not known" if tag_field in given else "is missing"
        return self._report(_joined(path, tag_field), f"{wrong}, expected one of {', '.join(by_tag)}")

    def _unknown(self, given: Mapping[str, object], known: set[str], path: str) -> None:
        for key in given:
            if key not in known:
                close = get_close_matches(str(key), known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(sorted(known))}"
                self._report(_joined(path, str(key)), f"is not a key that Jack knows, {hint}")

    def _expected(self, kind: Any) -> str:
        kinds = [part for part in _parts(kind) if part is not NoneType]
        if kinds[0] in self._readers:
            return self._readers[kinds[0]].expected
        if get_origin(kinds[0]) is Literal:
            return f"one of {', '.join(get_args(kinds[0]))}"
        return "a list" if get_origin(kinds[0]) is tuple else "a table"

    def _report(self, path: str, what: str) -> object:
        self.problems.append(f"{path}: {what}" if path else what)
        return _BAD


def _parts(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _joined(path: str, key: str) -> str:
    """A path as TOML would write it; a key that somebody made very long is cut."""
    shown = key if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", key) else json.dumps(key[:60])
    return f"{path}.{shown}" if path else shown
