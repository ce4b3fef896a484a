"""What the adapters of PMS vendors share: calling with patience and pace, tokens, and reading untidy records."""
