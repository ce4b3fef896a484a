"""Starting the web server with everything that belongs to its process."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import Provider

from jack.entrypoints.settings import Settings
from jack.entrypoints.web.app import WebSettings, create_app
from jack.entrypoints.web.server import listen, serving
from jack.entrypoints.wiring.container import open_jack, run_jobs

log = logging.getLogger(__name__)


@asynccontextmanager
async def serve_jack(settings: Settings, *overrides: Provider) -> AsyncIterator[str]:
    """Jack, serving, while the block runs; yields the base URL. Without Redis the jobs run here as well.

    Raises CannotListen before anything is opened, NotReady when the database cannot be used.
    """
    listener = listen(settings.server.host, settings.server.port)
    try:
        async with open_jack(settings, *overrides) as container, run_jobs(container, settings):
            app = create_app(
                container,
                WebSettings(
                    public_url=settings.server.public_url, trust_forwarded_for=settings.server.trust_forwarded_for
                ),
            )
            async with serving(app, listener, ending=app.state.streams.close) as url:
                log.info("jack.serving")
                yield url
    finally:
        listener.close()
