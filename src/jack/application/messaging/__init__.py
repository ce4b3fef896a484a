"""Stories about conversations: receiving, answering, delivering, taking over."""
