"""apaleo: a PMS that is an API first; guests live inside reservations, and bookings hold reservations."""
