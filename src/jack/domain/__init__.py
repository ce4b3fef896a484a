"""The rules of the hotel: standard library only, no I/O, no async."""
