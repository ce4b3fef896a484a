"""Signing in and out."""

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie, State
from litestar.params import JSONBody
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from jack.application.errors import Conflict
from jack.application.staff.accounts import SignIn, SignOut
from jack.domain.staff import StaffMember
from jack.entrypoints.web.authentication import (
    CSRF_COOKIE,
    SESSION_COOKIE,
    Member,
    StaffRequest,
    bearer_token,
    client_address,
)
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.schemas import SignInBody, StaffView
from jack.entrypoints.web.settings import WebSettings

TAG = ["session"]


@post(
    "/session",
    operation_id="sign_in",
    tags=TAG,
    summary="Sign in",
    description="Sets the HttpOnly cookie `session` and the readable cookie `csrftoken`, both new at every sign-in.",
    status_code=HTTP_201_CREATED,
    responses=problems(400, 401, 413, 415, 429),
    exclude_from_auth=True,
    security=[{}],
)
@inject
async def sign_in(
    data: JSONBody[SignInBody],
    request: Request[None, None, State],
    story: FromDishka[SignIn],
    sign_out_story: FromDishka[SignOut],
) -> Response[StaffView]:
    """Start a session under tokens that nobody chose; the one this browser had before ends."""
    settings: WebSettings = request.app.state.settings
    signed_in = await story(data.email, data.password, client_address(request, settings.trust_forwarded_for))
    before = request.cookies.get(SESSION_COOKIE)
    if before:
        await sign_out_story(before)
    lasts = int(signed_in.lasts.total_seconds())
    return Response(
        _shown(signed_in.member),
        cookies=[
            _cookie(SESSION_COOKIE, signed_in.token, lasts, settings, hidden=True),
            _cookie(CSRF_COOKIE, signed_in.csrf_token, lasts, settings, hidden=False),
        ],
    )


@get("/session", operation_id="who_am_i", tags=TAG, summary="Who is signed in", responses=problems(401))
async def who_am_i(member: Member) -> StaffView:
    """The staff member behind the session or the API token."""
    return _shown(member)


@delete(
    "/session",
    operation_id="sign_out",
    tags=TAG,
    summary="Sign out",
    status_code=HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 409),
)
@inject
async def sign_out(request: StaffRequest, story: FromDishka[SignOut]) -> Response[None]:
    """End the session and take its cookies away."""
    token = request.cookies.get(SESSION_COOKIE)
    if bearer_token(request) is not None or token is None:
        raise Conflict("an API token has no session to end")
    await story(token)
    settings: WebSettings = request.app.state.settings
    return Response(
        None,
        cookies=[
            _cookie(SESSION_COOKIE, "", 0, settings, hidden=True),
            _cookie(CSRF_COOKIE, "", 0, settings, hidden=False),
        ],
    )


def _cookie(name: str, value: str, lasts: int, settings: WebSettings, *, hidden: bool) -> Cookie:
    return Cookie(
        key=name, value=value, max_age=lasts, path="/", secure=settings.is_https, httponly=hidden, samesite="lax"
    )


def _shown(member: StaffMember) -> StaffView:
    return StaffView(id=member.id, email=member.email, name=member.name, role=member.role, hotels=member.hotels)


ROUTES = [sign_in, who_am_i, sign_out]
