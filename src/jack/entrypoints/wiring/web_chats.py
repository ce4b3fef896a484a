"""Which hotels have a web chat, and which pages may use it, from the configuration."""

from jack.application.ports.web_chat import WebChats
from jack.entrypoints.settings import Settings, WebChatChannel


class ConfiguredWebChats(WebChats):
    """The origins of every hotel's chat."""

    def __init__(self, settings: Settings) -> None:
        self._origins = {
            str(hotel.id): frozenset(str(origin) for origin in channel.allowed_origins)
            for hotel in settings.hotels
            for channel in hotel.channels
            if isinstance(channel, WebChatChannel)
        }

    def origins(self, hotel: str) -> frozenset[str] | None:
        """The origins that may use the hotel's chat, or None."""
        return self._origins.get(hotel)
