"""The demo: the whole of Jack at work, with stand-ins only at the far ends."""
