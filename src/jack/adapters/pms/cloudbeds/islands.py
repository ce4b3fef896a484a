"""Where a property's API is: Cloudbeds keeps properties on islands, and tells which one to whoever asks.

The answer decides where credentials are sent. So only an address is followed that is Cloudbeds' own, or that is on the
very host that jack.toml names (a proxy or a simulator, on this machine under any of its names).
"""

import ipaddress
from urllib.parse import urlsplit

PREFIX = "/api/v1.3"
"""The path of the PMS API on every host."""

OWN_DOMAIN = "cloudbeds.com"


def base_of(address: str) -> str:
    """An address without the path of the PMS API at its end."""
    base = address.strip().rstrip("/")
    for ending in (PREFIX, "/api/v1.2", "/api/v1.1", "/api"):
        base = base.removesuffix(ending)
    return base.rstrip("/")


def island_of(told: str, configured: str) -> str | None:
    """The base address to call from now on; None when what was told must not be followed."""
    base = base_of(told)
    try:
        new, known = urlsplit(base if "//" in base else f"https://{base}"), urlsplit(configured)
        host, home, _ = new.hostname or "", known.hostname or "", new.port
    except ValueError:
        return None
    if not host or new.username or new.query or new.fragment or new.scheme not in ("http", "https"):
        return None
    safe = new.scheme == "https" or known.scheme == "http"
    same = host == home or (_is_this_machine(host) and _is_this_machine(home))
    cloudbeds = new.scheme == "https" and _is_cloudbeds(host) and _is_cloudbeds(home)
    return new.geturl().rstrip("/") if cloudbeds or (same and safe) else None


def _is_cloudbeds(host: str) -> bool:
    return host == OWN_DOMAIN or host.endswith(f".{OWN_DOMAIN}")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
