"""Mews, through its Connector API. Facts are from Mews' own reference of that API (2026-08-07)."""
