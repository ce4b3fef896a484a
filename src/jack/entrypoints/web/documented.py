"""Helpers for what the OpenAPI document says of every route."""

from http import HTTPStatus

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import SecurityRequirement

from jack.entrypoints.web.problems import KINDS, MEDIA_TYPE, WRONG_SIGNATURE, Problem

SIGNED_IN: list[SecurityRequirement] = [{"session": []}, {"token": []}]


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The problems that a route may answer with; a fault is possible everywhere and not repeated."""
    return {
        status: ResponseSpec(
            data_container=Problem,
            media_type=MEDIA_TYPE,
            generate_examples=False,
            description=" ".join(kind.when for kind in KINDS if kind.status == status and kind is not WRONG_SIGNATURE)
            or HTTPStatus(status).phrase,
        )
        for status in statuses
    }
