"""A source: one configured feed, kept in touch with by the one host that holds the feed's lease.

What it publishes is fenced with the lease's token, so that a host which was paused and lost its lease can
publish no more.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import aclosing

import structlog

from config.feeds import FeedConfig
from ingest.budget import Budget
from ingest.clocks import delay_s
from ingest.errors import TransportError
from ingest.feed import Pulse
from ingest.outbox import Outbox
from ingest.taking import Outcome, Taker
from ingest.transports.transport import Payload, Transport
from streams.errors import FencedError, StoreError
from streams.lease import Fence, Lease

BEAT_S = 1.0
"""How often a lease is renewed; after three missed beats another host may take it."""
_AFTER_S = 0.01
"""How long after a lease is free it is asked for."""
MOST_GARBAGE = 5
"""After so many payloads in a row that cannot be decoded the feed is left alone for a while."""
LEFT_ALONE_S = 60.0

log = structlog.get_logger("ingest")


class Source:
    """A feed of the configuration.

    transport: None for a feed that is pushed to us. lease: this host's.
    """

    def __init__(
        self, config: FeedConfig, taker: Taker, transport: Transport | None, *, outbox: Outbox, lease: Lease
    ) -> None:
        self.config = config
        self.name = config.name
        self.pulse = Pulse(config.every_s)
        self._taker = taker
        self._transport = transport
        self._outbox = outbox
        self._lease = lease
        self._budget = Budget(config.budget_bytes_s)
        self._held_until = float("-inf")
        self._told_token = 0
        self._garbage = 0
        self._is_pushed_here = False

    @property
    def is_ours(self) -> bool:
        """Whether this host holds the feed's lease, or is the one that it is pushed to."""
        return self._is_pushed_here or self._is_held

    @property
    def owed_s(self) -> float:
        """How long whoever pushes has to wait before there is room for more."""
        return self._budget.owed_s

    async def run(self) -> None:
        """Wait for the lease, then fetch, decode and publish, for as long as it is held."""
        while True:
            await self._until_held()
            if self._told_token != self._lease.token:
                self._told_token = self._lease.token
                log.info("feed is ours", feed=self.name)
            try:
                await self._while_held()
            except FencedError:
                self._held_until = float("-inf")
            log.info("another host has the feed", feed=self.name)

    async def stop(self) -> None:
        """Let go of the feed, so that another host need not wait for it. Raises StoreError."""
        if self._is_held:
            await self._lease.release()

    async def push(self, payload: Payload) -> Outcome:
        """Take what was pushed to this host; waits while the store is away."""
        self._is_pushed_here = True
        self._budget.wait_s(len(payload.body))
        return await self._take(payload, None)

    async def _until_held(self) -> None:
        while not await self._hold():
            free_in_s = self._lease.free_in_s + _AFTER_S if self._lease.free_in_s else BEAT_S
            await asyncio.sleep(min(BEAT_S, free_in_s))

    @property
    def _is_held(self) -> bool:
        return asyncio.get_running_loop().time() < self._held_until

    async def _hold(self) -> bool:
        """Take the lease or renew it. While the store is away it stays as it was: nobody can publish."""
        try:
            is_held = await self._lease.hold()
        except StoreError:
            return self._is_held
        now = asyncio.get_running_loop().time()
        self._held_until = now + 3 * BEAT_S if is_held else float("-inf")
        return is_held

    async def _while_held(self) -> None:
        work = asyncio.create_task(self._work(self._lease.fence), name=f"{self.name}: work")
        beat = asyncio.create_task(self._renew(), name=f"{self.name}: lease")
        try:
            done, _ = await asyncio.wait((work, beat), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (work, beat):
                task.cancel()
            await asyncio.gather(work, beat, return_exceptions=True)

    async def _renew(self) -> None:
        """Until the lease is another's."""
        while True:
            await asyncio.sleep(BEAT_S)
            if not await self._hold():
                return

    async def _work(self, fence: Fence) -> None:
        if self._transport is None:
            await asyncio.Event().wait()
            return
        cursor = await self._outbox.cursor(self.name)
        async with aclosing(self._transport.payloads(cursor)) as payloads:
            async for payload in payloads:
                if payload is None:
                    self.pulse.checked()
                    continue
                await asyncio.sleep(self._budget.wait_s(len(payload.body)))
                await self._take(payload, fence)
                if payload.cursor:
                    await self._outbox.keep_cursor(self.name, payload.cursor, fence)
                if self._garbage >= MOST_GARBAGE:
                    self._garbage = 0
                    reason = f"{MOST_GARBAGE} payloads in a row were refused; last: {self.pulse.failure}"
                    raise TransportError(reason, LEFT_ALONE_S)

    async def _take(self, payload: Payload, fence: Fence | None) -> Outcome:
        outcome = await self._taker.take(payload, fence=fence)
        told = [f"{one.path}: {one.reason}" for one in outcome.refused[:1]]
        if outcome.is_garbage:
            self._garbage += 1
            self.pulse.failed(f"cannot be decoded: {told[0]}")
            return outcome
        self._garbage = 0
        if outcome.refused:
            told[0] = f"{len(outcome.refused)} refused: {told[0]}"
        if payload.dropped:
            told.append(f"{payload.dropped} dropped: more came than there was room for")
        self.pulse.note = "; ".join(told)
        self.pulse.delay_s = delay_s(outcome.said_at, payload.received_at)
        self.pulse.checked(spoke=outcome.is_news)
        return outcome


def received(body: bytes, *, link: str = "", content_type: str = "") -> Payload:
    """A payload that came just now."""
    return Payload(body=body, received_at=dt.datetime.now(dt.UTC), link=link, content_type=content_type)
