"""Pages that explain the API: the OpenAPI document, a plain reading of it, and the kinds of problems."""

import asyncio
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import msgspec
from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from jack.entrypoints.web.problems import KINDS, NOT_FOUND, Refusal


def pages(document: Callable[[], dict[str, Any]]) -> list[HTTPRouteHandler]:
    """The routes, over a document that is made when somebody first asks for it."""

    @get("/schema/openapi.json", include_in_schema=False)
    async def openapi_json() -> Response[bytes]:
        """The document itself."""
        return Response(msgspec.json.encode(await asyncio.to_thread(document)), media_type=MediaType.JSON)

    @get("/schema", include_in_schema=False)
    async def openapi_page() -> Response[str]:
        """The document for people, without any script."""
        return _page("Jack's API", _reading(await asyncio.to_thread(document)))

    @get("/problems/{name:str}", include_in_schema=False, sync_to_thread=False)
    def problem_page(name: FromPath[str]) -> Response[str]:
        """What a kind of problem means."""
        kind = next((kind for kind in KINDS if kind.name == name), None)
        if kind is None:
            raise Refusal(NOT_FOUND)
        return _page(kind.title, [f"<p>Status {kind.status}. {escape(kind.when)}</p>"])

    return [openapi_json, openapi_page, problem_page]


def _reading(document: dict[str, Any]) -> Iterator[str]:
    yield f"<p>{escape(document['info']['description'])}</p>"
    yield '<p>For programs: <a href="/schema/openapi.json">openapi.json</a></p><dl>'
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if isinstance(operation, dict):
                summary, description = operation.get("summary", ""), operation.get("description", "")
                yield f"<dt><code>{method.upper()} {escape(path)}</code> {escape(summary)}</dt>"
                yield f"<dd>{escape(description)}</dd>"
    yield "</dl>"


def _page(title: str, parts: Iterator[str] | list[str]) -> Response[str]:
    head = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><h1>{escape(title)}</h1>'
    )
    return Response("\n".join([head, *parts, "</html>"]), media_type=MediaType.HTML)
