"""Suites that a fake and every real adapter of a port pass alike."""
