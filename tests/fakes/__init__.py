"""Fakes of the ports that Jack owns."""
