"""The dashboard's files, at every address that nothing else answers."""

import asyncio
import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_200_OK

from jack.entrypoints.web.problems import METHOD, NOT_FOUND, Refusal

NOT_PAGES = ("api", "chat", "health", "metrics", "problems", "schema", "webhooks")
"""First parts of addresses that are never the dashboard's."""

COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")


def dashboard(folder: Path) -> HTTPRouteHandler:
    """The route over a folder of built files; an address that is no file is the dashboard's own and gets its page."""
    folder = folder.resolve()

    @route(
        ["/", "/{path:path}"],
        http_method=[
            *(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST),
            *(HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE),
        ],
        status_code=HTTP_200_OK,
        include_in_schema=False,
    )
    async def files(request: Request[Any, Any, State]) -> Response[bytes]:
        """A file, or the dashboard's page."""
        path = request.scope["path"]
        if path.split("/")[1] in NOT_PAGES:
            raise Refusal(NOT_FOUND)
        if request.method not in {"GET", "HEAD"}:
            raise Refusal(METHOD if path == "/" else NOT_FOUND)
        takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
        return await asyncio.to_thread(_response, folder, path, takes_gzip)

    return files


def _file(folder: Path, path: str) -> Path:
    """The file of that address inside the folder. Raises Refusal where there is none."""
    if "\0" in path or "\\" in path:
        raise Refusal(NOT_FOUND)
    file = (folder / path.lstrip("/")).resolve()
    if not file.is_relative_to(folder) or any(part.startswith(".") for part in file.relative_to(folder).parts):
        raise Refusal(NOT_FOUND)
    if file.is_file():
        return file
    if "." in path.rpartition("/")[2]:
        raise Refusal(NOT_FOUND)
    return folder / "index.html"


def _response(folder: Path, path: str, gzipped: bool) -> Response[bytes]:
    file = _file(folder, path)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    gzipped = gzipped and kind.startswith(COMPRESSED)
    # built files carry a hash of their content in their names, the page itself does not
    is_hashed = file.parent == folder / "assets"
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if is_hashed else "no-cache",
        "vary": "accept-encoding",
    }
    if gzipped:
        headers["content-encoding"] = "gzip"
    return Response(_content(file, file.stat().st_mtime_ns, gzipped), media_type=kind, headers=headers)


@lru_cache(maxsize=64)
def _content(file: Path, _: int, gzipped: bool) -> bytes:
    """The file's bytes, kept as long as its time stays the same."""
    content = file.read_bytes()
    return gzip.compress(content, compresslevel=6, mtime=0) if gzipped else content
