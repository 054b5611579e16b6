"""A table's rows come out as they are, and a broken line harms no other."""

from __future__ import annotations

import io
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.importing.table import MOST_LINE_BYTES, MOST_LINES, Row, Table

FEED = "table-test"


def read(raw: bytes) -> list[Row | DecodeError]:
    return list(Table(io.BytesIO(raw)).rows(FEED))


def values(found: list[Row | DecodeError]) -> list[dict[str, str] | str]:
    return [row.values if isinstance(row, Row) else row.reason for row in found]


def test_rows_have_their_line_and_their_bytes() -> None:
    first, second = read(b"a,b\r\n1,2\r\n\r\n3,4")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.line, first.values, first.raw) == (2, {"a": "1", "b": "2"}, b"1,2\r\n")
    assert (second.line, second.values) == (4, {"a": "3", "b": "4"})


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert Table(io.BytesIO(b"\xef\xbb\xbfa,b\n1,2\n")).header == ("a", "b")


def test_a_quoted_field_may_hold_commas_quotes_and_lines() -> None:
    assert values(read(b'a,b\n"x,y","he said ""no""\nand left"\n3,4\n')) == [
        {"a": "x,y", "b": 'he said "no"\nand left'},
        {"a": "3", "b": "4"},
    ]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line(opened: Callable[[str], Table]) -> None:
    lines = "".join(f"{number},x\n" for number in range(MOST_LINES + 5))
    found = list(opened(f'a,b\n"open,x\n{lines}').rows(FEED))
    assert [row.line for row in found if isinstance(row, Row)] == list(range(3, MOST_LINES + 8))
    assert isinstance(found[0], DecodeError)
    assert (found[0].path, found[0].sample) == ("line 2", b'"open,x\n')


def test_a_line_with_other_fields_than_the_header_is_told() -> None:
    assert values(read(b"a,b\n1\n1,2,3\n1,2\n")) == [
        "1 fields, and the header has 2",
        "3 fields, and the header has 2",
        {"a": "1", "b": "2"},
    ]


def test_bytes_that_are_no_text_are_told() -> None:
    bad, good = read(b"a,b\n\xff\xfe,2\n1,2\n")
    assert isinstance(bad, DecodeError)
    assert "utf-8" in bad.reason
    assert bad.sample == b"\xff\xfe,2\n"
    assert isinstance(good, Row)


def test_a_line_without_end_is_cut_and_the_next_is_read() -> None:
    bad, good = read(b"a,b\n" + b"x" * (3 * MOST_LINE_BYTES) + b"\n1,2\n")
    assert isinstance(bad, DecodeError)
    assert bad.reason == "the line is too long"
    assert len(bad.sample) < MOST_LINE_BYTES
    assert isinstance(good, Row)
    assert good.line == 3


def test_an_empty_file_has_no_header_and_no_rows() -> None:
    table = Table(io.BytesIO(b""))
    assert table.header == ()
    assert list(table.rows(FEED)) == []


def test_how_much_was_read_is_known() -> None:
    raw = b"a,b\n1,2\n3,4\n"
    table = Table(io.BytesIO(raw))
    assert table.read_bytes == 4
    assert len(list(table.rows(FEED))) == 2
    assert table.read_bytes == len(raw)


@given(st.binary(max_size=400))
@example(b'a\n"\n"')
@example(b"a\n\x00\n")
@example(b'"\n')
@example(b'a\n"' + b"\n" * 30 + b'"')
def test_any_bytes_are_rows_or_errors(raw: bytes) -> None:
    table = Table(io.BytesIO(raw))
    found = list(table.rows(FEED))
    assert all(set(row.values) == set(table.header) for row in found if isinstance(row, Row))
    assert table.read_bytes == len(raw)
