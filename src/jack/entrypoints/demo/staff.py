"""A staff member of the demo, who uses the API as the dashboard does."""

from typing import Any, Self

import httpx

from jack.entrypoints.demo.show import expect


class StaffClient:
    """Signs in with e-mail and password and reads the staff API over real HTTP."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, timeout=10, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def sign_in(self, email: str, password: str) -> None:
        """Raises StepFailed when Jack does not let them in."""
        answer = await self._http.post("/api/v1/session", json={"email": email, "password": password})
        expect(answer.is_success, f"signing in gave HTTP {answer.status_code}")

    async def get(self, path: str, **params: str) -> Any:
        """The JSON of a GET below /api/v1. Raises StepFailed for anything but success."""
        answer = await self._http.get(f"/api/v1{path}", params=params)
        expect(answer.is_success, f"GET {path} gave HTTP {answer.status_code}")
        return answer.json()
