"""Secrets of the staff: passwords and tokens."""

from abc import abstractmethod
from typing import Protocol


class PasswordHasher(Protocol):
    """Slow one-way hashing of passwords."""

    @abstractmethod
    async def hash(self, password: str) -> str:
        """The hash to store; a new salt every time. Does not block the event loop."""

    @abstractmethod
    async def verify(self, password: str, hashed: str | None) -> bool:
        """True when the password fits. With None it takes as long as with a hash and is False, so that an unknown
        account cannot be told from a wrong password."""


class Tokens(Protocol):
    """Opaque tokens for sessions and API access."""

    @abstractmethod
    def new(self) -> str:
        """A new token: at least 256 random bits, safe in URLs and headers."""

    @abstractmethod
    def digest(self, token: str) -> str:
        """What is stored instead of the token; the token cannot be found from it."""
