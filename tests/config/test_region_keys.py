"""A region that the theatre does not hold has one key, from whichever alphabet its name comes in."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.entities import RegionKey
from config.region_keys import LONGEST_SLUG, Step, derived_key, last_step, slug_of, transliterate


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Згурівка", "zghurivka"),
        ("Єнакієве", "yenakiieve"),
        ("Їжакевич", "yizhakevych"),
        ("Йосипівка", "yosypivka"),
        ("Знам'янка", "znamianka"),
        ("Знам’янка", "znamianka"),
        ("Юріївська", "yuriivska"),
        ("Щастя", "shchastia"),
        ("Ґорґани", "gorgany"),
        ("Біла Церква", "bila tserkva"),
        ("Новгород-Яворівський", "novhorod-yavorivskyi"),
    ],
)
def test_ukrainian_is_put_into_latin_letters_as_the_resolution_says(text: str, latin: str) -> None:
    assert transliterate(text) == latin


@pytest.mark.parametrize(
    ("ukrainian", "english", "slug"),
    [
        ("Уманська територіальна громада", "Umanska terytorialna hromada", "umanska"),
        ("Уманська міська територіальна громада", "Umanska hromada", "umanska"),
        (
            "м. Черкаси та Черкаська територіальна громада",
            "m. Cherkasy ta Cherkaska terytorialna hromada",
            "cherkasy-ta-cherkaska",
        ),
        ("Ізмаїльський район", "Izmailskyi raion", "izmailskyi"),
        ("Кам'янець-Подільський район", "Kamianets-Podilskyi raion", "kamianets-podilskyi"),
        ("Куп’янський район", "Kupianskyi raion", "kupianskyi"),
        ("м. Нікополь", "m. Nikopol", "nikopol"),
    ],
)
def test_both_alphabets_make_one_slug(ukrainian: str, english: str, slug: str) -> None:
    assert slug_of(ukrainian) == slug_of(english) == slug


def test_hromadas_that_only_differ_in_kind_stay_two() -> None:
    assert slug_of("Миколаївська сільська територіальна громада") != slug_of(
        "Миколаївська селищна територіальна громада"
    )


def test_a_name_that_is_too_long_keeps_one_slug_in_both_alphabets() -> None:
    ukrainian = "м. Старокостянтинів та Старокостянтинівська і ще одна територіальна громада"
    english = "m. Starokostiantyniv ta Starokostiantynivska i shche odna terytorialna hromada"
    assert slug_of(ukrainian) == slug_of(english)
    assert len(slug_of(ukrainian)) <= LONGEST_SLUG
    assert slug_of(ukrainian) != slug_of(ukrainian.replace("одна", "інша"))


@given(st.text(max_size=300), st.sampled_from(["raion", "hromada", "city"]))
def test_any_name_has_a_key_that_is_taken_apart_again(name: str, level: str) -> None:
    key = derived_key("UA-71", level, name)
    assert last_step(key) == Step("UA-71", level, slug_of(name))
    below = derived_key(key, "hromada", name)
    step = last_step(below)
    assert step is not None
    assert step.parent == key
    assert len(below) <= 128


@given(st.text(alphabet="UA-71/raionhromadacity", max_size=60))
def test_any_text_is_a_key_or_is_not(text: str) -> None:
    step = last_step(text)
    assert step is None or f"{step.parent}/{step.level}/{step.slug}" == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "UA-71",
        "151",
        "/raion/x",
        "151/raion/",
        "151/village/x",
        "151/raion/X",
        "151/raion/x/",
        "151/raion/a--b",
    ],
)
def test_what_is_no_derived_key_has_no_step(text: str) -> None:
    assert last_step(text) is None


def test_an_oblast_has_no_key_but_its_own() -> None:
    with pytest.raises(ValueError, match="oblast"):
        derived_key("UA", "oblast", "Уманська область")


def test_keys_go_two_steps_deep_and_no_further() -> None:
    deep = derived_key(derived_key("UA-71", "raion", "a"), "hromada", "b")
    with pytest.raises(ValueError, match="too far below"):
        derived_key(deep, "city", "c")
    assert last_step(f"{deep}/city/c") is None


def test_a_file_may_hold_derived_keys() -> None:
    assert msgspec.convert("UA-43/raion/yaltynskyi", RegionKey) == "UA-43/raion/yaltynskyi"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("UA-43/raion/", RegionKey)
