"""Twilio's signature over the address of a webhook and every field of its form.

base64(HMAC-SHA1(auth token, address + each name and value, sorted by name)); the address is the one that Twilio was
given, byte for byte, with or without the default port. https://www.twilio.com/docs/usage/security (March 2026)
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlsplit, urlunsplit

HEADER = "x-twilio-signature"
MOST_FIELDS = 1_000
"""Fields of one form at most; Twilio sends some dozens."""

_DEFAULT_PORTS = {"https": 443, "http": 80}

Fields = Sequence[tuple[str, str]]


def fields_of(body: bytes) -> Fields | None:
    """Every field of a form, blank ones included (a picture without words has an empty `Body`); None for no form."""
    try:
        return parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except (ValueError, UnicodeError):
        return None


def signature(token: str, address: str, fields: Fields) -> str:
    """What Twilio would write into the header. A repeated name counts with each of its different values, sorted."""
    values: dict[str, set[str]] = {}
    for name, value in fields:
        values.setdefault(name, set()).add(value)
    text = address + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def signs(token: str, addresses: Iterable[str], fields: Fields, claimed: str) -> bool:
    """True when the claimed signature is the token's for one of the addresses. Looks at all of them."""
    given = claimed.encode("utf-8", "replace")
    fitting = [hmac.compare_digest(signature(token, address, fields).encode(), given) for address in addresses]
    return any(fitting)


def spellings(address: str) -> tuple[str, ...]:
    """The address with and without its scheme's default port: Twilio and proxies differ in whether they name it."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    port = _DEFAULT_PORTS.get(parts.scheme)
    if port is None:
        return (address,)
    bare = host.removesuffix(f":{port}")
    has_other_port = parts.port is not None and parts.port != port
    hosts = (host, host[: -len(f":{parts.port}")]) if has_other_port else (bare, f"{bare}:{port}")
    return tuple(urlunsplit(parts._replace(netloc=each)) for each in hosts)
