"""The stages of the PMS contract, each with a clock and a server of its own making."""

import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from jack.adapters.http import make_client
from tests.contracts.pms_readings import QUESTIONS, Question
from tests.contracts.stages import STAGES
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.contracts.vendor_specs import judge_of
from tests.fakes.clock import FixedClock
from tests.fakes.pms import RememberingFake
from tests.hotel import NOW
from tests.simulators.pms.vendor import VendorSimulator, VendorSwitchboard
from tests.simulators.serving import serve


@pytest.fixture(scope="session")
async def vendors() -> AsyncIterator[tuple[VendorSwitchboard, str]]:
    """One server for the simulators of all tests, and its address."""
    switchboard = VendorSwitchboard()
    async with serve(switchboard) as base_url:
        yield switchboard, base_url


@pytest.fixture(scope="session")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """One client for all tests: making one reads every certificate of the machine."""
    async with make_client() as client:
        yield client


@pytest.fixture
def clock() -> FixedClock:
    """The clock of adapter and simulator."""
    return FixedClock(NOW)


@pytest.fixture(params=list(STAGES))
def vendor_name(request: pytest.FixtureRequest) -> str:
    """The vendor on stage; tests about HTTP narrow it down with `over_http`."""
    name: str = request.param
    return name


@pytest.fixture
async def stage(
    vendor_name: str,
    vendors: tuple[VendorSwitchboard, str],
    client: httpx.AsyncClient,
    clock: FixedClock,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[PmsStage]:
    """The vendor's world. Whatever is logged while a test plays in it holds no secret, and whatever is asked is as the
    vendor's specification has it, where that lies beside the checkout.
    """
    switchboard, base_url = vendors
    caplog.set_level(logging.DEBUG)
    made = STAGES[vendor_name](StageDoor(clock=clock, client=client, base_url=base_url, memory=RememberingFake()))
    switchboard.simulator = made.simulator
    yield made
    if made.simulator is not None:
        made.simulator.release()
    logged = [record.getMessage() for when in ("setup", "call") for record in caplog.get_records(when)]
    assert not [text for text in logged for secret in made.secrets if secret in text]
    judge = judge_of(vendor_name)
    if judge is not None and made.simulator is not None:
        assert [problem for request in made.simulator.requests for problem in judge.of_request(request)] == []


@pytest.fixture
def simulator(stage: PmsStage) -> VendorSimulator:
    """The simulator behind a stage that speaks HTTP."""
    assert stage.simulator is not None
    return stage.simulator


@pytest.fixture(params=list(QUESTIONS))
def question(request: pytest.FixtureRequest) -> Question:
    """Each way to ask."""
    return QUESTIONS[request.param]
