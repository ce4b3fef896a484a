"""Untidy records: blank values are no values, and one bad record costs itself alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jack.adapters.http import Answer
from jack.adapters.vendor_api.records import (
    LONGEST_RAW,
    Unreadable,
    each_readable,
    nothing_in,
    present,
    read_date,
    read_instant,
    ref_of,
    rejected,
    texts,
    whole_second_after,
    why,
    wire_instant,
)

LISBON = ZoneInfo("Europe/Lisbon")
SECRET = "Zuzana Žáková"


class Stay(msgspec.Struct):
    id: str
    nights: int
    status: str = "Confirmed"


class Room(msgspec.Struct, tag="room"):
    pass


class Bed(msgspec.Struct, tag="bed"):
    pass


decode = msgspec.json.Decoder(Stay).decode

keys = st.sampled_from(["id", "nights", "status", "more"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
)


def nights_of(stay: Stay) -> int:
    if stay.status == "Hexed":
        raise Unreadable("status 'Hexed' is not known")
    return 100 // stay.nights


def read_all(*records: bytes) -> tuple[list[int], list[Any]]:
    return each_readable("reservation", "mews", map(msgspec.Raw, records), decode, nights_of, lambda raw: raw["id"])


@pytest.mark.parametrize("text", [None, "", " ", "\t\n"])
def test_a_blank_text_is_no_text(text: str | None) -> None:
    assert present(text) is None
    assert texts(text, "a", text, " a ", "b") == ("a", "b")
    assert read_instant(text, "arrival", LISBON) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-09-29T16:19:28.2750481+02:00", datetime(2026, 9, 29, 14, 19, 28, 275048, tzinfo=UTC)),
        ("2026-11-22T10:00:00.5Z", datetime(2026, 11, 22, 10, 0, 0, 500000, tzinfo=UTC)),
        ("2020-01-28 14:33:54.0", datetime(2020, 1, 28, 14, 33, 54, tzinfo=UTC)),
        ("2026-07-01 12:00:00", datetime(2026, 7, 1, 11, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (" 2026-11-22T10:00:00Z ", datetime(2026, 11, 22, 10, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_however_the_vendor_writes_it(text: str, instant: datetime) -> None:
    assert read_instant(text, "arrival", LISBON) == instant


def test_a_time_without_a_zone_needs_to_be_told_one() -> None:
    with pytest.raises(Unreadable, match="the arrival has no time zone"):
        read_instant("2026-11-22T10:00:00", "arrival")


@given(st.text(max_size=40))
@example("0001-01-01T00:00:00+14:00")
@example("2026-11-22T10:00:00.Z")
@example("9999-12-31T23:59:59-12:00")
def test_any_other_text_is_refused_in_words_that_quote_nothing(text: str) -> None:
    said = set()
    for reader in (read_date, read_instant):
        try:
            reader(text, "arrival")
        except Unreadable as error:
            said.add(str(error))

    assert said <= {"the arrival is no date", "the arrival is no date and time", "the arrival has no time zone"}


def test_a_date_is_the_beginning_of_its_text() -> None:
    assert read_date("2026-10-01T00:30:00+02:00", "arrival") == date(2026, 10, 1)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 2000 <= moment.year < 2100))
def test_a_window_on_the_wire_loses_no_second(moment: datetime) -> None:
    begin, end = read_instant(wire_instant(moment), "begin"), whole_second_after(moment)

    assert begin is not None
    assert begin <= moment <= end < moment + timedelta(seconds=1)
    assert read_instant(wire_instant(end), "end") == end


def test_a_bad_record_costs_itself_alone() -> None:
    good, bad = read_all(
        b'{"id": "1", "nights": 2}',
        b'{"id": "2", "nights": "two"}',
        b'{"id": "3", "nights": 1, "status": "Hexed"}',
        b'{"id": "4", "nights": 0}',
        b'{"id": 5, "nights": 1}',
        b"[]",
        b"null",
        b'{"id": "8", "nights": 4}',
    )

    assert good == [50, 25]
    assert [record.ref and record.ref.key for record in bad] == ["2", "3", "4", "5", None, None]
    assert [record.reason for record in bad] == [
        "is not as documented: Expected `int`, got `str` - at `$.nights`",
        "status 'Hexed' is not known",
        "could not be read: ZeroDivisionError",
        "is not as documented: Expected `str`, got `int` - at `$.id`",
        "is not as documented: Expected `object`, got `array`",
        "is not as documented: Expected `object`, got `null`",
    ]
    assert bad[0].raw == '{"id": "2", "nights": "two"}'


@given(anything)
def test_nothing_that_a_vendor_may_send_breaks_the_reading(record: object) -> None:
    good, bad = read_all(msgspec.json.encode(record), b'{"id": "1", "nights": 2}')

    assert good[-1] == 50
    assert len(good) + len(bad) == 2


def test_a_reason_quotes_no_word_of_the_record() -> None:
    body = msgspec.json.encode([{"type": SECRET}])
    with pytest.raises(msgspec.ValidationError, match=SECRET) as unknown:
        msgspec.json.decode(body, type=list[Room | Bed])

    assert why(unknown.value) == "is not as documented: an unknown word - at `$[0].type`"
    assert why(ValueError(SECRET)) == "could not be read: ValueError"


def test_the_raw_form_that_is_kept_is_bounded() -> None:
    kept = rejected("reservation", None, "too long", "ä".encode() * LONGEST_RAW * 2)

    assert kept.raw == "ä" * LONGEST_RAW


def test_a_key_that_cannot_be_one_gives_no_reference() -> None:
    assert [ref_of("mews", key) for key in (None, "", "\x00", "x" * 501)] == [None] * 4


@pytest.mark.parametrize(("status", "body", "nothing"), [(204, b"", True), (200, b"", False), (200, b"{}", False)])
def test_only_the_status_for_nothing_means_nothing(status: int, body: bytes, nothing: bool) -> None:
    assert nothing_in(Answer(status=status, headers={}, body=body)) is nothing
