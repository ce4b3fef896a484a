"""AnswerConversation: one turn of Jack's in one conversation."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from jack.application.errors import ApplicationError, OutsideFailure, ServiceUnavailable
from jack.application.messaging.speak import Reply, reply_from_draft, reply_without_model, secrets_of
from jack.application.messaging.store_reply import STORE_AGAIN_AFTER, store_reply
from jack.application.messaging.strangers import strangers_in
from jack.application.messaging.told import may_be_remembered, told_to_others, was_read
from jack.application.messaging.turn import (
    LONG_PAUSE,
    TRIES,
    USUAL_LIMITS,
    TurnAtHand,
    TurnLimits,
    wait_for_quiet,
)
from jack.application.ports.channels import Channels
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import Answer, JobQueue
from jack.application.ports.llm import LanguageModel, Prompt
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import PmsDirectory
from jack.application.ports.unit_of_work import BeginReading, BeginUnitOfWork, UnitOfWork
from jack.application.stays.match import match_guest
from jack.application.stays.refresh import refreshed
from jack.domain.butler import PERSONA, Draft, facts_as_json
from jack.domain.context import ConversationContext, Turn
from jack.domain.conversation import Conversation, HeldBy
from jack.domain.disclosure import KnownStay, disclose, without_secrets
from jack.domain.ids import ConversationId, new_id
from jack.domain.match import Level
from jack.domain.matching import nearest_stays
from jack.domain.replies import FixedReply

log = logging.getLogger(__name__)

HISTORY = 30
"""How many messages of the conversation a model may see."""

SHORTEST_TRY = timedelta(seconds=1)
"""What a model gets at least for a draft, however long the guest has waited."""


@dataclass(frozen=True, slots=True)
class AnswerConversation:
    """Answer everything unanswered in a conversation with one reply, unless staff hold it."""

    begin: BeginUnitOfWork
    hotels: Hotels
    channels: Channels
    pms: PmsDirectory
    phones: PhoneReader
    model: LanguageModel
    queue: JobQueue
    clock: Clock
    read: BeginReading
    limits: TurnLimits = USUAL_LIMITS

    async def __call__(self, conversation_id: ConversationId) -> None:
        """Return when nothing is left to answer now. Many calls at once do no harm: one holds the turn.

        Nothing is open while the PMS or the model is asked. What they say is dropped when staff took over or the guest
        wrote on meanwhile.
        """
        token = new_id()
        while turn := await self._take_turn(conversation_id, token):
            try:
                stays = await self._know_stays(turn)
                context = self._context(turn, stays)
                reply = await self._reply(turn, context, stays)
            except ModelPauses as pause:
                await self._postpone(turn, pause.wait)
                return
            except asyncio.CancelledError:
                # Told to stop: whoever is started next need not wait until the lease lapses.
                await self._give_back(turn, timedelta(0))
                raise
            except Exception:
                # A bug in one turn must neither loop nor disappear: it is tried again a few times, then people look.
                log.exception("turn.broke", extra={"conversation": conversation_id})
                await self._postpone(turn, timedelta(seconds=2**turn.conversation.attempts))
                return
            try:
                stored = await store_reply(self.begin, self.channels, self.queue, self.clock, turn, reply)
            except ServiceUnavailable:
                await self._postpone(turn, timedelta(seconds=2**turn.conversation.attempts))
                return
            if not stored:
                log.info("turn.dropped", extra={"conversation": conversation_id})

    async def _take_turn(self, conversation_id: ConversationId, token: str) -> TurnAtHand | None:
        """Lease the turn and read what it stands on, or None when there is nothing for this process to do now."""
        async with self.begin() as uow:
            conversation = await uow.conversations.lock(conversation_id)
            hotel = self.hotels.get(conversation.hotel_id) if conversation else None
            jacks = conversation is not None and conversation.held_by is HeldBy.JACK
            questions = await uow.messages.unanswered(conversation_id) if jacks else ()
            if conversation is None or not questions:
                return None
            if hotel is None:
                await self._give_up(uow, conversation, "this Jack no longer serves the hotel; please reply")
                return None
            now = self.clock.now()
            wait = wait_for_quiet(questions, hotel.quiet_time, conversation.retry_after, now)
            if wait > timedelta(0):
                self.queue.ring(Answer(conversation_id=conversation_id), after=wait)
                return None
            leased = conversation.turn_taken(token, now, self.limits.lease)
            if leased is None:
                return None  # whoever holds the turn looks again before it ends
            if leased.attempts > TRIES:
                await self._give_up(uow, conversation, "Jack could not answer; please reply")
                return None
            finding = await match_guest(uow, leased, hotel, self.phones, now)
            leased = await uow.conversations.save(leased.matched(finding.match))
            history = await uow.messages.history(conversation_id, HISTORY)
            told = await told_to_others(uow, hotel, finding.match, history)
            confirmed_at = await uow.sync.confirmed_at(hotel.id)
            await uow.commit()
        return TurnAtHand(
            conversation=leased,
            hotel=hotel,
            token=token,
            questions=questions,
            history=history,
            finding=finding,
            confirmed_at=confirmed_at,
            told=told,
        )

    async def _give_up(self, uow: UnitOfWork, conversation: Conversation, reason: str) -> None:
        """People must answer; Jack looks again later, so that one conversation does not keep the sweep from others."""
        later = self.clock.now() + LONG_PAUSE
        await uow.conversations.save(conversation.turn_given_back().turn_failed(later).calling_for_staff(reason))
        await uow.commit()

    async def _know_stays(self, turn: TurnAtHand) -> tuple[KnownStay, ...]:
        """The sender's own stays, read again from the PMS where they are too old to stand on."""
        match, hotel = turn.finding.match, turn.hotel
        if match.guest_id is None or not match.level.includes(Level.CONTACT):
            return ()
        today = hotel.today(self.clock.now())
        stays = nearest_stays(turn.finding.stays, match.guest_id, today)
        if turn.conversation.match_by_staff and match.reservation_id is not None:
            stays = tuple(s for s in turn.finding.stays if s.id == match.reservation_id) or stays
        if not stays:
            return ()
        pms = self.pms.of(hotel.id)
        known = await refreshed(self.begin, pms, self.phones, self.clock, hotel, stays, turn.confirmed_at)
        return tuple(stay for stay in known if stay.reservation.is_live and stay.reservation.belongs_to(match.guest_id))

    def _context(self, turn: TurnAtHand, stays: tuple[KnownStay, ...]) -> ConversationContext:
        asked = {message.id for message in turn.questions}
        context = disclose(
            hotel=turn.hotel,
            match=turn.finding.match,
            guest=turn.finding.guest,
            stays=stays,
            history=tuple(
                Turn(author=m.author.kind, text=m.text)
                for m in turn.history
                if m.id not in asked and m.text and was_read(m) and may_be_remembered(m, turn.finding.match)
            ),
            question="\n".join(m.text for m in turn.questions if m.text),
            now=self.clock.now(),
            language=turn.conversation.language,
        )
        return without_secrets(context, secrets_of(turn, context, stays))

    async def _reply(self, turn: TurnAtHand, context: ConversationContext, stays: tuple[KnownStay, ...]) -> Reply:
        """What to say: the model's draft when it may leave, otherwise a fixed reply and a call for staff."""
        if not context.question:
            reason = "the guest sent something that Jack cannot read"
            return reply_without_model(turn, context, stays, FixedReply.CANNOT_READ_THIS, reason, self.clock.now())
        prompt = Prompt(persona=PERSONA, facts=facts_as_json(context), context=context)
        try:
            draft = await self._draft(turn, prompt)
        except ServiceUnavailable as failure:
            wait = failure.retry_after or timedelta(seconds=2**turn.conversation.attempts)
            if wait < self._left_of_patience(turn) and turn.conversation.attempts < TRIES:
                raise ModelPauses(wait) from failure
            return self._colleague(turn, context, stays, failure)
        except OutsideFailure as failure:
            return self._colleague(turn, context, stays, failure)
        strangers = await strangers_in(self.read, turn.hotel, draft.text, context)
        return reply_from_draft(turn, context, stays, draft, tuple(strangers), self.clock.now())

    async def _draft(self, turn: TurnAtHand, prompt: Prompt) -> Draft:
        """What the model says; after its first try it has no longer than the guest still waits."""
        if turn.conversation.attempts <= 1:
            return await self.model.draft(prompt)
        limit = max(self._left_of_patience(turn), SHORTEST_TRY)
        try:
            async with asyncio.timeout(limit.total_seconds()):
                return await self.model.draft(prompt)
        except TimeoutError as error:
            raise ServiceUnavailable("the language model is too slow") from error

    def _left_of_patience(self, turn: TurnAtHand) -> timedelta:
        return self.limits.patience - (self.clock.now() - min(question.created_at for question in turn.questions))

    def _colleague(
        self, turn: TurnAtHand, context: ConversationContext, stays: tuple[KnownStay, ...], failure: OutsideFailure
    ) -> Reply:
        reason = f"the language model did not answer: {failure}"
        return reply_without_model(
            turn, context, stays, FixedReply.COLLEAGUE_WILL_ANSWER, reason, self.clock.now(), model=self.model.name
        )

    async def _postpone(self, turn: TurnAtHand, wait: timedelta) -> None:
        """Give the turn back, also to a database that is away for some seconds, so that nobody waits for the lease."""
        for pause in STORE_AGAIN_AFTER:
            try:
                return await self._give_back(turn, wait)
            except ServiceUnavailable:
                await self.clock.sleep(pause)
        return await self._give_back(turn, wait)

    async def _give_back(self, turn: TurnAtHand, wait: timedelta) -> None:
        async with self.begin() as uow:
            conversation = await uow.conversations.lock(turn.conversation.id)
            if conversation is None or conversation.turn_token != turn.token:
                return
            await uow.conversations.save(conversation.turn_failed(self.clock.now() + wait))
            await uow.commit()
        self.queue.ring(Answer(conversation_id=turn.conversation.id), after=wait)


class ModelPauses(ApplicationError):
    """The model is busy or down, and the guest can wait a little longer."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("the model is busy or down")
        self.wait = wait
