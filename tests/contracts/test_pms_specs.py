"""What the simulators answer and what Jack asks, judged by the vendors' own specifications where they are at hand."""

from contextlib import suppress
from datetime import timedelta

import pytest

from jack.application.errors import ServiceRejected
from jack.application.ports.pms import SearchBy
from jack.application.ports.pms_tasks import PmsTask
from tests.contracts import canonical_hotel
from tests.contracts.pms_readings import pages_of, read
from tests.contracts.stages import over_http
from tests.contracts.stages.stage import PmsStage
from tests.contracts.vendor_specs import Judge, judge_of
from tests.hotel import NOW
from tests.simulators.pms.vendor import VendorSimulator

pytestmark = over_http


@pytest.fixture
def judge(vendor_name: str) -> Judge:
    """The vendor's specification."""
    judge = judge_of(vendor_name)
    if judge is None:
        pytest.skip("no specifications: set JACK_PMS_SPECS to their folder")
    return judge


async def test_everything_that_is_asked_and_answered_is_as_the_vendor_has_it(
    stage: PmsStage, simulator: VendorSimulator, judge: Judge
) -> None:
    truth = canonical_hotel.settle(stage)
    family = truth["family"]
    for reading in ("changed", "staying"):
        await read(pages_of(stage, reading))
    await stage.pms.reservation(family.ref)
    for key in ("family", "first-room", "no-phone"):
        await stage.pms.numbered(stage.reservation_as_told(truth[key]).confirmation_number)
    await stage.pms.guest(family.guest.ref)
    for by, text in ((SearchBy.NAME, "Silva"), (SearchBy.EMAIL, "anna@example.com"), (SearchBy.PHONE, "+351912345678")):
        with suppress(ServiceRejected):
            await stage.pms.search_guests(by, text)
    await stage.pms.rooms()
    await stage.pms.hotel()
    assert (await stage.pms.check()).problem is None
    await read(stage.pms.named(stage.pms.hints(stage.push(family.ref, truth["second-room"].ref))))
    with suppress(ServiceRejected):
        await stage.pms.file_task(
            PmsTask(
                key="0192f0c4e1aa3b5c7d9e00112233aabb",
                title="Two towels",
                reservation=family.ref,
                confirmation_number=family.confirmation_number,
                room_number=family.room_number,
                due_at=NOW + timedelta(hours=1),
            )
        )

    assert len(simulator.exchanges) > 5
    wrong = [
        problem
        for request, reply in simulator.exchanges
        for problem in (*judge.of_request(request), *judge.of_answer(request, reply))
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))
