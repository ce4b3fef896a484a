"""Passwords and tokens."""

import asyncio
import threading
import time
from typing import Literal

import argon2
import pytest

from jack.adapters.security import Argon2PasswordHasher, SecretTokens


def quick() -> argon2.PasswordHasher:
    return argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class CountingHasher(argon2.PasswordHasher):
    """Counts how many hashes go on at a time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.lock = threading.Lock()
        self.now = self.most = self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
        with self.lock:
            self.now += 1
            self.verified += 1
            self.most = max(self.most, self.now)
        try:
            time.sleep(0.005)
            return super().verify(hash, password)
        finally:
            with self.lock:
                self.now -= 1


async def test_a_password_fits_its_hash_and_no_other() -> None:
    passwords = Argon2PasswordHasher(hasher=quick())
    hashed = await passwords.hash("correct horse")

    assert await passwords.verify("correct horse", hashed)
    assert not await passwords.verify("correct horse ", hashed)
    assert not await passwords.verify("", hashed)


async def test_the_same_password_has_another_hash_every_time() -> None:
    passwords = Argon2PasswordHasher(hasher=quick())

    assert await passwords.hash("x") != await passwords.hash("x")
    assert "correct" not in await passwords.hash("correct")


@pytest.mark.parametrize("password", ["", "pässwörd", "🔑" * 300, "nul\x00byte", "lone \ud800 surrogate"])
async def test_any_text_can_be_a_password(password: str) -> None:
    passwords = Argon2PasswordHasher(hasher=quick())

    assert await passwords.verify(password, await passwords.hash(password))


async def test_an_accent_is_the_same_on_every_keyboard() -> None:
    passwords = Argon2PasswordHasher(hasher=quick())

    assert await passwords.verify("cafe\u0301", await passwords.hash("caf\u00e9"))


async def test_an_unknown_account_does_all_the_work_and_never_fits() -> None:
    hasher = CountingHasher()
    passwords = Argon2PasswordHasher(hasher=hasher)

    assert not await passwords.verify("anything", None)
    assert not await passwords.verify("", None)
    assert hasher.verified == 2
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        hasher.verify(passwords._nobodys, "anything")


@pytest.mark.parametrize(
    "hashed", ["", "plain text", "$argon2id$v=19$m=64,t=1,p=1$broken", "$2b$12$abcdefghijklmnopqrstuv"]
)
async def test_a_hash_that_is_none_fits_nothing(hashed: str) -> None:
    passwords = Argon2PasswordHasher(hasher=quick())

    assert not await passwords.verify("anything", hashed)


async def test_a_crowd_that_signs_in_waits_in_line() -> None:
    hasher = CountingHasher()
    passwords = Argon2PasswordHasher(at_once=2, hasher=hasher)

    await asyncio.gather(*(passwords.verify("x", None) for _ in range(12)))

    assert hasher.verified == 12
    assert 1 <= hasher.most <= 2


async def test_whoever_gives_up_leaves_no_more_room_than_there_was() -> None:
    hasher = CountingHasher()
    passwords = Argon2PasswordHasher(at_once=1, hasher=hasher)
    impatient = [asyncio.create_task(passwords.verify("x", None)) for _ in range(6)]
    await asyncio.sleep(0)
    for task in impatient:
        task.cancel()
    await asyncio.gather(*impatient, return_exceptions=True)

    assert not await passwords.verify("x", None)
    assert hasher.most == 1
    assert hasher.verified < 7, "those who had not begun never do"


async def test_the_defaults_are_those_of_argon2id() -> None:
    hashed = await Argon2PasswordHasher().hash("x")

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_tokens_are_long_safe_in_urls_and_all_different() -> None:
    tokens = {SecretTokens().new() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(len(token) >= 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


def test_a_token_is_stored_as_its_sha_256() -> None:
    assert SecretTokens().digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
