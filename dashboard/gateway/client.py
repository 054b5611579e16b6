"""One client: what waits for it is bounded, and nobody waits for it."""

from __future__ import annotations

import asyncio

from websockets.asyncio.server import ServerConnection
from websockets.protocol import State

from dashboard.gateway.codes import CloseCode
from dashboard.gateway.limits import Limits


class Client:
    """Frames go straight to the transport while it takes them.

    A client that does not read falls behind: it gets nothing more until all that waits for it is gone, and
    then needs a snapshot. So what waits is never more than `queue_bytes`, or the snapshot that it is reading.
    """

    __slots__ = (
        "_allowance",
        "_checked_bytes",
        "_connection",
        "_limits",
        "_moved_at",
        "_transport",
        "behind_since",
        "joined",
    )

    def __init__(self, connection: ServerConnection, limits: Limits) -> None:
        self._connection = connection
        self._transport = connection.transport
        self._limits = limits
        self._allowance = limits.queue_bytes
        self._checked_bytes = 0
        self._moved_at = 0.0
        self.behind_since: float | None = None
        """By the loop's clock; None while it keeps up."""
        self.joined = False
        """Whether it has had its first picture."""

    @property
    def waiting_bytes(self) -> int:
        """What the transport holds for it, the kernel's part left out."""
        return self._transport.get_write_buffer_size()

    @property
    def is_open(self) -> bool:
        """Whether frames can go to it."""
        return self._connection.protocol.state is State.OPEN and not self._transport.is_closing()

    def send(self, frame: bytes, now: float) -> None:
        """Give it one frame, or let it fall behind. now: by the loop's clock."""
        if self.behind_since is not None or self._connection.protocol.state is not State.OPEN:
            return
        waiting = self._transport.get_write_buffer_size()
        if waiting:
            if waiting + len(frame) > self._allowance:
                self.behind_since = self._moved_at = now
                self._checked_bytes = waiting
                return
        else:
            self._allowance = self._limits.queue_bytes
        self._transport.write(frame)

    def send_whole(self, frames: bytes) -> None:
        """Give it a picture to begin with; it is level again, and may take as long as that needs."""
        if not self.is_open:
            return
        self.behind_since = None
        self._transport.write(frames)
        self._allowance = self._limits.queue_bytes + self._transport.get_write_buffer_size()

    def has_drained(self) -> bool:
        """Whether one that is behind has read all that waited for it."""
        return self._transport.get_write_buffer_size() == 0

    def has_stalled(self, now: float) -> bool:
        """Whether one that is behind has stopped reading, or reads too slowly ever to be level."""
        if self.behind_since is None:
            return False
        waiting = self._transport.get_write_buffer_size()
        if waiting < self._checked_bytes:
            self._checked_bytes = waiting
            self._moved_at = now
        limits = self._limits
        return now - self._moved_at >= limits.stalled_s or now - self.behind_since >= limits.behind_s

    def cut(self, code: CloseCode) -> None:
        """Close the connection without waiting for the client; what it does not read in time is dropped."""
        connection, transport = self._connection, self._transport
        if connection.protocol.state is State.OPEN:
            connection.protocol.send_close(code, code.reason)
            connection.send_data()
        self.behind_since = self.behind_since or 0.0
        asyncio.get_running_loop().call_later(self._limits.parting_s, transport.abort)
