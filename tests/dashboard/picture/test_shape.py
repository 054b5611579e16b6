"""What the picture gives out is what its shape says."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from dashboard.picture.patch import encode
from dashboard.picture.shape import PictureView
from dashboard.picture.tree import COLLECTIONS

if TYPE_CHECKING:
    from config.theatre import Theatre
    from tests.dashboard.picture.conftest import Watch


def nulls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(nulls(inner) for inner in value.values())
    return value is None


def test_a_picture_of_everything_decodes_as_the_shape_and_has_no_null(theatre: Theatre) -> None:
    from dashboard.picture.picture import Picture
    from tests.dashboard.picture.test_picture import KINDS, LAST_TICK, some_entries

    for seed in range(40):
        picture = Picture(theatre, "actual")
        for entry in some_entries(Random(seed), KINDS):
            picture.apply(*entry)
        picture.tick(LAST_TICK)
        view = picture.view()
        decoded = msgspec.json.decode(encode(view), type=PictureView)
        assert len(decoded.ticker) == len(view["ticker"])
        assert not nulls(view)


def test_every_collection_is_there_from_the_start(watch: Watch) -> None:
    assert set(COLLECTIONS) <= watch.view.keys()
    assert set(watch.view) <= set(PictureView.__struct_fields__)
    assert watch.view["strip"] == {"bins": {}, "marks": {}, "hour": {}}
