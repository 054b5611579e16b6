"""When a source is asked again: what it says of that, and how hosts keep out of step."""

import datetime as dt
import itertools

import pytest

from ingest.transports.waiting import LONGEST_S, Beat, asked_to_wait_s, http_date

NOW = dt.datetime(2025, 6, 8, 22, 12, 26, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120),
        ({"retry-after": "0"}, 0),
        ({"retry-after": " 7 "}, 7),
        ({"retry-after": "9" * 40}, LONGEST_S),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "Sun, 08 Jun 2025 22:13:26 GMT"}, 60),
        ({"retry-after": "Sunday, 08-Jun-25 22:13:26 GMT"}, 60),
        ({"retry-after": "Sun, 08 Jun 2025 21:00:00 GMT"}, 0),
        ({"retry-after": "Sun, 08 Jun 2099 21:00:00 GMT"}, LONGEST_S),
        ({"x-rate-limit-retry-after-seconds": "33"}, 33),
        ({"x-rate-limit-retry-after-seconds": "33", "retry-after": "20"}, 33),
    ],
)
def test_how_long_an_answer_asks_for(headers: dict[str, str], wait_s: float | None) -> None:
    assert asked_to_wait_s(headers, NOW) == wait_s


def test_a_date_is_taken_by_the_clock_of_who_gave_it() -> None:
    headers = {"retry-after": "Sun, 08 Jun 2025 10:00:30 GMT", "date": "Sun, 08 Jun 2025 10:00:00 GMT"}
    assert asked_to_wait_s(headers, NOW) == 30


def test_what_is_no_date_is_none() -> None:
    assert [http_date(text) for text in (None, "", "soon", "Sun, 99 Jun 2025 10:00:00 GMT")] == [None] * 4


def polls(beat: Beat, count: int) -> list[float]:
    at = [0.0]
    for _ in range(count):
        beat.asked(at[-1])
        at.append(at[-1] + beat.due_in_s(at[-1]))
    return at


def test_polls_are_never_closer_than_the_interval_nor_much_further() -> None:
    at = polls(Beat("alerts", 10.0, "host-1"), 200)
    gaps = [later - earlier for earlier, later in itertools.pairwise(at)]
    assert min(gaps) > 9.999
    assert max(gaps) < 11.001
    assert len(set(gaps)) > 100


def test_hosts_do_not_poll_in_step_and_each_is_the_same_again() -> None:
    first, second = polls(Beat("alerts", 10.0, "host-1"), 5), polls(Beat("alerts", 10.0, "host-2"), 5)
    assert first != second
    assert first == polls(Beat("alerts", 10.0, "host-1"), 5)


def test_a_source_that_asks_to_be_left_alone_is() -> None:
    beat = Beat("alerts", 10.0)
    beat.asked(0.0)
    beat.told_to_wait(1.0, 60.0)
    assert beat.due_in_s(1.0) == 60.0
    beat.told_to_wait(2.0, 0.0)
    assert beat.due_in_s(61.0) == 0.0
