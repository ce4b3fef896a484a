"""The stories, played on in-memory fakes."""
