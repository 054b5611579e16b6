from __future__ import annotations

import pytest

from ingest.reading.lexicon import load_lexicons
from ingest.reading.numbers import find_numbers
from ingest.reading.tokens import tokenise


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("uk", "десяти", [10]),
        ("uk", "двадцять сім", [27]),
        ("uk", "чотириста сімдесят дев'ять", [479]),
        ("uk", "сімох безпілотників", [7]),
        ("uk", "п’ять із шести", [5, 6]),
        ("uk", "дві тисячі триста", [2300]),
        ("uk", "2,9 тис. дронів", [2900]),
        ("fr", "dix endroits", [10]),
        ("fr", "dix-neuf missiles", [19]),
        ("fr", "vingt et un drones", [21]),
        ("fr", "soixante-dix-sept", [77]),
        ("fr", "quatre-vingt-dix-neuf", [99]),
        ("fr", "quatre-vingts", [80]),
        ("fr", "deux cent douze", [212]),
        ("fr", "mille cinq cents", [1500]),
        ("fr", "quatre et deux", [4, 2]),
        ("en", "ten", [10]),
        ("en", "Thirty-two drones", [32]),
        ("en", "four hundred and seventy-nine", [479]),
        ("en", "two or three", [2, 3]),
        ("en", "twenty two two", [22, 2]),
        ("pl", "dziesięciu miejscach", [10]),
        ("pl", "czterysta siedemdziesiąt dziewięć", [479]),
        ("pl", "dwudziestu jeden", [21]),
        ("pl", "dwoma rakietami", [2]),
    ],
)
def test_number_words(lang: str, text: str, expected: list[int]) -> None:
    lexicon = load_lexicons().languages[lang]
    assert [number.value for number in find_numbers(tokenise(text), lexicon)] == expected


def test_a_noun_of_number_is_rounded() -> None:
    lexicon = load_lexicons().languages["fr"]
    (number,) = find_numbers(tokenise("une douzaine de drones"), lexicon)
    assert (number.value, number.rounded) == (12, True)


def test_an_article_is_marked_as_one() -> None:
    lexicon = load_lexicons().languages["en"]
    (number,) = find_numbers(tokenise("a missile"), lexicon)
    assert (number.value, number.article) == (1, True)
