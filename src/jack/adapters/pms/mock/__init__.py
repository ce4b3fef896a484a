"""The mock PMS: a hotel in memory, for development, the demo and tests; nothing to install and nobody to ask."""
