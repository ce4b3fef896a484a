"""NotReady: in a module of its own, so that commands can name it before they load what it is about."""


class NotReady(Exception):
    """Jack cannot work with this database as it is; the text says what to do."""
