"""DeliveryInbox: where webhook deliveries become durable before they are acknowledged."""

from abc import abstractmethod
from typing import Protocol

from jack.application.ports.channels import Delivery


class DeliveryInbox(Protocol):
    """Stores deliveries durably; many concurrent calls share one commit."""

    @abstractmethod
    async def store(self, delivery: Delivery) -> None:
        """Return once the delivery is on disk (it survives a crash of the process, the server and the machine).

        Raises ServiceUnavailable when it could not be stored: then the delivery must not be acknowledged.
        """
