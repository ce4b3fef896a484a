"""RequestMetrics: what Prometheus may read. Labels are templates and numbers only, so their number stays small."""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

EXPOSITION = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # Litestar says the charset itself
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; webhooks are answered in the first ones."""


class RequestMetrics:
    """Counts requests by method, route template and status. One for each app, so that two apps never share counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        self._requests = Counter(
            "jack_http_requests", "Requests answered.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "jack_http_request_seconds",
            "How long requests took.",
            ["method", "route"],
            buckets=BUCKETS,
            registry=self._registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Remember one answered request."""
        known = method if method in METHODS else "OTHER"
        self._requests.labels(known, route, status).inc()
        self._seconds.labels(known, route).observe(seconds)

    def exposed(self) -> bytes:
        """Everything counted, in Prometheus' text format."""
        return generate_latest(self._registry)
