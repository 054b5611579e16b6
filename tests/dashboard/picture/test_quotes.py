"""Quotes: the sentence around a figure, cut to length, the figure in it."""

import pytest

from dashboard.picture.quotes import MAX_CHARS, quotes
from dashboard.picture.shape import Quote
from streams.events import Evidence


def quote(text: str, word: str) -> Quote | None:
    start = text.index(word)
    spans = {"f": ((start, start + len(word)),)}
    return quotes(Evidence(document="d", text=text, spans=spans)).get("f")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two has 479 of them. Three.", "Two has 479 of them."),
        ("479 drones", "479 drones"),
        ("First line\n479 drones came\nThird", "479 drones came"),
        ("Було 3.5 млн. Збито 479 БпЛА! Дякуємо", "Збито 479 БпЛА!"),
        ("A 🙂 b.\t 479\tdrones", "479 drones"),
    ],
)
def test_a_quote_is_the_sentence_with_its_figure(text: str, sentence: str) -> None:
    made = quote(text, "479")
    assert made is not None
    assert made.text == sentence
    assert made.text[made.start : made.end] == "479"


@pytest.mark.parametrize("before", [0, 10, 400])
@pytest.mark.parametrize("behind", [0, 10, 400])
def test_a_long_sentence_is_cut_around_its_figure(before: int, behind: int) -> None:
    made = quote("a" * before + "479" + "b" * behind, "479")
    assert made is not None
    assert len(made.text) == min(MAX_CHARS, before + 3 + behind)
    assert made.text[made.start : made.end] == "479"


@pytest.mark.parametrize("span", [(0, 500), (50, 60), (5, 5), (7, 3)])
def test_a_span_that_is_not_in_the_text_proves_nothing(span: tuple[int, int]) -> None:
    text = "x" * 20 if span[1] != 500 else "x" * 600
    assert quotes(Evidence(document="d", text=text, spans={"f": (span,)})) == {}


def test_there_are_only_so_many() -> None:
    spans = {f"f{i}": ((0, 1),) for i in range(1_000)}
    assert len(quotes(Evidence(document="d", text="x", spans=spans))) == 24
