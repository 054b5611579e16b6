"""The hub: one picture, everybody who watches it, and when what changed goes out to them."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable, Sequence

from msgspec import Raw

from dashboard.gateway import messages
from dashboard.gateway.client import Client
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.frames import text_frame
from dashboard.gateway.limits import Limits
from dashboard.gateway.pace import Pace
from dashboard.gateway.ring import Ring
from dashboard.picture.patch import Delta, encode, fold
from dashboard.picture.picture import Picture
from streams.position import Position
from streams.read import Entry


class Hub:
    """Knows no socket and no store: it is handed entries and clients.

    status: of the picture. now: our clock, aware UTC.
    """

    def __init__(self, status: str, limits: Limits, now: Callable[[], dt.datetime]) -> None:
        self.gateway = secrets.token_hex(8)
        """Names this process to its clients."""
        self._status = status
        self._limits = limits
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._clients: set[Client] = set()
        self._newcomers: dict[Client, Position | None] = {}
        self._shown: _Shown | None = None
        self._flush_timer: asyncio.TimerHandle | None = None
        self._sent_at = -1e9
        self._flush_due = -1e9
        self._store_lost_at: dt.datetime | None = None
        self._ahead_s = 0

    @property
    def position(self) -> Position | None:
        """Where the picture stands; None while the streams were never read."""
        return self._shown.position if self._shown is not None else None

    @property
    def clients(self) -> int:
        """How many are connected and have said hello."""
        return len(self._clients)

    @property
    def everybody(self) -> frozenset[Client]:
        """Who is connected and has said hello."""
        return frozenset(self._clients)

    # What comes from the store.

    def replace(self, picture: Picture, ring: Ring, position: Position, second: int) -> None:
        """Show another picture from here on: the first, or what another life of the store holds.

        second: which it is by the store's clock.
        """
        shown = self._shown = _Shown(Pace(picture), ring, position)
        aged = shown.pace.reach(second)
        if aged:
            ring.append(position, aged, 0, len(encode(aged)))
        for client, claimed in list(self._newcomers.items()):
            self._welcome(client, claimed, shown)
        self._newcomers.clear()
        for client in self._clients:
            if client.joined and client.behind_since is None:
                client.send_whole(self._snapshot_frame(shown))
        for client in self._clients:
            client.joined = True

    def take(self, entries: Sequence[Entry]) -> None:
        """Apply entries that follow the position; the first change goes out at once."""
        shown = self._shown
        if shown is None:
            return
        ids = dict(shown.position.ids)
        for entry in entries:
            fold(shown.pending, shown.pace.take(entry))
            ids[entry.stream] = entry.entry_id
        shown.position = Position(shown.position.epoch, ids)
        shown.pending_events += len(entries)
        self._schedule(shown)

    def reach(self, second: int) -> None:
        """It is this second by the store's clock, and all that came before it was taken."""
        if self._shown is not None:
            fold(self._shown.pending, self._shown.pace.reach(second))
            self._schedule(self._shown)
            self._ahead_s = second - int(self._now().timestamp())

    def age(self) -> None:
        """Let the picture age by our own clock, while the store's cannot be asked."""
        if self._store_lost_at is not None and self._shown is not None:
            fold(self._shown.pending, self._shown.pace.reach(int(self._now().timestamp()) + self._ahead_s))
            self._schedule(self._shown)

    def store_lost(self) -> None:
        """The store does not answer: say so at once."""
        if self._store_lost_at is None:
            self._store_lost_at = self._now()
            self.beat()

    def store_found(self) -> None:
        """It answers again."""
        if self._store_lost_at is not None:
            self._store_lost_at = None
            self.beat()

    # What goes to clients.

    def join(self, client: Client, claimed: Position | None) -> None:
        """A client said hello from a position. It hears what it missed, or gets a snapshot."""
        self._clients.add(client)
        if self._shown is None:
            self._newcomers[client] = claimed
            client.send(self._heartbeat_frame(), self._loop.time())
        else:
            self._welcome(client, claimed, self._shown)
            client.joined = True

    def resync(self, client: Client) -> None:
        """A client asks for a snapshot."""
        if self._shown is not None and client.joined and client.behind_since is None:
            client.send_whole(self._snapshot_frame(self._shown))

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self._clients.discard(client)
        self._newcomers.pop(client, None)

    def beat(self) -> None:
        """A heartbeat to everybody."""
        self._broadcast(self._heartbeat_frame())

    def beat_if_silent(self) -> float:
        """A heartbeat where nothing was sent for as long; seconds until the next may be due."""
        wait_s = self._sent_at + self._limits.heartbeat_s - self._loop.time()
        if wait_s <= 0.005:
            self.beat()
            wait_s = self._limits.heartbeat_s
        return wait_s

    def attend_to_slow(self) -> None:
        """Bring back who has caught up, cut who does not read."""
        now = self._loop.time()
        for client in [each for each in self._clients if each.behind_since is not None]:
            if not client.is_open:
                self.leave(client)
            elif client.has_drained() and self._shown is not None:
                client.send_whole(self._snapshot_frame(self._shown))
            elif client.has_stalled(now):
                self.leave(client)
                client.cut(CloseCode.TOO_SLOW)

    def close(self) -> None:
        """Send everybody away."""
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None
        for client in list(self._clients):
            self.leave(client)
            client.cut(CloseCode.GOING_AWAY)

    def _schedule(self, shown: _Shown) -> None:
        if not shown.pending or self._flush_timer is not None:
            return
        if self._loop.time() >= self._flush_due:
            self._flush()
        else:
            self._flush_timer = self._loop.call_at(self._flush_due, self._flush)

    def _flush(self) -> None:
        self._flush_timer = None
        shown = self._shown
        if shown is None or not shown.pending:
            return
        begun = self._loop.time()
        patch, events = shown.pending, shown.pending_events
        encoded = encode(patch)
        shown.ring.append(shown.position, patch, events, len(encoded))
        shown.pending, shown.pending_events = {}, 0
        shown.encoded = None
        shown.resumes.clear()
        self._broadcast(text_frame(messages.delta(shown.position, Raw(encoded), events, self._now())))
        took = self._loop.time() - begun
        self._flush_due = begun + max(self._limits.frame_interval_s, took / self._limits.sending_share)

    def _broadcast(self, frame: bytes) -> None:
        now = self._sent_at = self._loop.time()
        for client in self._clients:
            client.send(frame, now)

    def _welcome(self, client: Client, claimed: Position | None, shown: _Shown) -> None:
        missed = self._missed_frame(claimed, shown) if claimed is not None else None
        greeting = messages.welcome(
            gateway=self.gateway,
            recovered=missed is not None,
            status=self._status,
            heartbeat_s=self._limits.heartbeat_s,
            server_time=self._now(),
        )
        client.send_whole(text_frame(greeting) + (missed or self._snapshot_frame(shown)))
        if self._store_lost_at is not None:
            client.send(self._heartbeat_frame(), self._loop.time())

    def _snapshot_frame(self, shown: _Shown) -> bytes:
        # What is pending may be in the snapshot already: it comes again with the next delta and does no harm.
        if shown.encoded is None:
            shown.encoded = (shown.position, encode(shown.pace.picture.view()))
        position, picture = shown.encoded
        return text_frame(messages.snapshot(position, picture, self._now()))

    def _missed_frame(self, claimed: Position, shown: _Shown) -> bytes | None:
        """What a client at `claimed` has missed; None where that cannot be told."""
        if not claimed <= shown.position:
            return None
        number = shown.ring.since(claimed)
        if number is None:
            return None
        known = shown.resumes.get(number)
        if known is None or known[0] != shown.position:
            patch, events = shown.ring.missed(number)
            fold(patch, shown.pending)
            # Time may have gone by otherwise in the gateway that the client's picture is from.
            fold(patch, shown.pace.picture.refreshed())
            known = shown.resumes[number] = (shown.position, encode(patch), events + shown.pending_events)
        position, encoded, events = known
        return text_frame(messages.delta(position, Raw(encoded), events, self._now()))

    def _heartbeat_frame(self) -> bytes:
        return text_frame(messages.heartbeat(self.position, self._now(), self._store_lost_at))


class _Shown:
    """One life of the store as it is shown: the picture, where it stands, and what has not gone out yet.

    encoded: the snapshot, and resumes: what was missed since a cut, each until the next delta.
    """

    __slots__ = ("encoded", "pace", "pending", "pending_events", "position", "resumes", "ring")

    def __init__(self, pace: Pace, ring: Ring, position: Position) -> None:
        self.pace = pace
        self.ring = ring
        self.position = position
        self.pending: Delta = {}
        self.pending_events = 0
        self.encoded: tuple[Position, bytes] | None = None
        self.resumes: dict[int, tuple[Position, bytes, int]] = {}
