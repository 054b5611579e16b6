"""The events of a stretch as tables: CSV that a spreadsheet may open, and Parquet."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from dashboard.exports.stretch import Row

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the begin of a formula."""


async def write_csv(file: Path, pages: AsyncIterator[list[Row]]) -> int:
    """Write CSV (RFC 4180, UTF-8 with a mark, so that spreadsheets see it); how many rows. Raises OSError."""
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(Row._fields)
        async for page in pages:
            writer.writerows([cell(value) for value in row] for row in page)
            count += len(page)
    return count


def cell(value: object) -> str | int | float:
    """A value as a cell. A text that would be a formula begins with an apostrophe."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case dt.datetime():
            return value.isoformat().replace("+00:00", "Z")
        case int() | float():
            return value
        case _:
            text = str(value).replace("\x00", "")
            return f"'{text}" if text.lstrip(" \n")[:1] in _FORMULAS and text.strip() else text


async def write_parquet(file: Path, pages: AsyncIterator[list[Row]], about: Mapping[str, str]) -> int:
    """Write Parquet with zstd; how many rows. about: stands in the file's metadata. Raises OSError."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    instants = {"received_at", "valid_from", "valid_to", "published_at"}
    types: dict[str, Any] = dict.fromkeys(Row._fields, pa.string())
    types |= dict.fromkeys(instants, pa.timestamp("us", "UTC"))
    types |= {"revision": pa.int64(), "lon": pa.float64(), "lat": pa.float64(), "is_approximate": pa.bool_()}
    schema = pa.schema(list(types.items()), metadata=dict(about))
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        async for page in pages:
            if page:
                columns = zip(*page, strict=True)
                arrays = [
                    pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)
                ]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                count += len(page)
    return count
