"""The events of a stretch as tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dashboard.exports.asked import Here
from dashboard.exports.making import make
from dashboard.exports.tables import cell

# The folder of tests is no package: what its conftest has is taken from there.
from tests.dashboard.exports.conftest import FORMULA, asked, night


async def made(kind: Any, here: Here, folder: Path, **fields: Any) -> Path:
    file = folder / f"out.{kind}"
    await make(asked(kind, **fields), here, file, lambda _: None)
    return file


def told_ids() -> list[tuple[str, int]]:
    """Every event that is to be exported, in order: no audit, no looks at feeds."""
    return [
        (event.id, event.revision)
        for _, event in night()
        if event.status == "actual" and getattr(event, "act", "") != "audit"
    ]


async def test_csv_has_every_event_once_in_order_and_no_formula(here: Here, tmp_path: Path) -> None:
    file = await made("csv", here, tmp_path)

    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [(row["id"], int(row["revision"])) for row in rows] == told_ids()
    cells = [value for row in rows for value in row.values()]
    assert not [value for value in cells if value[:1] in "=+@" and value]
    (report, *_) = [row for row in rows if row["id"] == "r1"]
    assert report["title"] == f"'{FORMULA}"
    assert json.loads(report["event"])["evidence"]["title"] == FORMULA


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\n@x"])
def test_what_begins_as_a_formula_is_a_text(text: str) -> None:
    assert str(cell(text)).startswith("'")
    assert cell(-1.5) == -1.5
    assert cell("1-1") == "1-1"


async def test_geojson_has_what_is_stated_and_says_what_is_not(here: Here, tmp_path: Path) -> None:
    file = await made("geojson", here, tmp_path)

    collection = json.loads(file.read_bytes())
    features = collection["features"]
    assert collection["type"] == "FeatureCollection"
    assert collection["status"] == "actual"
    assert [feature["id"] for feature in features] == [f"{name}#{number}" for name, number in told_ids()]
    by_id = {feature["id"]: feature for feature in features}
    assert by_id["s1#1"]["geometry"] == {"type": "Point", "coordinates": [26.2, 50.6]}
    assert by_id["s1#1"]["properties"]["is_approximate"] is False
    assert by_id["a0#1"]["properties"]["is_approximate"] is True
    assert by_id["j1#1"]["geometry"] is None


async def test_parquet_keeps_types_and_events(here: Here, tmp_path: Path) -> None:
    table = pq.read_table(await made("parquet", here, tmp_path))

    assert list(zip(table["id"].to_pylist(), table["revision"].to_pylist(), strict=True)) == told_ids()
    assert str(table.schema.field("received_at").type) == "timestamp[us, tz=UTC]"
    assert table.schema.metadata[b"known"] == b"then"


async def test_as_known_now_each_event_is_there_once_as_it_was_told_last(here: Here, tmp_path: Path) -> None:
    table = pq.read_table(await made("parquet", here, tmp_path, known="now"))

    found = dict(zip(table["id"].to_pylist(), table["revision"].to_pylist(), strict=True))
    assert len(found) == table.num_rows
    assert found == {
        name: max(number for each, number in told_ids() if each == name) for name, _ in told_ids()
    }
