from __future__ import annotations

from config.theatre import Theatre
from ingest.reading.explain import explain


def test_an_explanation_names_the_phrase_the_verb_and_what_was_left(theatre: Theatre) -> None:
    text = "У ніч на 9 червня збито 32 сріблясті дрони над Одещиною."
    lines = explain(text, published_at=None, theatre=theatre)
    assert "'дрони': uav" in lines
    assert "'32': 32 uav  shot_down, by 'збито'" in lines
    assert "'Одещиною': region UA-51" in lines
    assert "left: " in lines
    assert "сріблясті" in lines.split("left: ")[1]
    assert "shot_down.uav = 32  from '32'" in lines
