"""The ways in which guests write: one package for each channel."""
