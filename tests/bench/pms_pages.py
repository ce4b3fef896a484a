"""Decoding and mapping what PMSs answer, against a plain msgspec decode of the same bytes."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.bench.pms_sample import STAYS, VENDORS, sampled

AIM_PAGE = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One vendor: size of the page, its plain decode and the adapter's work on it (seconds), their ratio; the same
    ratio of a whole reading, in which guests, notes and the calls themselves count as well.
    """

    kilobytes: float
    plain: float
    mapped: float
    page: float
    reading: float


async def measure(vendor: str, folder: Path, rounds: int) -> Measured:
    """Measure one vendor; the two sides take turns, so that a busy machine meets both."""
    async with sampled(vendor, folder) as sample:
        body, work = sample.page()
        page = work()
        if len(page.reservations) != STAYS or page.rejected:
            raise AssertionError(f"{vendor}: {len(page.reservations)} stays, {len(page.rejected)} rejected")
        plain, mapped, readings = [], [], []
        for _ in range(rounds):
            plain.append(_timed(lambda: msgspec.json.decode(body)))
            mapped.append(_timed(work))
        bodies = sample.bodies
        for _ in range(max(2, rounds // 4)):
            base = _timed(lambda: [msgspec.json.decode(one) for one in bodies])
            began = time.perf_counter()
            read = await sample.read()
            readings.append((time.perf_counter() - began) / base)
            if read != STAYS:
                raise AssertionError(f"{vendor}: a whole reading brought {read} stays")
        shares = [work / base for work, base in zip(mapped, plain, strict=True)]
        return Measured(
            kilobytes=len(body) / 1000,
            plain=statistics.median(plain),
            mapped=statistics.median(mapped),
            page=statistics.median(shares),
            reading=statistics.median(readings),
        )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(folder: Path, rounds: int, verdict: Callable[[bool, str], str]) -> None:
    """Measure and print every vendor."""
    print(f"\nA page of {STAYS:,} reservations, decoded and mapped, against a plain msgspec decode of the same bytes;")
    print("and a whole reading of as many, with guests, notes and the bookkeeping of its calls:")
    for vendor in VENDORS:
        found = asyncio.run(measure(vendor, folder, rounds))
        print(
            f"  {vendor:10} {found.kilobytes:6,.0f} kB   plain {1000 * found.plain:5.1f} ms   "
            f"mapped {1000 * found.mapped:6.1f} ms   ratio {found.page:4.1f} "
            f"{verdict(found.page <= AIM_PAGE, f'aim {AIM_PAGE:g}')}   whole reading {found.reading:5.1f}"
        )
