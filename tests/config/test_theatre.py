"""The theatre's data agrees with itself, its names resolve in four languages, a mistake names its line."""

import shutil
import time
from pathlib import Path

import pytest

from config.theatre import LANGUAGES, THEATRES, Theatre, TheatreError, load_theatre

NAME = "eastern-flank"


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return load_theatre(NAME)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A theatre of our own to break; the map is left out, for nothing here looks at it."""
    leave_out = shutil.ignore_patterns("*.geojson")
    return Path(shutil.copytree(THEATRES / NAME, tmp_path / NAME, ignore=leave_out))


def change(file: Path, old: str, new: str) -> int:
    """Replaces the first `old`; the line, from 1, it stood on."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(copy: Path) -> TheatreError:
    with pytest.raises(TheatreError) as caught:
        load_theatre(NAME, root=copy.parent)
    return caught.value


# The data agrees with itself.


def test_a_theatre_is_loaded_once(theatre: Theatre) -> None:
    assert load_theatre() is theatre


def test_every_region_hangs_below_its_country(theatre: Theatre) -> None:
    for region in theatre.regions.values():
        if region.level == "country":
            assert region.parent is None
            assert region.key in theatre.countries
        else:
            assert list(theatre.ancestors(region.key))[-1] == region.country


def test_ukraine_has_its_27_regions(theatre: Theatre) -> None:
    assert len(theatre.alert_regions) == 27
    assert all(theatre.regions[key].country == "UA" for key in theatre.alert_regions)


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("UA", 27),
        ("PL", 16),
        ("RO", 42),
        ("MD", 37),
        ("LT", 10),
        ("LV", 43),
        ("EE", 15),
        ("BY", 7),
        ("RU", 83),
    ],
)
def test_a_country_has_all_its_regions(theatre: Theatre, country: str, number: int) -> None:
    assert sum(region.parent == country for region in theatre.regions.values()) == number


def test_everything_is_named_in_four_languages(theatre: Theatre) -> None:
    tables = (
        theatre.countries,
        theatre.regions,
        theatre.groups,
        theatre.places,
        theatre.weapons,
        theatre.claimants,
    )
    for table in tables:
        for key, thing in table.items():
            assert set(LANGUAGES) <= set(thing.names), key
    assert set(theatre.title) == set(LANGUAGES)
    assert all(set(LANGUAGES) <= set(region.labels) for region in theatre.regions.values())


def test_ukrainian_names_are_ukrainian(theatre: Theatre) -> None:
    for key, region in theatre.regions.items():
        if region.country in ("UA", "PL"):
            assert not set("ыэъё") & set(region.names["uk"].casefold()), key
            assert all(letter.isascii() or letter < "\u0400" for letter in region.names["pl"]), key


def test_only_luhansk_and_crimea_are_under_permanent_alert(theatre: Theatre) -> None:
    assert {key for key, region in theatre.regions.items() if region.permanent_alert} == {"UA-09", "UA-43"}


@pytest.mark.parametrize("feed", ["alerts_in_ua", "ukrainealarm"])
def test_every_alert_region_has_a_uid_of_its_own_in_each_feed(theatre: Theatre, feed: str) -> None:
    uids = {theatre.regions[key].uids[feed] for key in theatre.alert_regions}
    assert len(uids) == 27


@pytest.mark.parametrize(
    ("feed", "uid", "key"),
    [
        ("alerts_in_ua", 27, "UA-46"),
        ("alerts_in_ua", "31", "UA-30"),
        ("alerts_in_ua", 29, "UA-43"),
        ("ukrainealarm", 9999, "UA-43"),
        ("ukrainealarm", "16", "UA-09"),
    ],
)
def test_a_feeds_uid_finds_its_region(theatre: Theatre, feed: str, uid: str | int, key: str) -> None:
    region = theatre.region_by_uid(feed, uid)
    assert region is not None
    assert region.key == key


def test_an_unknown_uid_finds_nothing(theatre: Theatre) -> None:
    assert theatre.region_by_uid("alerts_in_ua", 9999) is None
    assert theatre.region_by_uid("nobody", 27) is None


def test_the_quick_reaction_bases_are_there(theatre: Theatre) -> None:
    qra = {icao for icao, base in theatre.bases.items() if base.qra}
    assert {"EPLK", "EPKS", "EPMB", "EPMM", "LRFT", "LRCK", "LRCT", "EYSA", "EEEI"} <= qra
    assert all(theatre.bases[icao].role != "civil" for icao in qra)


def test_a_base_lies_in_its_country(theatre: Theatre) -> None:
    for icao, base in theatre.bases.items():
        assert base.region is None or theatre.regions[base.region].country == base.country, icao


# Names resolve.


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Lviv Oblast", "UA-46"),
        ("oblast de Lviv", "UA-46"),
        ("obwód lwowski", "UA-46"),
        ("Львівська область", "UA-46"),
        ("Львівщина", "UA-46"),
        ("Львовская обл.", "UA-46"),
        ("région de Soumy", "UA-59"),
        ("Volhynia", "UA-07"),
        ("Wołyń", "UA-07"),
        ("la Transcarpatie", "UA-21"),
        ("Прикарпаття", "UA-26"),
        ("Kiev region", "UA-32"),
        ("Київ", "UA-30"),
        ("Крим", "UA-43"),
        ("województwo podkarpackie", "PL-18"),
        ("Lubelszczyzna", "PL-06"),
        ("Підляське воєводство", "PL-20"),
        ("Tchouvachie", "RU-CU"),
        ("Чувашская Республика", "RU-CU"),
        ("Брянская область", "RU-BRY"),
        ("județul Tulcea", "RO-TL"),
        ("Гродненская область", "BY-HR"),
        ("Ukraine", "UA"),
        ("Pologne", "PL"),
        ("Рассія", None),
        ("western Ukraine", "western-ukraine"),
        ("ouest de l'Ukraine", "western-ukraine"),
        ("zachodnia Ukraina", "western-ukraine"),
        ("захід України", "western-ukraine"),
        ("south-eastern Poland", "south-eastern-poland"),
        ("Atlantis", None),
        ("", None),
        ("- -", None),
    ],
)
def test_a_region_is_found_by_its_name(theatre: Theatre, text: str, key: str | None) -> None:
    assert theatre.resolve_region(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "ivano-frankivsk OBLAST",
        "Ivano–Frankivsk  oblast",
        "IVANO FRANKIVSK oblast",
        " Ivano‑Frankivsk\noblast ",
    ],
)
def test_case_dashes_and_spaces_make_no_difference(theatre: Theatre, text: str) -> None:
    assert theatre.resolve_region(text) == "UA-26"


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "`", ""])
def test_apostrophes_make_no_difference(theatre: Theatre, apostrophe: str) -> None:
    assert theatre.resolve_region(f"l{apostrophe}ouest de l{apostrophe}Ukraine") == "western-ukraine"
    place = theatre.resolve_place(f"Слов{apostrophe}янськ")
    assert place is not None
    assert place.key == "sloviansk"


def test_latin_marks_make_no_difference_but_cyrillic_letters_do(theatre: Theatre) -> None:
    assert theatre.resolve_region("Lodz Voivodeship") == "PL-10"
    assert theatre.resolve_region("okreg Gałacz") == "RO-GL"
    assert theatre.resolve_region("Киів") is None


def test_every_name_of_every_region_finds_it_within_its_country(theatre: Theatre) -> None:
    for key, region in theatre.regions.items():
        for name in (key, *region.names.values(), *region.aliases):
            found = theatre.resolve_region(name, country=region.country)
            assert found is not None, name
            assert found == key or key in theatre.ancestors(found) or found in theatre.ancestors(key), name


def test_every_name_of_every_group_finds_it(theatre: Theatre) -> None:
    for key, group in theatre.groups.items():
        for name in (key, *group.names.values(), *group.aliases):
            assert theatre.resolve_region(name) == key, name


def test_a_country_narrows_the_search(theatre: Theatre) -> None:
    assert theatre.resolve_region("obwód brzeski", country="BY") == "BY-BR"
    assert theatre.resolve_region("obwód brzeski", country="UA") is None
    assert theatre.resolve_region("western Ukraine", country="UA") == "western-ukraine"
    assert theatre.resolve_region("western Ukraine", country="PL") is None


@pytest.mark.parametrize(
    ("text", "key", "region"),
    [
        ("Lutsk", "lutsk", "UA-07"),
        ("Loutsk", "lutsk", "UA-07"),
        ("Łuck", "lutsk", "UA-07"),
        ("Луцьк", "lutsk", "UA-07"),
        ("Луцк", "lutsk", "UA-07"),
        ("Рівне", "rivne", "UA-56"),
        ("Tarnopol", "ternopil", "UA-61"),
        ("Rzeszow", "rzeszow", "PL-18"),
        ("Ряшів", "rzeszow", "PL-18"),
        ("Tcheboksary", "cheboksary", "RU-CU"),
        ("Чебоксары", "cheboksary", "RU-CU"),
        ("usine VNIIR", "vniir-cheboksary", "RU-CU"),
        ("ВНИИР", "vniir-cheboksary", "RU-CU"),
        ("île des Serpents", "snake-island", "UA-51"),
    ],
)
def test_a_place_is_found_in_four_languages(theatre: Theatre, text: str, key: str, region: str) -> None:
    place = theatre.resolve_place(text)
    assert place is not None
    assert (place.key, place.region) == (key, region)


@pytest.mark.parametrize("text", ["Жовква", "Zhovkva", "Sarny", "Чугуїв", "Krasnokutsk", "Łuków"])
def test_a_smaller_town_is_found_in_the_gazetteer(theatre: Theatre, text: str) -> None:
    place = theatre.resolve_place(text)
    assert place is not None
    assert place.key.startswith("gn-")


@pytest.mark.parametrize(
    ("text", "near", "region"),
    [
        ("Dubno", None, "UA-56"),
        ("Дубно", None, "UA-56"),
        ("Dubna", None, "RU-MOS"),
        ("Дубна", None, "RU-MOS"),
        ("Владимир", None, "RU-VLA"),
        ("Владимир", "UA", "UA-07"),
        ("Владимир", "western-ukraine", "UA-07"),
        ("Новомосковск", None, "UA-12"),
        ("Новомосковск", "RU", "RU-TUL"),
        ("Миколаївка", "UA-14", "UA-14"),
        ("Миколаївка", "UA-51", "UA-51"),
    ],
)
def test_of_places_with_one_name_the_nearest_then_the_best_known_wins(
    theatre: Theatre, text: str, near: str | None, region: str
) -> None:
    place = theatre.resolve_place(text, near=near)
    assert place is not None
    assert place.region == region


def test_all_places_of_one_name_can_be_had(theatre: Theatre) -> None:
    found = theatre.resolve_places("Миколаївка")
    assert len(found) > 2
    assert len({place.key for place in found}) == len(found)


def test_what_is_no_place_is_not_found(theatre: Theatre) -> None:
    assert theatre.resolve_place("Utopia") is None
    assert theatre.resolve_places("") == ()


@pytest.mark.parametrize(
    ("text", "icao"),
    [
        ("EPRZ", "EPRZ"),
        ("Rzeszów", "EPRZ"),
        ("Rzeszów-Jasionka", "EPRZ"),
        ("Люблін", "EPLB"),
        ("Mińsk Mazowiecki", "EPMM"),
        ("Câmpia Turzii", "LRCT"),
        ("Siauliai", "EYSA"),
        ("Amari air base", "EEEI"),
    ],
)
def test_a_base_is_found_by_code_or_name(theatre: Theatre, text: str, icao: str) -> None:
    base = theatre.resolve_base(text)
    assert base is not None
    assert base.icao == icao


@pytest.mark.parametrize(
    ("text", "key", "weapon_class"),
    [
        ("Shahed-136", "shahed-136", "uav"),
        ("szahed", "shahed-136", "uav"),
        ("герань-2", "shahed-136", "uav"),
        ("Х-101", "kh-101", "missile"),
        ("X-101", "kh-101", "missile"),
        ("Ch-101", "kh-101", "missile"),
        ("Кинджал", "kinzhal", "missile"),
        ("Іскандер-М", "iskander-m", "missile"),
        ("drone-leurre", "decoy-uav", "uav"),
        ("КАБ", "guided-bomb", "bomb"),
    ],
)
def test_a_weapon_is_found_in_any_alphabet(theatre: Theatre, text: str, key: str, weapon_class: str) -> None:
    weapon = theatre.resolve_weapon(text)
    assert weapon is not None
    assert (weapon.key, weapon.weapon_class) == (key, weapon_class)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("l’armée de l’air ukrainienne", "ua-air-force"),
        ("Повітряні Сили", "ua-air-force"),
        ("Dowództwo Operacyjne RSZ", "pl-dorsz"),
        ("l’état-major polonais", "pl-dorsz"),
        ("Минобороны России", "ru-mod"),
        ("Mark Rutte", "nato-sg"),
        ("Олег Николаев", "chuvashia-governor"),
    ],
)
def test_a_claimant_is_found_by_its_names(theatre: Theatre, text: str, key: str) -> None:
    claimant = theatre.resolve_claimant(text)
    assert claimant is not None
    assert claimant.key == key


def test_the_gazetteer_names_what_it_can_in_ukrainian(theatre: Theatre) -> None:
    ukrainian = [place for place in theatre.gazetteer if place.region.startswith("UA-")]
    named = [place for place in ukrainian if place.names["uk"] != place.names["en"]]
    assert len(ukrainian) > 1_500
    assert len(named) / len(ukrainian) > 0.98


def test_the_theatre_starts_fast_and_without_its_gazetteer(copy: Path) -> None:
    (copy / "gazetteer.tsv").unlink()

    def took_s() -> float:
        before_s = time.process_time()
        load_theatre(NAME, root=copy.parent).resolve_region("Львівщина")
        return time.process_time() - before_s

    assert any(took_s() < 0.5 for _ in range(10))  # 0.05 s on the slowest machine known
    theatre = load_theatre(NAME, root=copy.parent)
    with pytest.raises(TheatreError, match=r"gazetteer\.tsv: cannot be read"):
        theatre.resolve_place("Sarny")


def test_maps_that_are_missing_are_told(copy: Path) -> None:
    theatre = load_theatre(NAME, root=copy.parent)
    with pytest.raises(TheatreError, match=r"borders\.geojson: cannot be read"):
        _ = theatre.borders_geojson


# Below the oblasts.


def test_ukraine_has_its_136_raions(theatre: Theatre) -> None:
    raions = [region for region in theatre.regions.values() if region.level == "raion"]
    assert len([region for region in raions if region.country == "UA"]) == 136
    for region in raions:
        assert region.parent in theatre.alert_regions
        if region.parent != "UA-43":
            assert region.uids == {"alerts_in_ua": region.key, "ukrainealarm": region.key}


def test_a_label_point_lies_near_its_oblasts(theatre: Theatre) -> None:
    for region in theatre.regions.values():
        if region.level in ("raion", "hromada") and region.parent is not None:
            above = theatre.regions[region.parent]
            assert abs(region.lon - above.lon) < 3, region.key
            assert abs(region.lat - above.lat) < 2.5, region.key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ізмаїльський район", "101"),
        ("Izmailskyi raion", "101"),
        ("rejon izmaiłski", "101"),
        ("raïon d'Izmaïl", "101"),
        ("Кам’янський район", "42"),
        ("Бердянський район", "147"),
        ("Новомосковський район", "43"),
        ("Самарівський район", "43"),
        ("Krasnohradskyi raion", "127"),
        ("Novomoskovsk Raion", "43"),
        ("Novohrad-Volynskyi raion", "60"),
        ("Червоноградський район", "92"),
        ("Сєвєродонецький район", "84"),
        ("Одеська область", "UA-51"),
        ("Одеський район", "104"),
        ("м. Нікополь та Нікопольська територіальна громада", "351"),
        ("Київський район", None),
    ],
)
def test_a_raion_is_found_by_its_names_old_and_new(theatre: Theatre, text: str, key: str | None) -> None:
    assert theatre.resolve_region(text) == key


@pytest.mark.parametrize(
    ("parent", "name", "level", "key"),
    [
        ("UA", "Черкаська область", "oblast", "UA-71"),
        ("UA", "Cherkaska oblast", "oblast", "UA-71"),
        ("UA", "м. Київ", "city", "UA-30"),
        ("UA-71", "Уманський район", "raion", "151"),
        ("UA-71", "Umanskyi raion", "raion", "151"),
        ("UA-12", "Новомосковський район", "raion", "43"),
        ("UA-43", "Ялтинський район", "raion", "UA-43/raion/yaltynskyi"),
        ("47", "м. Покров та Покровська територіальна громада", "hromada", "354"),
        ("47", "Покровська територіальна громада", "hromada", "353"),
        ("47", "Нікопольська територіальна громада", "hromada", "351"),
        ("124", "м. Харків та Харківська територіальна громада", "hromada", "1293"),
        ("124", "Kharkivska terytorialna hromada", "hromada", "1293"),
        ("151", "Уманська територіальна громада", "hromada", "151/hromada/umanska"),
        ("UA-71", "Вигаданий район", "raion", "UA-71/raion/vyhadanyi"),
    ],
)
def test_what_lies_below_has_a_key(theatre: Theatre, parent: str, name: str, level: str, key: str) -> None:
    assert theatre.below(parent, name, level) == key


def test_a_derived_region_hangs_in_the_tree(theatre: Theatre) -> None:
    key = theatre.below("151", "Уманська територіальна громада", "hromada")
    region = theatre.region_of(key)
    assert (region.key, region.level, region.parent, region.country) == (key, "hromada", "151", "UA")
    assert (region.labels["en"], region.labels["uk"]) == ("Umanska hromada", "Уманська громада")
    assert region.names["uk"] == "Уманська територіальна громада"
    assert set(region.names) == set(LANGUAGES)
    assert list(theatre.ancestors(key)) == ["151", "UA-71", "UA"]
    assert theatre.parent_of(key) == "151"
    assert theatre.parent_of("UA") is None
    assert theatre.region_of("101") is theatre.regions["101"]


@pytest.mark.parametrize(
    "key",
    ["UA-99", "UA-99/raion/x", "x", "", "151/hromada/", "151/oblast/x", "151/hromada/a/hromada/b/city/c"],
)
def test_what_is_no_region_has_no_place_in_the_tree(theatre: Theatre, key: str) -> None:
    with pytest.raises(KeyError):
        theatre.region_of(key)
    with pytest.raises(KeyError):
        list(theatre.ancestors(key))


def test_nothing_is_made_below_the_unknown_nor_of_an_oblasts_rank(theatre: Theatre) -> None:
    with pytest.raises(KeyError):
        theatre.below("UA-99", "Уманський район", "raion")
    with pytest.raises(ValueError, match="oblast"):
        theatre.below("UA", "Вигадана область", "oblast")


# A mistake names its file and line.


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("regions/UA.toml", 'key = "UA-07"', 'key = UA-07"', "Invalid value"),
        ("regions/UA.toml", 'key = "UA-07"', 'key = "UA-05"', "UA-05 is there twice"),
        ("regions/UA.toml", 'key = "UA-07"', 'key = "PL-07"', "PL-07 is not a key of UA"),
        ("regions/UA.toml", "lon = 23.85", "lon = 233.85", "Expected `float` <= 180"),
        ("regions/UA.toml", "lat = 49.74", "latt = 49.74", "unknown field `latt`"),
        ("regions/UA.toml", '{ alerts_in_ua = "26"', '{ alerts_in_ua = "27"', "uid 27 is also UA-46"),
        ("regions/PL.toml", 'level = "province"', 'level = "parish"', "Invalid enum value 'parish'"),
        ("regions/PL.toml", 'fr = "voïvodie de Basse-Silésie", ', "", "no name in fr"),
        ("regions/PL.toml", 'country = "PL"', 'country = "XX"', "country XX is not in theatre.toml"),
        ("groups.toml", 'members = ["UA-07"', 'members = ["UA-99"', "members UA-99 is not in this theatre"),
        ("places.toml", 'region = "RU-CU"', 'region = "RU-XX"', "region RU-XX is not in this theatre"),
        ("bases.toml", 'role = "military"', 'role = "secret"', "Invalid enum value 'secret'"),
        ("bases.toml", 'icao = "EPKS"', 'icao = "EPLK"', "EPLK is there twice"),
        ("weapons.toml", 'weapon_class = "bomb"', 'weapon_class = "torpedo"', "Invalid enum value 'torpedo'"),
        ("weapons.toml", '"X-555", ', '"X-101", ', "'X-101' is also kh-101"),
        ("claimants.toml", 'reliability = "A"', 'reliability = "Z"', "Invalid enum value 'Z'"),
        ("theatre.toml", 'alert_regions_of = ["UA"]', 'alert_regions_of = ["XX"]', "XX is no country here"),
        ("theatre.toml", "west = 14.2", 'west = "13.5"', "Expected `float`, got `str`"),
    ],
)
def test_a_mistake_names_its_file_and_line(copy: Path, file: str, old: str, new: str, reason: str) -> None:
    line = change(copy / file, old, new)
    error = refusal(copy)
    assert reason in error.reason
    assert error.file == copy / file
    assert error.line == line
    assert str(error).startswith(f"{copy / file}:{line}: ")


def test_a_parent_that_does_not_exist_is_told(copy: Path) -> None:
    line = change(copy / "regions/UA.toml", 'level = "oblast"', 'level = "oblast"\nparent = "UA-99"')
    error = refusal(copy)
    assert (error.line, error.reason) == (line + 1, "parent UA-99 does not exist")


def test_a_region_is_not_its_own_ancestor(copy: Path) -> None:
    line = change(copy / "regions/UA.toml", 'level = "oblast"', 'level = "oblast"\nparent = "UA-05"')
    error = refusal(copy)
    assert (error.line, error.reason) == (line + 1, "UA-05 is its own ancestor")


def test_two_regions_of_a_country_do_not_share_a_name(copy: Path) -> None:
    change(copy / "regions/UA.toml", '"Волинська обл."', '"Вінниччина"')
    error = refusal(copy)
    assert "'Вінниччина' is also UA-05" in error.reason
    assert error.line is not None


def test_a_file_that_is_missing_is_told(copy: Path) -> None:
    (copy / "weapons.toml").unlink()
    assert "weapons.toml: cannot be read" in str(refusal(copy))


def test_a_file_that_is_no_text_is_told(copy: Path) -> None:
    (copy / "weapons.toml").write_bytes(b"\xff\xfe\x00")
    assert "weapons.toml: cannot be read" in str(refusal(copy))


@pytest.mark.parametrize("row", ["not a row", "x\tUA-46\t1\t2\t3\tA\t\t\t\t", "1\tUA-99\t1\t2\t3\tA\t\t\t\t"])
def test_a_line_of_the_gazetteer_that_is_broken_is_told(copy: Path, row: str) -> None:
    (copy / "gazetteer.tsv").write_text(f"# head\n{row}\n", encoding="utf-8")
    theatre = load_theatre(NAME, root=copy.parent)
    with pytest.raises(TheatreError) as caught:
        theatre.resolve_place("A")
    assert caught.value.line == 2


@pytest.mark.parametrize("name", ["nowhere", "../eastern-flank", "", "Eastern-Flank"])
def test_an_unknown_theatre_names_those_there_are(name: str) -> None:
    with pytest.raises(TheatreError, match=r"no such theatre; there is eastern-flank"):
        load_theatre(name)
