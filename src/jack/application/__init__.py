"""The stories that Jack can play, and the ports that they need."""
