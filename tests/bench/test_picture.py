"""The picture benchmark measures what it says, on a short history."""

from itertools import islice

from bench.picture import history, looks, sirens_s
from config.theatre import load_theatre
from dashboard.picture.picture import Picture

THEATRE = load_theatre("eastern-flank")


def test_its_history_is_the_same_every_time_and_in_order() -> None:
    once, again = (list(islice(history(THEATRE), 2_000)) for _ in range(2))
    assert once == again
    assert [at for at, _ in once] == sorted(at for at, _ in once)
    assert len({(event.id, event.revision) for _, event in once}) == len(once)


def test_a_short_history_is_looked_at_after_each_length() -> None:
    first, last = looks(THEATRE, (500, 6_000))
    assert (first.history, last.history) == (500, 6_000)
    assert last.claims > first.claims
    assert 1 < last.delta_bytes < last.view_bytes
    assert last.ratio > 1


def test_its_events_change_the_picture() -> None:
    picture = Picture(THEATRE, "actual")
    changes = [
        picture.apply(event, at, f"{i:06d}") for i, (at, event) in enumerate(islice(history(THEATRE), 400))
    ]
    assert sum(bool(change) for change in changes) > 300


def test_imported_history_is_told_about_one_instant() -> None:
    decoded_s, answered_s = sirens_s(THEATRE, 500)
    assert decoded_s > 0
    assert answered_s > 0
