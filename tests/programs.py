"""Jack's commands as processes of their own, as a hotel runs them."""

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import httpx

Found = TypeVar("Found")

NOTHING: Mapping[str, str] = MappingProxyType({})
PATIENCE = 30.0
"""Seconds that anything may take on a busy machine before a journey fails."""


@dataclass(slots=True)
class Program:
    """A running `jack ...`; what it says goes to `log`."""

    process: Process
    log: Path

    @classmethod
    async def start(
        cls,
        folder: Path,
        *arguments: str,
        python: tuple[str, ...] = ("-m", "jack"),
        variables: Mapping[str, str] = NOTHING,
    ) -> "Program":
        """Start `jack` with these arguments in `folder`, with these environment variables beside the usual ones.

        `python` is how Python is told to run Jack.
        """
        log = folder / f"{arguments[0]}-{time.monotonic_ns()}.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JACK_")}
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *python,
                *arguments,
                cwd=folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env={**environment, **variables},
            )
        return cls(process, log)

    @property
    def said(self) -> str:
        """Everything on standard output and standard error so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    async def end(self) -> int:
        """The exit code, once the process has ended by itself."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def stop(self) -> int:
        """Tell it to stop, as a service manager does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.end()

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def serves(self, url: str) -> None:
        """Return once the web server in it answers."""
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:

            async def look() -> bool:
                assert self.process.returncode is None, f"it ended: {self.said[-2000:]}"
                try:
                    return (await client.get(f"{url}/health/live")).is_success
                except httpx.TransportError:
                    return False

            await eventually(look)


async def eventually(look: Callable[[], Awaitable[Found | None]], patience: float = PATIENCE) -> Found:
    """The first true thing that `look` finds in another process. Raises TimeoutError."""
    async with asyncio.timeout(patience):
        while not (found := await look()):  # noqa: ASYNC110  it happens in another process
            await asyncio.sleep(0.05)
        return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
