"""docs/configuration.md keeps up with the schema."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import msgspec
import pytest

from jack.entrypoints.settings import read_settings
from jack.entrypoints.settings.schema import Document, Table

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"


def tables(kind: Any) -> Iterator[type[Table]]:
    """The struct and all that it holds."""
    if isinstance(kind, type) and issubclass(kind, Table):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from tables(field.type)
    else:
        for part in get_args(kind):
            if part is not NoneType:
                yield from tables(part)


def keys() -> Iterator[tuple[str, str]]:
    for table in tables(Document):
        tag = table.__struct_config__.tag
        for field in msgspec.structs.fields(table):
            yield str(tag or table.__name__), field.encode_name
        if tag:
            yield str(tag), str(table.__struct_config__.tag_field)


@pytest.mark.parametrize(("table", "key"), sorted(set(keys())))
def test_every_key_is_documented(table: str, key: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"`{key}`" in page or f"`[{key}]`" in page or f"`[[hotels.{key}]]`" in page or f"`[[{key}]]`" in page, key


def test_every_default_is_documented_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")
    ]
    told = {(row[0].strip("`"), row[1].strip("`")) for row in rows}
    for key, default in (
        ("host", '"127.0.0.1"'),
        ("port", "8000"),
        ("trust_forwarded_for", "false"),
        ("time_limit", '"20s"'),
        ("quiet_time", '"1s"'),
        ("sync_interval", '"5m"'),
        ("sync_overlap", '"10m"'),
        ("full_sync_at", '"03:30"'),
        ("max_age", '"15m"'),
        ("seed", "7"),
        ("lively", "true"),
        ("api_url", '"https://graph.facebook.com/v23.0"'),
        ("api_url", '"https://api.twilio.com"'),
        ("base_url", '"https://api.mews.com"'),
        ("identity_url", '"https://identity.apaleo.com"'),
    ):
        assert (key, default) in told, key


def test_the_example_on_the_page_is_a_good_configuration(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "harbour.md").write_text("Breakfast from 7:00.", encoding="utf-8")
    names = {
        table["env"]
        for table in _all_tables(tomllib.loads(example))
        if set(table) == {"env"} and isinstance(table["env"], str)
    }
    environ = dict.fromkeys(names, "0123456789abcdef")
    settings = read_settings(example, environ, facts=tmp_path, data=tmp_path, source="page")
    assert [hotel.id for hotel in settings.hotels] == ["harbour"]
    assert len(settings.hotels[0].channels) == 3


def _all_tables(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _all_tables(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _all_tables(inner)
