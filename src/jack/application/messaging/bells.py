"""Bells: rings that are collected inside a unit of work and rung after its commit."""

from dataclasses import dataclass, field
from datetime import timedelta

from jack.application.ports.jobs import Job, JobQueue


@dataclass(slots=True)
class Bells:
    """Jobs to ring for once the rows they are about are durable; equal ones become one."""

    jobs: dict[Job, timedelta] = field(default_factory=dict)

    def add(self, job: Job, after: timedelta = timedelta(0)) -> None:
        """Remember to ring for `job`; the longest delay counts."""
        self.jobs[job] = max(after, self.jobs.get(job, timedelta(0)))

    def ring(self, queue: JobQueue) -> None:
        """Ring for everything remembered."""
        for job, after in self.jobs.items():
            queue.ring(job, after=after)
        self.jobs.clear()
