"""The web door, over a real SQLite file and fakes for everything else that is outside."""
