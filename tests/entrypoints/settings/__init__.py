"""How Jack is configured."""
