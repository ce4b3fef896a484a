"""What `jack sync` draws while it reads."""

import pytest

from jack.entrypoints.cli.progress import bar


@pytest.mark.parametrize(
    ("read", "total", "seconds", "shown"),
    [
        (0, 3000, 0.0, "[..............................] 0/3,000, 0/s, no telling how long"),
        (1000, 3000, 10.0, "[##########....................] 1,000/3,000, 100/s, 20 s left"),
        (1000, 100_000, 10.0, "[..............................] 1,000/100,000, 100/s, 16 min 30 s left"),
        (1000, 1_000_000, 10.0, "[..............................] 1,000/1,000,000, 100/s, 2 h 46 min left"),
        (3100, 3000, 10.0, "[##############################] 3,100/3,000, 310/s, 0 s left"),
        (500, None, 10.0, "500 reservations, 50/s"),
    ],
)
def test_the_bar_tells_how_far_how_fast_and_how_long(read: int, total: int | None, seconds: float, shown: str) -> None:
    assert bar(read, total, seconds) == shown
