"""The addresses that hotels gave to their PMS, from the configuration."""

import hmac
import secrets
from hashlib import sha256

from jack.application.ports.pms_doors import PmsDoors
from jack.domain.ids import HotelId
from jack.entrypoints.settings import Settings


class ConfiguredPmsDoors(PmsDoors):
    """Knows digests of the secrets only: they are of one length, and nothing of a secret can be shown."""

    def __init__(self, settings: Settings) -> None:
        self._digests = {
            str(hotel.id): _digest(hotel.pms.webhook_secret.reveal())
            for hotel in settings.hotels
            if hotel.pms.webhook_secret is not None
        }
        self._nobody = _digest(secrets.token_urlsafe())

    def behind(self, hotel: str, secret: str) -> HotelId | None:
        """The hotel at this address, or None."""
        known = self._digests.get(hotel)
        fits = hmac.compare_digest(_digest(secret), known or self._nobody)
        return HotelId(hotel) if fits and known is not None else None


def _digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogatepass")).digest()
