"""The bare endpoint: Litestar on uvicorn, as an application would be written that verifies and stores nothing."""

import hashlib
import hmac
import sys

import uvicorn
from litestar import Litestar, Request, get, post
from litestar.exceptions import NotAuthorizedException

from tests.bench.setup import APP_SECRET


@post("/webhooks/whatsapp", status_code=200, media_type="text/plain")
async def webhook(request: Request) -> str:  # type: ignore[type-arg]
    """Verify the signature over the raw bytes, and nothing else."""
    body = await request.body()
    expected = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("x-hub-signature-256", "")):
        raise NotAuthorizedException
    return ""


@get("/health/live")
async def live() -> str:
    """Answer."""
    return "ok"


if __name__ == "__main__":
    app = Litestar([webhook, live], openapi_config=None)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
