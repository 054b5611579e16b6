"""Which of a town's many names is the Ukrainian, the Polish or the French one."""

import pytest

from config.build_gazetteer import FRENCH, IN_FRENCH, IN_POLISH, POLISH, name_in, row, ukrainian_name


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("Zhovkva", ["Жолква", "Жовква", "Жоўква"], "Жовква"),
        ("Kyiv", ["Киев", "Київ", "Кіеў"], "Київ"),
        ("Vladimir", ["Владимир", "Уладзімір"], "Владимир"),
        ("Puławy", ["Пулавы", "Пулави"], "Пулави"),
        ("Przemyśl", ["Цокото"], ""),
        ("Trebišov", [], ""),
    ],
)
def test_the_ukrainian_name_sounds_like_the_towns_own(
    name: str, candidates: list[str], expected: str
) -> None:
    assert ukrainian_name(name, candidates) == expected


def test_the_polish_name_is_spelt_as_polish_is() -> None:
    others = ["Luts'k", "Loutsk", "Łuck", "Luzk", "Lucko"]
    assert name_in(IN_POLISH, POLISH, "Луцьк", others) == "Łuck"


def test_the_french_name_is_spelt_as_french_is() -> None:
    others = ["Chortkiv", "Tchortkiv", "Czortków", "Čortkiv"]
    assert name_in(IN_FRENCH, FRENCH, "Чортків", others) == "Tchortkiv"


def test_no_name_is_better_than_a_wrong_one() -> None:
    assert name_in(IN_FRENCH, FRENCH, "Жовква", ["Schowkwa", "Zolkiew"]) == ""
    assert name_in(IN_FRENCH, FRENCH, "", ["Anything"]) == ""


def test_a_row_has_the_ten_columns_that_the_theatre_reads() -> None:
    city = {
        "geonameid": 1,
        "name": "Chortkiv",
        "countrycode": "UA",
        "longitude": 25.79812,
        "latitude": 49.01701,
        "population": 28_393,
        "alternatenames": [
            "Чортків",
            "Чортков",
            "Czortków",
            "Tchortkiv",
            "jo er te ji fu",
            "チョルトキフ",
            "X" * 60,
        ],
    }
    columns = row(city, "UA-61").split("\t")
    assert columns[:6] == ["1", "UA-61", "25.798", "49.017", "28393", "Chortkiv"]
    assert columns[6] == "Tchortkiv"
    assert columns[8] == "Чортків"
    assert "Чортков" in columns[9].split("|")
    assert len(columns) == 10
    assert "X" * 60 not in columns[9]
    assert "jo er" not in columns[9]
