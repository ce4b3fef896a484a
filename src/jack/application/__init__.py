"""The stories, and the ports that they need."""
