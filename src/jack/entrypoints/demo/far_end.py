"""The far end of WhatsApp for `jack serve` without a configuration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from jack.entrypoints.demo.graph import GraphStandIn
from jack.entrypoints.settings import Settings, WhatsAppChannel
from jack.entrypoints.web.server import listen, serving

ADVICE = "The built-in configuration needs it for its stand-in for WhatsApp; a jack.toml of your own does not"


@asynccontextmanager
async def stand_in_for(settings: Settings) -> AsyncIterator[str]:
    """A stand-in for Meta where the built-in configuration expects it; yields its address. Raises CannotListen."""
    channel = next(c for hotel in settings.hotels for c in hotel.channels if isinstance(c, WhatsAppChannel))
    address = urlsplit(channel.api_url)
    graph = GraphStandIn(
        phone_number_id=channel.phone_number_id,
        access_token=channel.access_token.reveal(),
        app_secret=channel.app_secret.reveal(),
        webhook_url=f"http://{settings.server.host}:{settings.server.port}/webhooks/whatsapp",
    )
    async with serving(graph, listen(str(address.hostname), address.port or 80, advice=ADVICE)) as url:
        yield url
