"""The routes of the web door, one file for each part of the hotel's work."""
