"""Passwords and tokens without the waiting and without the chance."""

import hashlib
from itertools import count

from jack.application.ports.security import PasswordHasher, Tokens


class QuickPasswordHasher(PasswordHasher):
    """Hashes with a running number for a salt; `verified` keeps which hashes were asked for, None included."""

    def __init__(self) -> None:
        self._salts = count(1)
        self.verified: list[str | None] = []

    async def hash(self, password: str) -> str:
        return _hashed(password, str(next(self._salts)))

    async def verify(self, password: str, hashed: str | None) -> bool:
        self.verified.append(hashed)
        return hashed is not None and hashed == _hashed(password, hashed.split("$")[1])


class NumberedTokens(Tokens):
    """token-1, token-2 and so on."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        return f"token-{next(self._numbers)}"

    def digest(self, token: str) -> str:
        return f"digest-of-{hashlib.sha256(token.encode()).hexdigest()[:16]}"


def _hashed(password: str, salt: str) -> str:
    return f"quick${salt}${hashlib.sha256(f'{salt}:{password}'.encode()).hexdigest()}"
