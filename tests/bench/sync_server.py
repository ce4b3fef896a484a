"""`jack serve` in one process on SQLite, whose hotel has a big PMS: the schedule loads it while webhooks come in.

`python -m tests.bench.sync_server JACK_TOML RESERVATIONS PAGE`
"""

import asyncio
import sys
from pathlib import Path

import uvloop
from dishka import Provider, Scope, provide

from jack.application.ports.clock import Clock
from jack.application.ports.pms import PmsDirectory
from jack.domain.ids import HotelId
from jack.entrypoints.cli.common import settle
from jack.entrypoints.settings.load import load_settings
from jack.entrypoints.web.start import serve_jack
from tests.bench.sync_source import BigPms
from tests.fakes.pms import ListedPms


class Big(Provider):
    """The bench hotel's PMS."""

    def __init__(self, reservations: int, page: int) -> None:
        super().__init__(scope=Scope.APP)
        self._size = (reservations, page)

    @provide
    def directory(self, clock: Clock) -> PmsDirectory:
        """That PMS for that hotel."""
        return ListedPms({HotelId("bench"): BigPms(clock, *self._size)})


async def main(config: Path, reservations: int, page: int) -> None:
    """Serve until the process is told to stop."""
    async with serve_jack(load_settings(config), Big(reservations, page)):
        settle()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
