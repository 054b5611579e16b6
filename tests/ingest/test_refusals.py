"""Refusals: named by path, bounded in number."""

import msgspec
import pytest

from ingest.errors import DecodeError
from ingest.refusals import MALFORMED, MOST, Refusals, refusal


class Shape(msgspec.Struct):
    items: list[dict[str, float]]
    names: list[str] = []


@pytest.mark.parametrize(
    ("payload", "path", "reason"),
    [
        (b'{"items": [{"a": 1}, {"b": "x"}]}', "$.x.items[1][...]", "Expected `float`, got `str`"),
        (b'{"items": 1}', "$.x.items", "Expected `array`, got `int`"),
        (b"{}", "$.x", "missing required field `items`"),
        (b"{", "$.x", "truncated"),
        (b'{"items": [], "names": ["\xff"]}', "$.x", "utf-8"),
        (b'{"items": [], "y": ' + b"[" * 100_000, "$.x", "nested too deeply"),
    ],
)
def test_what_msgspec_says_is_told_with_its_path_below_the_records(
    payload: bytes, path: str, reason: str
) -> None:
    with pytest.raises(MALFORMED) as wrong:
        msgspec.json.decode(payload, type=Shape)
    told = refusal("feed", wrong.value, payload, at="$.x")

    assert (told.feed, told.path, told.sample) == ("feed", path, payload)
    assert reason in told.reason
    assert "at `" not in told.reason


def test_a_flood_is_told_as_a_hundred_and_one_that_stands_for_the_payload() -> None:
    refusals = Refusals("feed")
    for number in range(MOST):
        refusals.add(DecodeError("feed", f"$[{number}]", "is wrong", b"x"))
    assert len(refusals.all()) == MOST

    for number in range(MOST, MOST + 7):
        refusals.add(DecodeError("feed", f"$[{number}]", "is wrong", b"x"))
    *_, last = told = refusals.all()

    assert len(told) == MOST + 1
    assert (last.path, last.sample) == (f"$[{MOST}]", b"")
    assert "7 more" in last.reason
