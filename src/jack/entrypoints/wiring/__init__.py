"""The one place that names adapters."""
