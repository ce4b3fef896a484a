"""The stages of the PMS contract: one hotel, told in the dialect of each vendor.

To add a vendor, write its simulator and its stage, and name the stage in STAGES.
"""

from collections.abc import Callable

import pytest

from tests.contracts.stages.apaleo import ApaleoStage
from tests.contracts.stages.cloudbeds import CloudbedsStage
from tests.contracts.stages.mews import MewsStage
from tests.contracts.stages.mock import MockStage
from tests.contracts.stages.opera import OperaStage
from tests.contracts.stages.stage import PmsStage, StageDoor

STAGES: dict[str, Callable[[StageDoor], PmsStage]] = {
    "mock": MockStage,
    "cloudbeds": CloudbedsStage,
    "mews": MewsStage,
    "apaleo": ApaleoStage,
    "opera": OperaStage,
}
"""Every PMS that Jack speaks to; one line for each."""

over_http = pytest.mark.parametrize("vendor_name", [name for name in STAGES if name != "mock"])
"""For tests of what only a vendor behind HTTP can do."""
