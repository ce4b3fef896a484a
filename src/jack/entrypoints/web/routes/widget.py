"""The chat's script, which hotels put on their own pages."""

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State

from jack.entrypoints import web

KEPT_FOR = 300
"""Seconds for which browsers need not ask whether there is a newer script."""


@get("/chat/widget.js", include_in_schema=False, sync_to_thread=False)
def widget(request: Request[Any, Any, State]) -> Response[bytes]:
    """The script. Any page may load it; which may chat is another matter."""
    content, tag = _script()
    headers = {
        "cache-control": f"public, max-age={KEPT_FOR}",
        "etag": tag,
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",  # for pages that check the script's hash
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type="text/javascript", headers=headers)


@lru_cache(maxsize=1)
def _script() -> tuple[bytes, str]:
    content = files(web).joinpath("widget/widget.js").read_bytes()
    return content, f'"{sha256(content).hexdigest()[:16]}"'
