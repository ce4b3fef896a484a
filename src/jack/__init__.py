"""Jack: a self-hosted AI hotel butler."""

__version__ = "0.1.0"
