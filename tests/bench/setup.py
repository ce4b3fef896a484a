"""Servers to measure: Jack as a hotel runs it, and a bare endpoint on the same web server."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PHONE_NUMBER_ID = "106540352242922"
APP_SECRET = "bench_app_secret"
PATIENCE = 30.0

_CONFIGURATION = """\
[server]
port = {port}

[database]
url = "{database}"
{queue}
[model]
provider = "scripted"

[[hotels]]
id = "bench"
name = "Bench Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"

[hotels.pms]
provider = "mock"
sync_interval = "1h"

[[hotels.channels]]
kind = "whatsapp"
api_url = "http://127.0.0.1:9/v23.0"
phone_number_id = "{phone_number_id}"
access_token = "bench"
app_secret = "{app_secret}"
verify_token = "bench"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that answers: where, as which process, and how long it took to get there (seconds)."""

    url: str
    pid: int
    start_up: float

    def resident_mib(self) -> float:
        """Resident memory now, in MiB (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else float("nan")


def configuration(folder: Path, port: int, database: str, redis: str | None) -> Path:
    """A jack.toml for a bench hotel."""
    file = folder / "jack.toml"
    queue = f'\n[queue]\nredis_url = "{redis}"\n' if redis else ""
    file.write_text(
        _CONFIGURATION.format(
            port=port, database=database, queue=queue, phone_number_id=PHONE_NUMBER_ID, app_secret=APP_SECRET
        ),
        encoding="utf-8",
    )
    return file


@contextmanager
def jack(folder: Path, port: int, database: str, redis: str | None = None) -> Iterator[Running]:
    """`jack serve`, from the start of the process to the first answer and to its end."""
    file = configuration(folder, port, database, redis)
    command = [sys.executable, "-m", "jack", "serve", "--config", str(file)]
    with _process(command, f"http://127.0.0.1:{port}", "/health/live", folder / "jack.log") as running:
        yield running


@contextmanager
def sync_server(folder: Path, port: int, reservations: int, page: int = 1_000) -> Iterator[Running]:
    """Jack in one process on SQLite, as `jack serve`, with a big hotel's PMS: it begins to load that at once."""
    file = configuration(folder, port, f"sqlite+aiosqlite:///{folder}/jack.db", None)
    command = [sys.executable, "-m", "tests.bench.sync_server", str(file), str(reservations), str(page)]
    with _process(command, f"http://127.0.0.1:{port}", "/health/live", folder / "jack.log") as running:
        yield running


@contextmanager
def bare(port: int, folder: Path) -> Iterator[Running]:
    """A Litestar endpoint that verifies the signature and stores nothing, on the same web server."""
    command = [sys.executable, "-m", "tests.bench.bare", str(port)]
    with _process(command, f"http://127.0.0.1:{port}", "/health/live", folder / "bare.log") as running:
        yield running


@contextmanager
def _process(command: list[str], url: str, path: str, log: Path) -> Iterator[Running]:
    began = time.perf_counter()
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, "JACK_LOG_LEVEL": "ERROR"})
    try:
        while True:
            try:
                if httpx.get(url + path, timeout=1, trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"it did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
            time.sleep(0.01)
        yield Running(url=url, pid=process.pid, start_up=time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(PATIENCE)
