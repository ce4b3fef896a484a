"""One technology each; every adapter implements ports of the application."""
