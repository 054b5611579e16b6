"""Every bound that the gateway keeps, in one place."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """Defaults are what `docs/protocol.md` states; tests tighten them."""

    frame_interval_s: float = 0.02
    """Between two deltas: at most 50 a second. The first after a quiet moment does not wait …"""
    sending_share: float = 0.5
    """… and sending them takes no more of the time than this, however many clients there are."""
    replay_interval_s: float = 0.05
    """Between two frames of a replay."""
    heartbeat_s: float = 0.5
    """The longest silence to a client."""
    tick_s: float = 1.0
    """How often the picture is told the time while the store is away."""
    hello_s: float = 5.0
    """Within which a client's first message must come."""
    message_bytes: int = 4_096
    """Of one message from a client."""
    messages_burst: int = 10
    """Messages that a client may send at once …"""
    messages_per_s: float = 1.0
    """… and what it wins back."""
    clients: int = 2_000
    queue_bytes: int = 64 * 1_024
    """What may wait for one client in our memory; beyond it, it gets a snapshot when it has caught up."""
    kernel_bytes: int = 32 * 1_024
    """SO_SNDBUF: what may wait for one client in the kernel's (Linux doubles it)."""
    stalled_s: float = 10.0
    """A client that reads nothing for this long is cut …"""
    behind_s: float = 30.0
    """… and so is one that is not level again after this."""
    parting_s: float = 1.0
    """For a client to answer a close frame."""
    ping_s: float = 20.0
    """Between pings, and for each to be answered."""
    sessions_s: float = 1.0
    """Between two looks at the sessions of who is connected."""
    ring_cuts: int = 4_096
    """Deltas that are kept for who comes back."""
    ring_bytes: int = 8 * 1_024 * 1_024
    store_wait_ms: int = 1_000
    """How long one read waits for something new."""
    store_answer_s: float = 1.5
    """How much later than that a read may come back before the store counts as lost."""
    retry_s: float = 0.1
    """Before the first try to reach a lost store again; doubled each time …"""
    retry_most_s: float = 1.0
    """… up to this."""
