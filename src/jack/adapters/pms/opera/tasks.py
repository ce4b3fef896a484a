"""Service requests in OPERA: filed once, found again by Jack's key in their text."""

from datetime import timedelta

import msgspec

from jack.adapters.http import Answer
from jack.adapters.pms.opera.api import OperaApi
from jack.adapters.pms.opera.hotel import OperaHotel
from jack.adapters.pms.opera.payloads import Id, Payload
from jack.adapters.pms.opera.values import SYSTEM, local_text, text
from jack.application.errors import ServiceRejected, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.pms_tasks import PmsTask

REQUESTS_PATH = "/fof/v1/hotels/{hotel}/serviceRequests"

LONGEST_COMMENT = 2_000
"""Characters that OPERA keeps of a service request's text."""

_LOOKS_BACK = timedelta(days=27)
"""OPERA searches 30 days at most, of its business dates, which may lie a day beside the calendar's."""


class _Request(Payload, frozen=True, gc=False):
    service_request_id: Id | None = None
    comment: str | None = None


class _Requests(Payload, frozen=True, gc=False):
    service_requests_details: list[_Request] | None = None


_REQUESTS = msgspec.json.Decoder(_Requests, strict=False)


class ServiceRequests:
    """Files service requests of one code, which the hotel has made for Jack."""

    def __init__(
        self, api: OperaApi, hotel: OperaHotel, clock: Clock, code: str | None, department: str | None
    ) -> None:
        self._api = api
        self._hotel = hotel
        self._clock = clock
        self._code = code
        self._department = department

    async def file(self, task: PmsTask) -> str:
        """As the port says. Raises ServiceRejected where jack.toml names no code."""
        if self._code is None:
            raise ServiceRejected(
                "OPERA keeps tasks as service requests, and jack.toml names no code for them: set task_code (and "
                "task_department). Jack writes into no comment of a reservation, which might replace what people wrote"
            )
        found = await self._filed(task, self._code)
        if found is not None:
            return found
        answer = await self._api.post(REQUESTS_PATH, {"serviceRequestsDetails": [self._request(task, self._code)]})
        made = _made(answer) or await self._filed(task, self._code)
        if made is None:
            raise ServiceUnavailable("OPERA took a service request and does not show it")
        return made

    async def _filed(self, task: PmsTask, code: str) -> str | None:
        """The id of the request that carries the task's key."""
        calendar = self._clock.now().astimezone(self._hotel.zone).date()
        days = sorted((calendar, await self._hotel.today()))
        params = [
            ("code", code),
            ("creationStartDate", (days[1] - _LOOKS_BACK).isoformat()),
            ("creationEndDate", (days[1] + timedelta(days=1)).isoformat()),
        ]
        listed = await self._api.found(REQUESTS_PATH, params, _read)
        for request in listed or ():
            if task.key in (request.comment or "") and request.service_request_id is not None:
                return text(request.service_request_id.id) or task.key
        return None

    def _request(self, task: PmsTask, code: str) -> dict[str, object]:
        request: dict[str, object] = {
            "hotelId": self._hotel.key,
            "code": code,
            "status": "Open",
            "openDate": local_text(self._clock.now(), self._hotel.zone),
            "comment": self._comment(task),
        }
        if self._department is not None:
            request["department"] = {"code": self._department}
        if task.reservation is not None and task.reservation.system == SYSTEM:
            request["reservationIdList"] = [{"type": "Reservation", "id": task.reservation.key}]
        if task.room_number is not None:
            request["room"] = task.room_number
        return request

    def _comment(self, task: PmsTask) -> str:
        due = local_text(task.due_at, self._hotel.zone)[:16]
        end = f"\nDue {due}. Jack {task.key}"
        said = "\n".join(part for part in (task.title.strip(), task.details.strip()) if part)
        room = LONGEST_COMMENT - len(end)
        return (said if len(said) <= room else said[: room - 1] + "…") + end


def _read(body: bytes) -> list[_Request]:
    return _REQUESTS.decode(body).service_requests_details or []


def _made(answer: Answer) -> str | None:
    """The id in the address of what was made."""
    place = answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
    return place if answer.status == 201 and place.isalnum() else None
