"""Sizes as clients announce them."""


def announces_more(content_length: bytes, limit: int) -> bool:
    """True when the header's value is larger than `limit` bytes, or no number at all."""
    return not content_length.isdigit() or len(content_length) > 15 or int(content_length) > limit
