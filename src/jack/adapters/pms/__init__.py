"""Property management systems: one package for each vendor, and the mock."""
