"""A folder to type commands in, with a jack.toml that each test changes to its liking."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from jack.adapters.clock import SystemClock
from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.entrypoints.cli.main import main
from jack.entrypoints.wiring import vendors

SECRET = "a-secret-that-nobody-sees"

_CONFIGURATION = """\
[server]
port = {port}

[database]
url = "{database}"
{queue}
{model}

[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"
quiet_time = "0s"

[hotels.pms]
provider = "mock"

[[hotels.channels]]
kind = "whatsapp"
api_url = "{whatsapp}/v23.0"
phone_number_id = "106540352242922"
access_token = "{token}"
app_secret = "{app_secret}"
verify_token = "verify"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said before it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where commands are typed."""

    folder: Path

    def configure(
        self,
        *,
        port: int = 0,
        database: str = "sqlite+aiosqlite:///jack.db",
        redis: str | None = None,
        model: str = '[model]\nprovider = "scripted"',
        whatsapp: str = "http://127.0.0.1:9",
        token: str = SECRET,
        app_secret: str = SECRET,
    ) -> Path:
        """Write jack.toml."""
        queue = f'\n[queue]\nredis_url = "{redis}"\n' if redis else ""
        text = _CONFIGURATION.format(
            port=port,
            database=database,
            queue=queue,
            model=model,
            whatsapp=whatsapp,
            token=token,
            app_secret=app_secret,
        )
        file = self.folder / "jack.toml"
        file.write_text(text, encoding="utf-8")
        return file

    async def jack(self, *arguments: str, typed: str = "", **variables: str) -> Said:
        """Type `jack ...` and wait for its end; a traceback fails the test, and so does a secret."""
        # in a thread, because commands have event loops of their own and simulators live in this one
        result = await asyncio.to_thread(
            CliRunner().invoke, main, arguments, input=typed, env=variables, prog_name="jack"
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert SECRET not in result.output
        return Said(code=result.exit_code, out=result.stdout, err=result.stderr)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in a folder of its own, with a good configuration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JACK_CONFIG", raising=False)
    monkeypatch.delenv("JACK_STAFF_PASSWORD", raising=False)
    desk = Desk(tmp_path)
    desk.configure()
    return desk


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> SeededBook:
    """What the hotel's PMS holds, in place of the demo hotel."""
    book = SeededBook(page=2)
    monkeypatch.setattr(vendors, "make_pms", lambda _hotel, _clock: MockPms(book, SystemClock()))
    return book


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Commands set up the logs of their process; this one goes on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in list(logging.Logger.manager.loggerDict)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in list(logging.Logger.manager.loggerDict):
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
