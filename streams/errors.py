"""Every error that the contract raises.

StreamError
├── EventError      bytes that are not an event: what is wrong, and where in it
├── PositionError   text that is not a position
└── StoreError      the store cannot be reached or will not serve: nothing was acknowledged
    └── FencedError another host has taken over: the writer's token is stale, and nothing was written
"""


class StreamError(Exception):
    """The root of what this room raises."""


class EventError(StreamError):
    """Bytes that do not decode to an event.

    reason: what is wrong, with the path of the first bad field as msgspec words it (`$.launched.uav`).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PositionError(StreamError):
    """Text that is not a position in the streams."""


class StoreError(StreamError):
    """The store cannot be reached or refuses to serve; what was being published is not acknowledged."""


class FencedError(StoreError):
    """A write under a lease that another host holds by now; none of it was done, and none of it will be.

    name: the lease's. token: the writer's, which is stale.
    """

    def __init__(self, name: str, token: int) -> None:
        super().__init__(f"lease {name!r} has another holder: token {token} is stale")
        self.name = name
        self.token = token
