"""The rules of a sync: windows without gaps, runs that report what happened, schedules."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.domain.errors import DomainError
from jack.domain.ids import SyncRunId
from jack.domain.sync import (
    SyncCounts,
    SyncCursor,
    SyncKind,
    SyncRun,
    SyncState,
    SyncStatus,
    SyncWindow,
    rolling_period,
)
from tests.domain.strategies import instants
from tests.hotel import HARBOUR, NOW, TODAY

steps = st.integers(min_value=0, max_value=10**6).map(lambda seconds: timedelta(seconds=seconds))
overlaps = st.integers(min_value=0, max_value=3600).map(lambda seconds: timedelta(seconds=seconds))
INTERVAL = timedelta(minutes=5)


@given(start=instants, waits=st.lists(steps, min_size=1, max_size=6), overlap=overlaps, at=st.floats(0, 1))
def test_no_instant_lies_between_consecutive_windows(
    start: datetime, waits: list[timedelta], overlap: timedelta, at: float
) -> None:
    cursor, now, windows = SyncCursor(at=start), start, []
    for wait in waits:
        now += wait
        windows.append(cursor.window(now, overlap))
        cursor = SyncCursor(at=now)
    instant = start + (now - start) * at
    if instant < now:
        assert any(window.contains(instant) for window in windows)
    for window, following in pairwise(windows):
        assert following.since <= window.until
        assert following.since == window.until - overlap


@given(now=instants, ahead=steps, overlap=overlaps)
def test_a_cursor_in_the_future_skips_nothing(now: datetime, ahead: timedelta, overlap: timedelta) -> None:
    window = SyncCursor(at=now + ahead).window(now, overlap)

    assert window == SyncWindow(since=now - overlap, until=now)


def test_a_window_includes_its_beginning_and_not_its_end() -> None:
    window = SyncWindow(since=NOW, until=NOW + INTERVAL)

    assert window.contains(NOW)
    assert window.contains(NOW + INTERVAL - timedelta(microseconds=1))
    assert not window.contains(NOW + INTERVAL)
    assert not window.contains(NOW - timedelta(microseconds=1))


def test_a_window_needs_time_zones_and_a_direction() -> None:
    with pytest.raises(DomainError):
        SyncWindow(since=NOW.replace(tzinfo=None), until=NOW)
    with pytest.raises(DomainError):
        SyncWindow(since=NOW, until=NOW - timedelta(seconds=1))


def test_a_first_load_reads_a_month_back_and_a_year_ahead() -> None:
    period = rolling_period(TODAY)

    assert (TODAY - period.arrival, period.departure - TODAY) == (timedelta(days=30), timedelta(days=366))


def a_run() -> SyncRun:
    return SyncRun(id=SyncRunId("run"), hotel_id=HARBOUR, kind=SyncKind.CHANGES, started_at=NOW)


@given(pages=st.lists(st.tuples(*[st.integers(min_value=0, max_value=9)] * 5), max_size=5))
def test_a_run_adds_up_its_pages(pages: list[tuple[int, int, int, int, int]]) -> None:
    run = a_run()
    for created, updated, unchanged, rejected, gone in pages:
        run = run.adding(
            SyncCounts(created=created, updated=updated, unchanged=unchanged, rejected=rejected, gone=gone)
        )

    assert run.counts.read == sum(sum(page[:4]) for page in pages)
    assert run.counts.gone == sum(page[4] for page in pages)


def test_a_run_with_rejected_records_is_partial_and_one_without_is_complete() -> None:
    assert a_run().adding(SyncCounts(created=1)).finished(NOW).status is SyncStatus.COMPLETE
    assert a_run().adding(SyncCounts(created=1, rejected=1)).finished(NOW).status is SyncStatus.PARTIAL


def test_a_run_that_ended_early_is_partial_once_it_read_something() -> None:
    assert a_run().stopped(NOW, "down").status is SyncStatus.FAILED
    partial = a_run().adding(SyncCounts(unchanged=1)).stopped(NOW, "down")
    assert (partial.status, partial.error) == (SyncStatus.PARTIAL, "down")


def test_a_hotel_that_never_synced_is_due() -> None:
    assert SyncState(hotel_id=HARBOUR).is_due(NOW, INTERVAL)


def test_a_run_is_due_an_interval_after_the_last_one_began() -> None:
    state = SyncState(hotel_id=HARBOUR, last_started_at=NOW)

    assert not state.is_due(NOW + INTERVAL - timedelta(seconds=1), INTERVAL)
    assert state.is_due(NOW + INTERVAL, INTERVAL)


def test_a_clock_that_was_set_back_holds_up_neither_runs_nor_the_nightly_one() -> None:
    tomorrow = NOW + timedelta(days=1)
    state = SyncState(
        hotel_id=HARBOUR,
        cursor=SyncCursor(at=tomorrow),
        last_started_at=tomorrow,
        last_full_at=tomorrow,
        full_tried_at=tomorrow,
        retry_after=tomorrow,
        lease_owner="dead",
        lease_until=tomorrow,
    )
    assert not state.is_running(NOW)
    assert state.is_due(NOW, INTERVAL)
    patient = replace(state, retry_after=None, lease_owner=None)
    assert patient.is_due(NOW, INTERVAL)
    assert patient.is_full_due(NOW, NOW - timedelta(hours=9)), "nobody knows what such a cursor has read"


def test_nothing_is_due_while_a_run_goes_on_or_the_pms_asked_for_patience() -> None:
    running = SyncState(hotel_id=HARBOUR, lease_owner="worker", lease_until=NOW + timedelta(minutes=1))
    asked = SyncState(hotel_id=HARBOUR, retry_after=NOW + timedelta(minutes=1))

    assert not running.is_due(NOW, INTERVAL)
    assert running.is_due(NOW + timedelta(minutes=1), INTERVAL), "a dead worker loses its lease"
    assert not asked.is_due(NOW, INTERVAL)
    assert asked.is_due(NOW + timedelta(minutes=1), INTERVAL)
