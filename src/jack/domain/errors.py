"""What goes wrong when a rule of the hotel is broken."""


class DomainError(ValueError):
    """A rule of the hotel was broken; the text says which, in words fit for staff."""
