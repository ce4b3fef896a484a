"""A running `jack demo`, as a person starts it, known by what it prints."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PATIENCE = 60.0
"""Seconds until the demo must be serving."""

SERVING = "Jack keeps serving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Where the demo's dashboard is and how to sign in, as its terminal says."""

    url: str
    email: str
    password: str = field(repr=False)


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Start `jack demo`, wait until it serves, end it. Fails with its output when it does not come so far."""
    process = subprocess.Popen(
        [sys.executable, "-m", "jack", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"},
    )
    lines: list[str] = []
    settled = threading.Event()
    # a thread goes on reading, so that the demo never waits for somebody to take what it prints
    reader = threading.Thread(target=_read, args=(process, lines, settled))
    reader.start()
    try:
        settled.wait(PATIENCE)
        told = "".join(lines)
        assert SERVING in told, f"the demo did not begin to serve:\n{told}"
        yield Demo(
            url=_told(told, r"dashboard\s+(http\S+)"),
            email=_told(told, r"e-mail\s+(\S+@\S+)"),
            password=_told(told, r"password\s+(\S+)"),
        )
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        if process.stdout:
            process.stdout.close()


def _read(process: subprocess.Popen[str], lines: list[str], settled: threading.Event) -> None:
    for line in process.stdout or ():
        lines.append(line)
        if SERVING in line:
            settled.set()
    settled.set()  # it ended


def _told(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found, f"the demo does not tell {pattern!r}:\n{text}"
    return found[1]
