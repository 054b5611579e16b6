"""A channel: one replay, and everybody who watches it."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Coroutine
from typing import Any, Literal, TypeVar

import structlog
from msgspec import Raw, Struct

from dashboard.gateway.client import Client
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.frames import text_frame
from dashboard.gateway.limits import Limits
from dashboard.picture.patch import diff, encode
from dashboard.replay import messages
from dashboard.replay.messages import State
from dashboard.replay.player import Player
from dashboard.replay.reel import ReelError
from dashboard.replay.reels import Reels, Source
from streams.errors import StreamError

MOST_STEPS = 20
"""Steps that are asked for at once; further ones are left out."""
STILL_S = 5.0
"""What is recorded goes on each second; without a further one for so long it has stopped."""

T = TypeVar("T")

log = structlog.get_logger()


class Channel:
    """Shows what its player stands at, when something moves it and as it plays.

    reels: gives what is recorded, which says how far the player can go. is_live: whether that goes on.
    source: what is shown of it. gateway, status: what a welcome says.
    """

    def __init__(
        self,
        *,
        player: Player,
        reels: Callable[[], Reels],
        is_live: bool,
        source: Callable[[Reels, Literal["then", "now"]], Source],
        room: str,
        gateway: str,
        status: str,
        limits: Limits,
    ) -> None:
        self.player = player
        self.room = room
        self._get_reels = reels
        self._is_live = is_live
        self._source = source
        self._gateway = gateway
        self._status = status
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._leader: Client | None = None
        self._clients: set[Client] = set()
        self._fresh: set[Client] = set()
        self._view: Raw | None = None
        self._tree: dict[str, Any] | None = None
        self._shown: tuple[str, str, int] | None = None
        self._at_ms = 0
        self._is_ready = True
        self._steps = 0
        self._has_jumped = False
        self._sent_at = -1e9
        self._showed_at = -1e9
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"channel {room}")

    @property
    def _reels(self) -> Reels:
        return self._get_reels()

    @property
    def _first_ms(self) -> int:
        """How far back there is something; where somebody looked, also what was so before it was received."""
        reels = self._reels
        return min(reels.first_ms, self._source(reels, "now").first_ms or reels.first_ms)

    @property
    def clients(self) -> frozenset[Client]:
        """Who watches."""
        return frozenset(self._clients)

    @property
    def followers(self) -> frozenset[Client]:
        """Who watches, and does not lead."""
        return frozenset(self._clients - {self._leader})

    def join(self, client: Client, *, leading: bool) -> None:
        """Show it to somebody from here on."""
        self._clients.add(client)
        self._fresh.add(client)
        if leading:
            self._leader = client
        self._wake.set()

    def leave(self, client: Client) -> None:
        """Somebody watches no more."""
        self._clients.discard(client)
        self._fresh.discard(client)
        if client is self._leader:
            self._leader = None

    def resync(self, client: Client) -> None:
        """Somebody asks for a snapshot."""
        if self._tree is not None and client not in self._fresh and client.behind_since is None:
            client.send_whole(self._snapshot(client))

    def hear(self, message: Struct) -> None:
        """What its leader says."""
        now = self._loop.time()
        player = self.player
        if self._reels.is_level and self._source(self._reels, player.known).first_ms:
            player.at(now, self._first_ms, self._reels.until_ms)
        match message:
            case messages.Play(speed=speed, reverse=reverse):
                player.play(now, speed, reverse=reverse)
            case messages.Pause():
                player.pause()
            case messages.Seek(at=at):
                player.seek(round(1_000 * at.timestamp()), now)
                self._has_jumped = True
            case messages.Step(by=by):
                player.pause()
                self._steps += by
            case messages.Known(as_=known):
                player.known = known
            case messages.Loop(from_=start, to=end):
                loop = None
                if start is not None and end is not None:
                    loop = (int(1_000 * start.timestamp()), int(1_000 * end.timestamp()))
                player.repeat(loop, now)
            case messages.View(view=view):
                self._view = Raw(bytes(view))
                for client in self.followers - self._fresh:
                    client.send(text_frame(messages.view(self._view, self._state(client))), now)
                return
        self._sent_at = -1e9
        self._wake.set()

    def attend_to_slow(self) -> None:
        """Bring back who has caught up, cut who does not read."""
        now = self._loop.time()
        for client in [each for each in self._clients if each.behind_since is not None]:
            if not client.is_open:
                self.leave(client)
            elif client.has_drained() and self._tree is not None:
                client.send_whole(self._snapshot(client))
            elif client.has_stalled(now):
                self.leave(client)
                client.cut(CloseCode.TOO_SLOW)

    def close(self) -> None:
        """Show no more."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._show()
            except (StreamError, ReelError) as error:
                log.warning("replay cannot be shown", reason=str(error))
                self._is_ready = False
                self._beat()
            wait_s = self._limits.replay_interval_s if self.player.playing else self._limits.heartbeat_s
            silent_s = self._sent_at + self._limits.heartbeat_s - self._loop.time()
            try:
                async with asyncio.timeout(max(0.005, min(wait_s, silent_s))):
                    await self._wake.wait()
            except TimeoutError:
                continue
            # Newest wins: what a drag asks for is shown so often, and no more.
            await asyncio.sleep(
                max(0.0, self._showed_at + self._limits.replay_interval_s - self._loop.time())
            )

    async def _show(self) -> None:
        """Show the instant that it is."""
        player, reels = self.player, self._reels
        if not reels.first_ms or (not reels.is_level and player.is_beyond(reels.until_ms)):
            self._is_ready = False
            self._beat_if_silent()
            return
        source = self._source(reels, player.known)
        if not source.first_ms and await self._waited(source.find_first()) is None:
            return
        if self._steps:
            await self._step(source)
        at_ms = player.at(self._loop.time(), self._first_ms, reels.until_ms)
        block = await self._waited(source.block_at(at_ms))
        if block is None and self._wake.is_set():
            # Something else is wanted by now.
            return
        if block is None:
            self._is_ready = False
            self._beat_if_silent()
            return
        count = block.count_at(at_ms)
        shown = (player.known, block.key, count)
        had_jumped, self._has_jumped = self._has_jumped, False
        before, self._at_ms = self._at_ms, at_ms
        was_ready, self._is_ready = self._is_ready, True
        if shown != self._shown:
            last, self._shown = self._shown, shown
            events = 0
            if last is not None and last[:2] == shown[:2] and before <= at_ms:
                events = sum(frame.events for frame in block.frames[last[2] : count])
            self._turn(block.tree(count), events, whole=had_jumped)
            self._showed_at = self._loop.time()
        elif had_jumped or not was_ready:
            self._beat()
        self._welcome()
        self._beat_if_silent()

    async def _waited(self, work: Coroutine[Any, Any, T | None]) -> T | None:
        """What work comes to, with signs of life meanwhile; None where something else is wanted by then."""
        task = asyncio.create_task(work)
        try:
            while not task.done() and not self._wake.is_set():
                await asyncio.wait((task,), timeout=self._limits.replay_interval_s)
                if not task.done():
                    self._is_ready = False
                    self._beat_if_silent()
            return task.result() if task.done() else None
        finally:
            task.cancel()

    async def _step(self, source: Source) -> None:
        steps, self._steps = self._steps, 0
        at_ms = self.player.at(self._loop.time(), self._first_ms, self._reels.until_ms)
        for _ in range(min(abs(steps), MOST_STEPS)):
            found = await self._waited(source.told_after(at_ms) if steps > 0 else source.told_before(at_ms))
            if found is None:
                break
            at_ms = found
        self.player.seek(at_ms, self._loop.time())

    def _turn(self, tree: dict[str, Any], events: int, *, whole: bool) -> None:
        """Show another tree to everybody."""
        before, self._tree = self._tree, tree
        watching = self._clients - self._fresh
        if before is None or not watching:
            return
        now = self._sent_at = self._loop.time()
        if whole:
            for client in watching:
                if client.behind_since is None:
                    client.send_whole(self._snapshot(client))
            return
        patch = encode(diff(before, tree))
        if patch == b"{}" and not events:
            self._beat()
            return
        for client in watching:
            client.send(
                text_frame(messages.delta(self._reels.epoch, patch, events, self._state(client))), now
            )

    def _welcome(self) -> None:
        """A picture to begin with for whoever came."""
        for client in self._fresh:
            state = self._state(client)
            greeting = text_frame(
                messages.welcome(
                    gateway=self._gateway,
                    status=self._status,
                    heartbeat_s=self._limits.heartbeat_s,
                    state=state,
                )
            )
            seen = b""
            if self._view is not None and client is not self._leader:
                seen = text_frame(messages.view(self._view, state))
            client.send_whole(greeting + self._snapshot(client) + seen)
            client.joined = True
        self._fresh.clear()

    def _snapshot(self, client: Client) -> bytes:
        return text_frame(messages.snapshot(self._reels.epoch, encode(self._tree or {}), self._state(client)))

    def _beat(self) -> None:
        now = self._sent_at = self._loop.time()
        for client in self._clients:
            client.send(text_frame(messages.heartbeat(self._reels.epoch, self._state(client))), now)

    def _beat_if_silent(self) -> None:
        if self._loop.time() - self._sent_at >= self._limits.heartbeat_s - 0.005:
            self._beat()

    def _state(self, client: Client) -> State:
        player = self.player
        loop = player.loop
        return State(
            at=instant(self._at_ms),
            known=player.known,
            playing=player.playing,
            speed=player.speed,
            reverse=player.reverse,
            from_=instant(self._first_ms),
            to=instant(self._reels.until_ms),
            loop=(instant(loop[0]), instant(loop[1])) if loop is not None else None,
            room=self.room,
            leading=client is self._leader and bool(self.room),
            followers=len(self.followers) if self.room else 0,
            ready=self._is_ready,
            stopped=self._is_live and time.monotonic() - self._reels.filmed_at > STILL_S,
        )


def instant(ms: float) -> dt.datetime:
    """An instant in UTC."""
    return dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)
