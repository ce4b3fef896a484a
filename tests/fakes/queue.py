"""A queue that rings nobody: tests look at what was rung, and run it when they like."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from jack.application.ports.jobs import Job, JobQueue

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One call of `ring`."""

    job: Job
    after: timedelta


class RecordingQueue(JobQueue):
    """Keeps rings in order. Time is the test's: it passes only while `run_all` waits for a delayed ring."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []
        """Every ring since the beginning, or since `clear`."""
        self.elapsed = timedelta(0)
        """How much time `run_all` has waited for delayed rings."""
        self._waiting: list[tuple[timedelta, Job]] = []

    def ring(self, job: Job, *, after: timedelta = AT_ONCE) -> None:
        """Remember the ring; equal rings that are due at the same time merge."""
        self.rings.append(Ring(job=job, after=after))
        due = (self.elapsed + after, job)
        if due not in self._waiting:
            self._waiting.append(due)

    @property
    def jobs(self) -> list[Job]:
        """The jobs of all rings, in order."""
        return [ring.job for ring in self.rings]

    def clear(self) -> None:
        """Forget every ring."""
        self.rings.clear()
        self._waiting.clear()

    async def run_all(
        self,
        handle: Callable[[Job], Awaitable[None]],
        *,
        wait: Callable[[timedelta], None] | None = None,
        at_most: int = 1000,
    ) -> None:
        """Run what waits through `handle`, one after another in the order of being due, until nothing waits.

        `wait` is told how much time must pass before a delayed ring, for the test's clock. Every job runs even when
        others raise; then the errors are raised as one ExceptionGroup. More than `at_most` jobs are a ring that never
        ends, and an AssertionError.
        """
        errors: list[Exception] = []
        for _ in range(at_most):
            if not self._waiting:
                break
            due, job = min(self._waiting, key=lambda waiting: waiting[0])
            self._waiting.remove((due, job))
            if due > self.elapsed:
                if wait is not None:
                    wait(due - self.elapsed)
                self.elapsed = due
            try:
                await handle(job)
            except Exception as error:  # noqa: BLE001  as in a real queue, the others go on
                errors.append(error)
        else:
            raise AssertionError(f"still ringing after {at_most} jobs")
        if errors:
            raise ExceptionGroup("jobs failed", errors)
