"""Simulators of the PMS vendors: strict about what comes in, and in the vendor's own words about what goes out."""
