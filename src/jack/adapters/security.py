"""Passwords by Argon2id, tokens by the machine's own randomness."""

import asyncio
import base64
import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from jack.application.ports.security import PasswordHasher, Tokens

T = TypeVar("T")

_DIGEST_BYTES = 32
_SALT_BYTES = 16


class Argon2PasswordHasher(PasswordHasher):
    """Argon2id in threads of its own, at most `at_once` hashes at a time.

    One hash takes 64 MiB and some tens of milliseconds (the defaults of argon2-cffi, RFC 9106's second choice), so a
    crowd that signs in waits in line instead of taking the machine's memory. The line is the pool's own: a caller who
    gives up leaves it, and a hash that has begun still counts.
    """

    def __init__(self, *, at_once: int = 2, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or argon2.PasswordHasher()
        self._pool = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="passwords")
        self._nobodys = _hash_of_nobody(self._hasher)

    async def hash(self, password: str) -> str:
        return await self._in_line(lambda: self._hasher.hash(_as_bytes(password)))

    async def verify(self, password: str, hashed: str | None) -> bool:
        def fits() -> bool:
            try:
                return self._hasher.verify(hashed or self._nobodys, _as_bytes(password))
            except (VerificationError, InvalidHashError):
                return False

        return await self._in_line(fits) and bool(hashed)

    async def _in_line(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


class SecretTokens(Tokens):
    """Tokens of 256 random bits. They cannot be guessed, so one round of SHA-256 is enough to store them."""

    def new(self) -> str:
        return secrets.token_urlsafe(32)

    def digest(self, token: str) -> str:
        return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _as_bytes(password: str) -> bytes:
    # Keyboards differ in whether they send é as one character or two; the password is the same.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hash_of_nobody(hasher: argon2.PasswordHasher) -> str:
    """A well-formed hash that no password is known for; verifying it does all the work that a real one takes."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (_SALT_BYTES, _DIGEST_BYTES)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
