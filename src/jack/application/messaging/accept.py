"""AcceptDelivery: the little that happens before a webhook is acknowledged."""

from collections.abc import Mapping
from dataclasses import dataclass

from jack.application.errors import Forbidden, NotFound
from jack.application.ports.channels import Channels, Delivery
from jack.application.ports.clock import Clock
from jack.application.ports.inbox import DeliveryInbox
from jack.application.ports.jobs import JobQueue, Receive
from jack.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class AcceptDelivery:
    """Verify a webhook over its raw bytes, make it durable, ring. Nothing slow belongs here."""

    channels: Channels
    inbox: DeliveryInbox
    queue: JobQueue
    clock: Clock

    async def __call__(self, channel: str, headers: Mapping[str, str], body: bytes, target: str = "") -> None:
        """Return once the delivery may be acknowledged; `headers` have lower-case names; `target` is the path
        and query that were called.

        Raises NotFound when no hotel has this channel, Forbidden for a wrong signature (then nothing is stored), and
        ServiceUnavailable when it could not be stored: then the provider must deliver it again.
        """
        webhook = self.channels.webhook(channel)
        if webhook is None:
            raise NotFound(f"no hotel has the channel {channel}")
        accounts = webhook.authenticate(headers, body, target)
        if not accounts:
            raise Forbidden("the signature does not fit the body")
        await self.inbox.store(
            Delivery(
                id=new_id(),
                channel=channel,
                accounts=accounts,
                body=body,
                received_at=self.clock.now(),
                target=target,
            )
        )
        self.queue.ring(Receive())
