"""The doors: each translates in, calls one story and translates out."""
