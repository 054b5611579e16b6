from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.tokens import fold, tokenise


def values(text: str) -> list[float]:
    return [token.value for token in tokenise(text) if token.value is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("479 drones", [479]),
        ("1 159 дронів", [1159]),
        ("1\u00a0159 drones", [1159]),
        ("1\u202f159 drones", [1159]),
        ("1,159 drones", [1159]),
        ("1.159 Drohnen", [1159]),
        ("2,5 ракети", [2.5]),
        ("на11 локаціях", [11]),
        ("20-ма ракетами", [20]),
        ("19-ть ракет", [19]),
        ("le 1er juin", [1]),
        ("on the 9th", [9]),
    ],
)
def test_digits_are_numbers(text: str, expected: list[float]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Х-59",
        "Х-59/69",
        "Kh-101",
        "Shahed-136/131",
        "F-16",
        "3М22",
        "МіГ-31К",
        "С-400",
        "RM-70",
        "N0604/2024",
    ],
)
def test_digits_of_a_name_are_no_number(name: str) -> None:
    tokens = tokenise(f"ракета {name} була")
    assert [token.kind for token in tokens] == ["word", "name", "word"]


def test_a_clock_time_and_a_date_are_no_numbers() -> None:
    assert [token.kind for token in tokenise("08:00 12.06.2025 2025-06-09 20h30")] == [
        "time",
        "date",
        "date",
        "time",
    ]


def test_a_digit_string_without_end_is_no_number() -> None:
    assert values("9" * 400) == []


def test_fold_makes_look_alike_letters_one() -> None:
    assert fold("рaкета") == fold("ракета")  # with a Latin a
    assert fold("Łęczyca") == "leczyca"
    assert fold("п’ять") == fold("п'ять")
    assert fold("й") != fold("и")


def test_a_name_is_the_same_in_either_script() -> None:
    assert tokenise("Х-101")[0].text == tokenise("X-101")[0].text


@given(st.text())
def test_tokens_stand_in_order_inside_the_text(text: str) -> None:
    tokens = tokenise(text)
    ends = [0, *(token.end for token in tokens)]
    assert all(end <= token.start < token.end for end, token in zip(ends, tokens, strict=False))
    assert not tokens or tokens[-1].end <= len(text)
