"""Why a gateway closes a connection: one number and one line for each."""

from enum import IntEnum


class CloseCode(IntEnum):
    """Codes of our own, in the range that RFC 6455 leaves to applications (4000–4999)."""

    GOING_AWAY = 4000
    HELLO_LATE = 4001
    PROTOCOL_ERROR = 4002
    TOO_SLOW = 4008
    TOO_MANY_MESSAGES = 4009
    TOO_MANY_CLIENTS = 4010
    SESSION_ENDED = 4011
    NOT_ALLOWED = 4012
    ROOM_TAKEN = 4013

    @property
    def reason(self) -> str:
        """What the close frame says to a person."""
        return _REASONS[self]


_REASONS = {
    CloseCode.GOING_AWAY: "the gateway is going away; come again",
    CloseCode.HELLO_LATE: "no hello came in time",
    CloseCode.PROTOCOL_ERROR: "not a message of this protocol",
    CloseCode.TOO_SLOW: "messages were not read",
    CloseCode.TOO_MANY_MESSAGES: "too many messages",
    CloseCode.TOO_MANY_CLIENTS: "too many clients",
    CloseCode.SESSION_ENDED: "the session has ended",
    CloseCode.NOT_ALLOWED: "the role may not send this",
    CloseCode.ROOM_TAKEN: "somebody else leads this room",
}
