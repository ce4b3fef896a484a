"""What `jack sync` shows while it reads: a progress bar on a terminal, a plain line for every page elsewhere."""

import sys
from time import monotonic
from typing import Self

import click

from jack.domain.sync import SyncRun

WIDTH = 30
"""Signs of the bar."""


class ProgressShow:
    """Shows one run of one hotel on standard error."""

    def __init__(self, hotel: str) -> None:
        self._hotel = hotel
        self._fancy = sys.stderr.isatty()
        self._began = monotonic()
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def show(self, done: SyncRun, total: int | None) -> None:
        """The run after one more page, and how many reservations it will bring, if the PMS says."""
        read = done.counts.read
        if not self._fancy:
            click.echo(f"{self._hotel}: {read}{f' of {total}' if total else ''} reservations read", err=True)
            return
        click.echo(f"\r\033[K{self._hotel}: {bar(read, total, monotonic() - self._began)}", nl=False, err=True)
        self._drawn = True

    def clear(self) -> None:
        """Take the bar away."""
        if self._drawn:
            click.echo("\r\033[K", nl=False, err=True)
            self._drawn = False


def bar(read: int, total: int | None, seconds: float) -> str:
    """How far the run is after so many seconds, how fast, and how long it will take where the PMS says how much."""
    rate = read / max(seconds, 0.001)
    if not total:
        return f"{read:,} reservations, {rate:,.0f}/s"
    full = min(WIDTH, WIDTH * read // total)
    left = f"{_span(max(0, total - read) / rate)} left" if rate else "no telling how long"
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {read:,}/{total:,}, {rate:,.0f}/s, {left}"


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
