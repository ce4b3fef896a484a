"""Persistence in memory, with the semantics of real transactions.

The views are not played: their rows come from SQL only.
"""

from tests.fakes.persistence.database import InMemoryDatabase, assert_no_open_unit_of_work

__all__ = ["InMemoryDatabase", "assert_no_open_unit_of_work"]
