"""Serving an ASGI application over real HTTP, until told to stop."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn

SHUTDOWN_LIMIT = 10
"""Seconds that open requests get when the server is told to stop."""

ADVICE = "Is Jack running already? Choose another port in [server] of jack.toml"


class CannotListen(Exception):
    """The address is taken or not allowed; the text says which and what to do."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: it would end the process before Jack has closed what it opened."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int, *, advice: str = ADVICE) -> socket.socket:
    """A bound socket; port 0 lets the system choose. Raises CannotListen with `advice` in it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"cannot listen on {host} port {port}: {error.strerror or 'no such host'}. {advice}"
        ) from error
    listener.listen(2048)
    listener.setblocking(False)
    return listener


@contextlib.asynccontextmanager
async def serving(app: Any, listener: socket.socket, *, ending: Callable[[], None] | None = None) -> AsyncIterator[str]:
    """Serve `app` on a bound socket while the block runs; yields its base URL once it answers.

    `ending` is called when the server is about to stop, so that answers that never end by themselves do end.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_LIMIT,
        server_header=False,
        proxy_headers=False,  # uvicorn would believe any local client's X-Forwarded-For; [server] decides instead
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if task.done():
                await task
                raise CannotListen("the server stopped before it had started; see the log")
            await asyncio.sleep(0.005)
        host, port = listener.getsockname()[:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        if ending is not None:
            ending()
        server.should_exit = True
        await task


async def until_told_to_stop() -> None:
    """Return when the process gets SIGINT or SIGTERM."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await stop.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
