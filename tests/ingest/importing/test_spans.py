"""Spans overlap when they share more than an end."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.importing.spans import overlapping

Span = tuple[int, int]
SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1])), max_size=12
)


def test_touching_is_no_overlap() -> None:
    assert overlapping([(0, 5), (10, 15)], [(5, 10)]) == 0
    assert overlapping([(0, 6), (9, 15), (6, 7), (0, 20)], [(5, 10)]) == 4


@given(SPANS, SPANS)
def test_it_counts_as_one_by_one_comparison_does(spans: list[Span], others: list[Span]) -> None:
    expected = sum(any(start < end2 and start2 < end for start2, end2 in others) for start, end in spans)
    assert overlapping(spans, others) == expected
