"""Cloudbeds: the hotel's PMS through the PMS API v1.3."""
