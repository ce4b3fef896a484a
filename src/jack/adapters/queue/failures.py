"""What may be written about a job that failed."""

import traceback


def describe(error: BaseException) -> str:
    """The type of an error and where it was raised, such as "KeyError in answer.py:120"; its text may quote a guest."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    innermost = frames[-1]
    return f"{type(error).__name__} in {innermost.filename.rpartition('/')[2]}:{innermost.lineno}"
