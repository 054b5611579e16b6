"""Every error of the way in.

IngestError
├── DecodeError    an input that cannot be decoded: which feed, where in it, why; it goes to quarantine
├── DocumentError  a document that cannot be taken: which field, why; whoever sent it is told
└── TransportError a source that cannot be reached, or does not answer as it should
"""


class IngestError(Exception):
    """The root of what this room raises."""


class DecodeError(IngestError):
    """An input that is not as its source documents it.

    feed: whose. path: the first field that is wrong (`$.alerts[3].location_uid`). reason: what is wrong
    with it. sample: the input, or enough of it to find it by.
    """

    def __init__(self, feed: str, path: str, reason: str, sample: bytes = b"") -> None:
        super().__init__(f"{feed}: {path}: {reason}")
        self.feed = feed
        self.path = path
        self.reason = reason
        self.sample = sample


class DocumentError(IngestError):
    """A document that cannot be taken: `field` and `reason` say why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class TransportError(IngestError):
    """A source that does not answer, or not as its protocol has it.

    reason: for a person. retry_after_s: how long the source asked to be left alone.
    """

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s
