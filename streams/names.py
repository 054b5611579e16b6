"""The names of a theatre's streams and keys; one hash tag, so that all lie in one cluster slot."""

from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Event,
    ExerciseClock,
    FeedHealth,
    LogEntry,
    Marker,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
    TrackSweep,
)

STREAMS = ("alerts", "raids", "scrambles", "threats", "tracks", "log", "health")
"""The streams that carry events, in the order in which entries of one instant are read."""
QUARANTINE = "quarantine"
"""The stream of what could not be decoded, whole."""
REVIEW = "review"
"""The stream of what was read but is too unsure to be shown, for a person to look at."""
TRIMMED = "trimmed"
"""The hash that says, by stream, up to which entry it was trimmed: the archive has that, and all before."""
ARCHIVED = "archived"
"""The hash that says up to which entry sweeps are archived; where it is, whoever archives trims them."""

_STREAM_OF: dict[type[Event], str] = {
    AirRaidAlert: "alerts",
    RaidReport: "raids",
    Strike: "raids",
    Statement: "raids",
    Scramble: "scrambles",
    AirspaceRestriction: "scrambles",
    Threat: "threats",
    TrackSweep: "tracks",
    Marker: "scrambles",
    LogEntry: "log",
    FeedHealth: "health",
    ExerciseClock: "health",
}


def stream_of(event: Event) -> str:
    """The short name of the stream that an event belongs to."""
    return _STREAM_OF[type(event)]


def key(theatre: str, name: str) -> str:
    """The full key in the store: `wf:{eastern-flank}:alerts`."""
    return f"wf:{{{theatre}}}:{name}"
