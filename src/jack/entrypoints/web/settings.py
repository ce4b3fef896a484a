"""What the web door must be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """`public_url` is the address that browsers use: cookies are Secure when it is https.

    `trust_forwarded_for` is True only behind a proxy that appends the client's address to `X-Forwarded-For` itself;
    then the last entry counts. Otherwise the header is ignored, because any client can send one.
    """

    public_url: str = "http://127.0.0.1:8000"
    trust_forwarded_for: bool = False

    @property
    def is_https(self) -> bool:
        """True when browsers reach Jack over TLS."""
        return self.public_url.lower().startswith("https://")
