from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.reading.scene import Scene


def texts(scene: Scene) -> list[str]:
    return [one.text[slice(*one.span(0, len(one.tokens)))] for one in scene.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Збито 5 БпЛА. Атака триває.", 2),
        ("Пуски з Курської обл. рф та з Орла тривали.", 1),
        ("Po godz. 5 rano poderwano myśliwce.", 1),
        ("Un drone a été abattu. L'attaque se poursuit.", 2),
        ('"It is over now." Consequently the jets landed.', 2),
        ("Headline of the day\nThe body begins here.", 2),
    ],
)
def test_where_a_sentence_ends(scene: Callable[..., Scene], text: str, expected: int) -> None:
    assert len(texts(scene(text))) == expected


def test_a_wrapped_line_is_one_sentence(scene: Callable[..., Scene]) -> None:
    assert (
        len(texts(scene("The air force of Ukraine said that it shot down\n32 drones over the country."))) == 1
    )


def test_a_list_below_a_colon_belongs_to_its_sentence(scene: Callable[..., Scene]) -> None:
    assert len(texts(scene("Збито 14 цілей:\n- 10 БпЛА;\n- 4 ракети.\nАтака триває."))) == 2
