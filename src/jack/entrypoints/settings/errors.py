"""What is wrong with a configuration."""

from collections.abc import Sequence


class ConfigurationError(Exception):
    """The configuration cannot be used. `problems` says all that is wrong with it, one sentence each.

    Each begins with the path of the key, such as `hotels[0].pms.client_token` (lists are counted from 0), and none
    quotes a value: it might be a secret.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
