"""Segments: a stretch of one stream as a Parquet file, the events' own bytes beside columns to ask by."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import pyarrow  # type: ignore[import-untyped]
import pyarrow.parquet  # type: ignore[import-untyped]
from msgspec import Struct
from pyarrow import ArrowException, NativeFile

from streams.archive.errors import ArchiveError
from streams.codec import decode
from streams.errors import EventError
from streams.events import EventBase
from streams.names import STREAMS
from streams.position import EntryId

VERSION = "1"
"""Of the columns and of what the file says of itself."""
MAX_ROWS = 131_072
MAX_BYTES = 64_000_000
"""Of events in one segment, so that it is made and verified in memory; one event may go beyond it."""
GROUP_ROWS = 4_096
GROUP_BYTES = 4_000_000
"""Of events in one row group: what a seek reads and unpacks."""
_MOST_GROUP_BYTES = 2 * MAX_BYTES
_LEVEL = 9
_PAGE_BYTES = 64_000_000
"""A group's events lie in one page, which is what zstd looks for likeness in."""

_INSTANT = pyarrow.timestamp("us", tz="UTC")
_WORD = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
_SCHEMA = pyarrow.schema(
    [
        pyarrow.field("entry", pyarrow.string(), nullable=False),
        pyarrow.field("entry_ms", pyarrow.uint64(), nullable=False),
        pyarrow.field("entry_seq", pyarrow.uint64(), nullable=False),
        pyarrow.field("received_at", pyarrow.timestamp("ms", tz="UTC"), nullable=False),
        pyarrow.field("id", pyarrow.string()),
        pyarrow.field("revision", pyarrow.int64()),
        pyarrow.field("kind", _WORD),
        pyarrow.field("status", _WORD),
        pyarrow.field("msg_type", _WORD),
        pyarrow.field("run", _WORD),
        pyarrow.field("feed", _WORD),
        pyarrow.field("claimant", _WORD),
        pyarrow.field("by", _WORD),
        pyarrow.field("region", _WORD),
        pyarrow.field("valid_from", _INSTANT),
        pyarrow.field("valid_to", _INSTANT),
        pyarrow.field("published_at", _INSTANT),
        pyarrow.field("event", pyarrow.binary(), nullable=False),
    ]
)
_DICTIONARIES = [field.name for field in _SCHEMA if field.type == _WORD]
_COLUMNS = [
    name for name in _SCHEMA.names if name not in ("entry", "entry_ms", "entry_seq", "received_at", "event")
]
"""What an event says; what it does not say, or is no event, is null."""
_NEWEST_MS = 253_402_300_799_999
_LARGEST = 2**63 - 1


class Row(NamedTuple):
    """One entry of a stream: its id, and its event's bytes as they are there."""

    at: EntryId
    payload: bytes

    @property
    def entry_id(self) -> str:
        return f"{self.at.ms}-{self.at.seq}"


class Segment(Struct, frozen=True, kw_only=True):
    """What the catalogue says of a segment: all that the stream had after `after` and up to `last`."""

    name: str
    sha256: str
    size: int
    """Bytes of the file."""
    theatre: str
    epoch: str
    stream: str
    after: str
    first: str
    last: str
    rows: int
    event_bytes: int
    """Bytes of the events in it."""

    @property
    def after_id(self) -> EntryId:
        return EntryId.parse(self.after)

    @property
    def first_id(self) -> EntryId:
        return EntryId.parse(self.first)

    @property
    def last_id(self) -> EntryId:
        return EntryId.parse(self.last)


def day_of(at: EntryId) -> str:
    """The UTC day on which an entry was received."""
    try:
        return dt.datetime.fromtimestamp(at.ms / 1_000, dt.UTC).date().isoformat()
    except (OverflowError, ValueError):
        return "9999-12-31"


def build(
    theatre: str, epoch: str, stream: str, after: EntryId, rows: Sequence[Row]
) -> tuple[Segment, bytes]:
    """A segment of `rows`, in their order and of one day, and its file; the same rows make the same file.

    after: the id from which on there is nothing else in the stream before these.
    """
    facts = {
        "version": VERSION,
        "theatre": theatre,
        "epoch": epoch,
        "stream": stream,
        "after": f"{after.ms}-{after.seq}",
        "first": rows[0].entry_id,
        "last": rows[-1].entry_id,
        "rows": str(len(rows)),
        "event_bytes": str(sum(len(row.payload) for row in rows)),
    }
    schema = _SCHEMA.with_metadata({"watchfloor": msgspec.json.encode(facts)})
    sink = pyarrow.BufferOutputStream()
    with pyarrow.parquet.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=_DICTIONARIES,
        write_statistics=["entry_ms", "entry_seq", "received_at", "valid_from", "valid_to", "published_at"],
        write_page_checksum=True,
        data_page_size=_PAGE_BYTES,
    ) as writer:
        for group in _groups(rows):
            writer.write_table(_table(group, schema), row_group_size=len(group))
    payload: bytes = sink.getvalue().to_pybytes()
    return _segment(facts, payload), payload


def examine(payload: bytes) -> Segment:
    """What the file of a segment says of itself, after all of it was read and found to be so.

    Raises ArchiveError where it is no segment, or its rows are not as it says.
    """
    facts, groups = _opened(pyarrow.BufferReader(payload))
    segment = _segment(facts, payload)
    last, count, size = segment.after_id, 0, 0
    day = day_of(segment.first_id)
    for group in range(groups.num_row_groups):
        for row in read_group(groups, group):
            if row.at <= last or day_of(row.at) != day:
                raise ArchiveError(f"{segment.name}: entry {row.entry_id} is out of order")
            if not count and row.entry_id != segment.first:
                raise ArchiveError(f"{segment.name}: does not begin with {segment.first}")
            last = row.at
            count += 1
            size += len(row.payload)
    if (f"{last.ms}-{last.seq}", count, size) != (segment.last, segment.rows, segment.event_bytes):
        raise ArchiveError(f"{segment.name}: does not hold the entries that it says")
    return segment


def read_rows(payload: bytes) -> list[Row]:
    """All rows of a segment's file. Raises ArchiveError."""
    _, groups = _opened(pyarrow.BufferReader(payload))
    return [row for group in range(groups.num_row_groups) for row in read_group(groups, group)]


def open_groups(file: NativeFile) -> Any:
    """A segment's file, opened: its footer is read. Raises ArchiveError."""
    return _opened(file)[1]


def bounds(groups: Any) -> list[tuple[EntryId, EntryId]]:
    """Of each row group, between which ids its entries lie (by the ms; the sequence is not narrowed)."""
    found = []
    for number in range(groups.num_row_groups):
        statistics = groups.metadata.row_group(number).column(1).statistics
        if statistics is None or not statistics.has_min_max:
            raise ArchiveError("a segment without statistics")
        found.append((EntryId(statistics.min, 0), EntryId(statistics.max, 2**64 - 1)))
    return found


def read_group(groups: Any, number: int) -> list[Row]:
    """The rows of one row group. Raises ArchiveError."""
    try:
        table = groups.read_row_group(number, columns=["entry_ms", "entry_seq", "event"], use_threads=False)
        columns = [table.column(name).to_pylist() for name in ("entry_ms", "entry_seq", "event")]
    except (ArrowException, OSError, KeyError, ValueError) as error:
        raise ArchiveError(f"a segment that cannot be read: {error}") from error
    return [Row(EntryId(ms, seq), event) for ms, seq, event in zip(*columns, strict=True)]


def _opened(file: NativeFile) -> tuple[dict[str, str], Any]:
    try:
        groups = pyarrow.parquet.ParquetFile(file, page_checksum_verification=True)
        schema = groups.schema_arrow
        facts = msgspec.json.decode((schema.metadata or {}).get(b"watchfloor", b""), type=dict[str, str])
    except (ArrowException, OSError, ValueError, msgspec.DecodeError) as error:
        raise ArchiveError(f"not a segment: {error}") from error
    if facts.get("version") != VERSION:
        raise ArchiveError(f"a segment of version {facts.get('version')!r}, not {VERSION}")
    if not schema.equals(_SCHEMA):
        raise ArchiveError("a segment with other columns")
    for number in range(groups.num_row_groups):
        group = groups.metadata.row_group(number)
        events = group.column(group.num_columns - 1)
        is_plain = not events.has_dictionary_page and events.total_uncompressed_size <= _MOST_GROUP_BYTES
        if group.num_rows > GROUP_ROWS or not is_plain:
            raise ArchiveError("a segment that would unpack to more than any has")
    return facts, groups


def _segment(facts: dict[str, str], payload: bytes) -> Segment:
    sha256 = hashlib.sha256(payload).hexdigest()
    try:
        first = EntryId.parse(facts["first"])
        if facts["stream"] not in STREAMS:
            raise ValueError(f"no such stream: {facts['stream']!r}")
        return Segment(
            name=name_of(facts["stream"], first, sha256),
            sha256=sha256,
            size=len(payload),
            rows=int(facts["rows"]),
            event_bytes=int(facts["event_bytes"]),
            **{key: facts[key] for key in ("theatre", "epoch", "stream", "after", "first", "last")},
        )
    except (KeyError, ValueError) as error:
        raise ArchiveError(f"not a segment: {error}") from error


def name_of(stream: str, first: EntryId, sha256: str) -> str:
    """Where a segment stands: by its day and its stream, named by the hash of its bytes."""
    return f"segments/{day_of(first)}/{stream}-{sha256}.parquet"


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    groups: list[list[Row]] = []
    size = 0
    for row in rows:
        if not groups or size + len(row.payload) > GROUP_BYTES or len(groups[-1]) == GROUP_ROWS:
            groups.append([])
            size = 0
        groups[-1].append(row)
        size += len(row.payload)
    return groups


def _table(rows: Sequence[Row], schema: Any) -> Any:
    columns: dict[str, list[Any]] = {field.name: [] for field in schema}
    for row in rows:
        columns["entry"].append(row.entry_id)
        columns["entry_ms"].append(row.at.ms)
        columns["entry_seq"].append(row.at.seq)
        columns["received_at"].append(min(row.at.ms, _NEWEST_MS))
        columns["event"].append(row.payload)
        for name, value in _said(row.payload).items():
            columns[name].append(value)
    return pyarrow.table(columns, schema=schema)


def _said(payload: bytes) -> dict[str, Any]:
    """The columns of an event; of what is none they are empty."""
    try:
        event: EventBase | None = decode(payload)
    except EventError:
        event = None
    if event is None:
        return dict.fromkeys(_COLUMNS)
    said = {name: getattr(event, name, None) or None for name in _COLUMNS}
    said["kind"] = event.__struct_config__.tag
    if event.revision > _LARGEST:
        said["revision"] = None
    for name in ("valid_from", "valid_to", "published_at"):
        said[name] = _in_utc(said[name])
    return said


def _in_utc(instant: dt.datetime | None) -> dt.datetime | None:
    try:
        return instant and instant.astimezone(dt.UTC)
    except OverflowError:
        return None
