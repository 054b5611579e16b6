"""One night told in every language, and what misleads in it: in sentences of our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.reading.reading import Reading

Facts = dict[str, Any]

NIGHT = {
    "ru": "В ночь на 9 июня Россия атаковала Украину 479 дронами и 20 ракетами, сообщили Воздушные силы. "
    "Сбито 277 дронов и 19 ракет, ещё 183 дрона локационно потеряны. "
    "Попадания зафиксированы на десяти локациях.",
    "de": "In der Nacht zum 9. Juni hat Russland die Ukraine mit 479 Drohnen und 20 Raketen angegriffen, "
    "teilte die ukrainische Luftwaffe mit. "
    "277 Drohnen und 19 Raketen wurden abgeschossen, weitere 183 Drohnen "
    "verschwanden vom Radar. Es gab Einschläge an zehn Orten.",
    "ro": "În noaptea de 8 spre 9 iunie, Rusia a lansat 479 de drone și 20 de rachete asupra Ucrainei, "
    "au anunțat Forțele Aeriene ucrainene. "
    "Au fost doborâte 277 de drone și 19 rachete, iar alte 183 de drone "
    "au dispărut de pe radare. Au fost înregistrate impacturi în zece locuri.",
    "es": "En la noche del 9 de junio, Rusia lanzó 479 drones y 20 misiles contra Ucrania, según "
    "la Fuerza Aérea ucraniana. Fueron derribados 277 drones y 19 misiles, y otros 183 drones "
    "desaparecieron de los radares. "
    "Se registraron impactos en diez lugares.",
    "bg": "През нощта на 9 юни Русия атакува Украйна с 479 дрона и 20 ракети, съобщиха "
    "украинските Военновъздушни сили. Свалени са 277 дрона и 19 ракети, а други 183 дрона "
    "са изчезнали от радарите. Регистрирани са попадения на десет места.",
    "hr": "Rusija je u noći na 9. lipnja napala Ukrajinu s 479 dronova i 20 projektila, objavilo je "
    "ukrajinsko ratno zrakoplovstvo. Oboreno je 277 dronova i 19 projektila, a još 183 drona "
    "nestala su s radara. Zabilježeni su pogoci na deset lokacija.",
    "da": "Natten til den 9. juni angreb Rusland Ukraine med 479 droner og 20 missiler, oplyser "
    "det ukrainske luftvåben. 277 droner og 19 missiler blev skudt ned, mens yderligere 183 droner "
    "forsvandt fra radaren. Der er registreret nedslag ti steder.",
}


@pytest.mark.parametrize("lang", sorted(NIGHT))
def test_one_night_told_in_each_language(read_text: Callable[..., list[Reading]], lang: str) -> None:
    (found,) = read_text(NIGHT[lang])
    assert (found.kind, found.lang) == ("raid_report", lang)
    assert found.facts["night_of"] == "2025-06-09"
    assert found.facts["launched"] == {"uav": 479, "missile": 20}
    assert found.facts["shot_down"] == {"uav": 277, "missile": 19}
    assert found.facts["suppressed"] == 183
    assert found.facts["impacts_locations"] == 10
    assert (found.facts["attacker"], found.facts["claimants"]) == ("RU", ["ua-air-force"])


START = {
    "ru": "Польша подняла в воздух истребители из-за удара по западу Украины.",
    "de": "Polen hat wegen eines Angriffs auf die Westukraine Kampfjets aufsteigen lassen.",
    "ro": "Polonia a ridicat în aer avioane de vânătoare din cauza unui atac asupra Ucrainei.",
    "es": "Polonia ha hecho despegar cazas por un ataque contra Ucrania.",
    "bg": "Полша вдигна изтребители заради руска атака срещу Западна Украйна.",
    "hr": "Poljska je podigla borbene zrakoplove zbog ruskog napada na zapadnu Ukrajinu.",
    "da": "Polen har sendt kampfly på vingerne på grund af et russisk angreb mod det vestlige Ukraine.",
}
END = {
    "ru": "Польские самолёты вернулись на базы. Нарушений воздушного пространства не было.",
    "de": "Der Einsatz der polnischen Flugzeuge ist beendet. Es gab keine Verletzung des Luftraums.",
    "ro": "Aeronavele poloneze au revenit la bază. Nu au existat încălcări ale spațiului aerian al Poloniei.",
    "es": "Los aviones polacos regresaron a sus bases. No hubo violaciones del espacio aéreo de Polonia.",
    "bg": "Полските самолети се върнаха в базите си. Няма нарушения на въздушното пространство на Полша.",
    "hr": "Poljski zrakoplovi vratili su se u baze. Nije bilo povreda zračnog prostora Poljske.",
    "da": "De polske fly er vendt tilbage til deres baser. Der var ingen krænkelser af Polens luftrum.",
}


@pytest.mark.parametrize("lang", sorted(START))
def test_a_scramble(facts: Callable[..., Facts], lang: str) -> None:
    found = facts(START[lang], "scramble")
    assert (found["country"], found["state"]) == ("PL", "start")


@pytest.mark.parametrize("lang", sorted(END))
def test_its_end(facts: Callable[..., Facts], lang: str) -> None:
    found = facts(END[lang], "scramble")
    assert (found["country"], found["state"], found["airspace_violation"]) == ("PL", "end", False)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        # counts as words, in cases, or by grammatical number
        ("Силы ПВО сбили двадцать три дрона.", "shot_down.uav", 23),
        ("Россия атаковала сорока пятью дронами.", "launched.uav", 45),
        ("Россия атаковала Украину 40 дронами и баллистической ракетой.", "launched.missile", 1),
        ("Die Flugabwehr schoss achtunddreißig Drohnen ab.", "shot_down.uav", 38),
        ("Russland setzte hundert Drohnen und eine ballistische Rakete ein.", "launched.missile", 1),
        ("Apărarea a doborât douăzeci și trei de drone.", "shot_down.uav", 23),
        ("Rusia a lansat 40 de drone și o rachetă balistică.", "launched.missile", 1),
        ("La defensa derribó cuarenta y cinco drones.", "shot_down.uav", 45),
        ("Русия изстреля двадесет и три дрона.", "launched.uav", 23),
        ("Rusija je lansirala dvadeset i tri drona.", "launched.uav", 23),
        ("Rusland sendte treogtyve droner mod Ukraine i nat.", "launched.uav", 23),
        ("Русия изстреля 40 дрона и балистична ракета Искандер-М.", "launched.missile", 1),
        ("Rusija je ispalila 40 dronova i jednu balističku raketu.", "launched.missile", 1),
        ("Rusland affyrede 40 droner og et ballistisk missil.", "launched.missile", 1),
        # "each" is no total
        ("Уничтожены 30 БПЛА: по восемь над Ростовской и Брянской областями.", "shot_down.uav", 30),
        (
            "30 Drohnen wurden abgeschossen, je acht über den Gebieten Rostow und Brjansk.",
            "shot_down.uav",
            30,
        ),
        (
            "Au fost doborâte 30 de drone, câte opt deasupra regiunilor Rostov și Briansk.",
            "shot_down.uav",
            30,
        ),
        # digits that are no counts
        ("Сбиты две ракеты Х-59 и 12 дронов Shahed-136.", "shot_down.uav", 12),
        ("Сбиты две ракеты Х-59 и 12 дронов Shahed-136.", "shot_down.missile", 2),
        ("Из РСЗО RM-70 выпущено 10 реактивных снарядов.", "launched.rockets", 10),
        ("Russland feuerte drei Raketen Kh-101 und 20 Drohnen ab.", "launched.missile", 3),
        ("Rusia a lansat 3 rachete Kh-101 și 20 de drone.", "launched.missile", 3),
        # hedges stay
        ("Россия выпустила более 50 дронов.", "launched.uav", {"min": 50, "qualifier": "over"}),
        ("ПВО сбила почти 480 дронов.", "shot_down.uav", {"approx": 480, "qualifier": "nearly"}),
        ("Russland setzte bis zu 100 Drohnen ein.", "launched.uav", {"max": 100, "qualifier": "up to"}),
        ("Russland griff mit mehr als 50 Drohnen an.", "launched.uav", {"min": 50, "qualifier": "over"}),
        ("Rusia a lansat peste 50 de drone.", "launched.uav", {"min": 50, "qualifier": "over"}),
        ("Rusia a lansat aproape 480 de drone.", "launched.uav", {"approx": 480, "qualifier": "nearly"}),
        ("Rusia lanzó al menos 50 drones.", "launched.uav", {"min": 50, "qualifier": "at least"}),
        ("Русия изстреля над 50 дрона.", "launched.uav", {"min": 50, "qualifier": "over"}),
        ("Rusija je lansirala gotovo 480 dronova.", "launched.uav", {"approx": 480, "qualifier": "nearly"}),
        ("Rusland affyrede op til 100 droner i nat.", "launched.uav", {"max": 100, "qualifier": "up to"}),
        # a source that merges is not one that shot down
        ("Уничтожены и перехвачены 15 украинских БПЛА.", "neutralised.uav", 15),
        ("Сбито/подавлено 80 вражеских БПЛА.", "neutralised.uav", 80),
        ("80 Drohnen wurden abgeschossen oder unterdrückt.", "neutralised.uav", 80),
        ("80 de drone au fost doborâte sau neutralizate.", "neutralised.uav", 80),
        ("Свалени или неутрализирани са 80 дрона през нощта.", "neutralised.uav", 80),
        ("Tijekom noći oboreno je ili neutralizirano 80 dronova.", "neutralised.uav", 80),
        ("80 droner blev skudt ned eller neutraliseret i nat.", "neutralised.uav", 80),
        # the whole first, its part after it
        ("Из 50 дронов 33 были сбиты.", "launched.uav", 50),
        ("Von den 50 Drohnen wurden 33 abgeschossen.", "shot_down.uav", 33),
        ("Din cele 50 de drone, 33 au fost doborâte.", "launched.uav", 50),
        ("Of the 50 drones launched, 33 were shot down.", "shot_down.uav", 33),
        # missiles named without a number are not none
        ("Россия применила 40 дронов, а также крылатые ракеты Х-101.", "launched.missile", "unnumbered"),
        # said not to have happened
        ("Fueron derribados 20 drones; otros 15 drones no fueron interceptados.", "shot_down.uav", 20),
        # bold as a channel's export writes it
        ("За ночь сбиты **43** БПЛА.**  В Минобороны это подтвердили.", "shot_down.uav", 43),
        # more of what was counted before
        ("Ukraine shot down 62 of 75 drones. Nine more were jammed.", "suppressed", 9),
        ("Ukraine a abattu 59 drones. Trente autres ont disparu des radars.", "suppressed", 30),
        ("45 Drohnen wurden abgeschossen. 16 weitere haben ihr Ziel nicht erreicht.", "not_reached.uav", 16),
        # a compound that no list holds
        ("Die Luftabwehr fing 12 Hochgeschwindigkeitsdrohnen ab.", "shot_down.uav", 12),
    ],
)
def test_a_trap(facts: Callable[..., Facts], text: str, path: str, expected: object) -> None:
    value: Any = facts(text)
    for key in path.split("."):
        value = value[key]
    assert value == expected


@pytest.mark.parametrize(
    "text",
    [
        "При атаке беспилотника ранены два человека, повреждены пять домов и 3 автомобиля.",
        "С начала месяца Россия запустила более 1200 дронов.",
        "Завод выпускает 400 беспилотников в месяц, сообщил директор.",
        "Bei einem Drohnenangriff wurden drei Menschen getötet und 17 verletzt.",
        "Seit Beginn der Woche hat Russland mehr als 1200 Drohnen eingesetzt.",
        "Die Bundeswehr bestellt 35 Kampfjets vom Typ F-35, sagte der Minister.",
        "Trei persoane au murit și 17 au fost rănite după un atac cu drone.",
        "România participă la un exercițiu cu patru aeronave F-16 și 200 de militari.",
        "De la începutul anului, Rusia a lansat peste 12.000 de drone.",
        "Un ataque con drones dejó tres muertos y 17 heridos.",
        "Un avion civil a decolat de la București și a revenit pe aeroport după 20 de minute.",
        "Пассажирский самолёт взлетел в Варшаве и вернулся на аэродром.",
        "Польша закупит 32 истребителя и 400 беспилотников.",
        "От началото на годината Русия е изстреляла над 12 000 дрона.",
        "При атака с дронове загинаха трима души, а 17 са ранени.",
        "Od početka godine Rusija je lansirala više od 12.000 dronova.",
        "U napadu dronovima poginule su tri osobe, a 17 ih je ranjeno.",
        "Siden begyndelsen af året har Rusland sendt over 12.000 droner mod Ukraine.",
        "Tre mennesker blev dræbt og 17 såret ved et droneangreb.",
        "To danske F-16 var mandag på vingerne for at identificere to russiske fly over Nordsøen.",
        "Polish F-16 jets were scrambled to intercept a Russian Il-20 over the Baltic Sea.",
        "Deutschland liefert der Ukraine 6000 Drohnen und zwei Patriot-Systeme.",
    ],
)
def test_what_is_neither_a_raid_report_nor_a_scramble(
    read_text: Callable[..., list[Reading]], text: str
) -> None:
    assert not [one for one in read_text(text) if one.kind in ("raid_report", "scramble")]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (
            "В период с 23.00 мск 8 июня до 7.00 мск 9 июня средствами ПВО сбиты 44 украинских БПЛА.",
            "2025-06-08T23:00+03:00",
            "2025-06-09T07:00+03:00",
        ),
        (
            "Russia launched 40 drones between 20:00 on June 8 and 08:00 on June 9.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T08:00+03:00",
        ),
        (
            "From 11 p.m. Moscow time on June 8 to 7 a.m. on June 9 Russia downed 65 Ukrainian drones.",
            "2025-06-08T23:00+03:00",
            "2025-06-09T07:00+03:00",
        ),
        (
            "Russia launched 40 drones from 8 to 11 p.m. on June 8.",
            "2025-06-08T20:00+03:00",
            "2025-06-08T23:00+03:00",
        ),
        (
            "W nocy, między godz. 20 a godz. 8, Rosja użyła 49 dronów.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T08:00+03:00",
        ),
        (
            "Entre le 8 juin à 20h et le 9 juin à 8h, la Russie a lancé 40 drones.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T08:00+03:00",
        ),
        (
            "Сегодня с 14 до 18 часов мск сбиты 12 украинских БПЛА.",
            "2025-06-09T14:00+03:00",
            "2025-06-09T18:00+03:00",
        ),
        (
            "În intervalul 20:00 - 07:00, Rusia a lansat 40 de drone.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T07:00+03:00",
        ),
        (
            "С 08.30 до 10.30 мск сбиты 25 украинских БПЛА.",
            "2025-06-09T08:30+03:00",
            "2025-06-09T10:30+03:00",
        ),
        (
            "In der Nacht zum 9. Juni, von 20:00 Uhr bis 6:00 Uhr, setzte Russland 50 Drohnen ein.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T06:00+03:00",
        ),
    ],
)
def test_a_window_in_its_sources_own_zone(
    facts: Callable[..., Facts], text: str, start: str, end: str
) -> None:
    found = facts(text)
    assert (found["window_start"], found["window_end"]) == (start, end)


def test_the_russian_ministry_is_known_by_its_formula(facts: Callable[..., Facts]) -> None:
    found = facts("За ночь дежурными средствами ПВО уничтожены 44 украинских БПЛА.")
    assert (found["claimant"], found["attacker"]) == ("RU", "UA")


def test_a_list_of_places_puts_no_distance_between_number_and_verb(facts: Callable[..., Facts]) -> None:
    regions = (
        "Poltawa, Sumy, Charkiw, Kiew, Tschernihiw, Odessa, Mykolajiw, Saporischschja, Cherson, Winnyzja"
    )
    found = facts(f"33 Drohnen wurden über den Regionen {regions}, Riwne, Lwiw und Schytomyr abgeschossen.")
    assert found["shot_down"] == {"uav": 33}


def test_lines_wrapped_before_a_name_are_one_sentence(facts: Callable[..., Facts]) -> None:
    found = facts(
        "The Air Force said in the morning that during the past night over\n"
        "Ukraine, which had been warned of a large wave in the evening, its\n"
        "Patriot crews and mobile teams had shot down 33 of the 50 drones of\n"
        "Russia.\n"
    )
    assert found["shot_down"] == {"uav": 33}
    assert found["launched"] == {"uav": 50}


@pytest.mark.parametrize(
    ("text", "night"),
    [
        ("Russia launched 120 drones on Sunday night.", "2025-06-09"),
        ("Russia launched 120 drones on Monday night.", "2025-06-09"),
        ("Russia launched 120 drones on Friday night.", "2025-06-07"),
    ],
)
def test_a_weekdays_night_ends_in_the_morning_after(
    facts: Callable[..., Facts], text: str, night: str
) -> None:
    assert facts(text)["night_of"] == night


@pytest.mark.parametrize(
    "text",
    [
        "30 drones were shot down out of 50, the Air Force of Ukraine said.",
        "30 were shot down out of 50 drones overnight, the Air Force of Ukraine said.",
        "Overnight 30 drones were shot down out of a total of 50.",
        "За ніч збито 30 із 50 ворожих безпілотників.",
        "За ночь сбито 30 из 50 беспилотников.",
        "W nocy zestrzelono 30 z 50 dronów.",
        "In der Nacht wurden 30 von 50 Drohnen abgeschossen.",
        "La nuit, 30 drones ont été abattus sur les 50 lancés par la Russie.",
        "În timpul nopții, 30 din cele 50 de drone au fost doborâte.",
        "Anoche fueron derribados 30 drones de un total de 50.",
    ],
)
def test_the_whole_said_behind_its_part_was_launched(facts: Callable[..., Facts], text: str) -> None:
    found = facts(text)
    assert (found["launched"], found["shot_down"]) == ({"uav": 50}, {"uav": 30})


@pytest.mark.parametrize(
    "text",
    [
        "A year ago today, Russia fired 38 missiles at Ukraine. Ukraine shot down 30 of them.",
        "On May 8, 2024, Russia launched 38 missiles at Ukraine. Kyiv remembered its dead on Monday.",
        "Ukraine's interceptor drones have downed 1,000 Shaheds since April, the minister said.",
        "The exercise involved 15 aircraft and 20 target drones, of which 18 were shot down in Poland.",
        "Im ersten Halbjahr 2025 setzte Russland 20.000 Drohnen ein, davon wurden 14.000 abgeschossen.",
        "W 2024 roku Rosja wystrzeliła ponad 11 tysięcy dronów.",
        "Tydzień temu Rosja wystrzeliła na Ukrainę 537 dronów.",
        "En juin, 5.438 drones ont été lancés contre l'Ukraine.",
        "В период с 1 по 7 июня уничтожены 915 украинских БПЛА, сообщили в Минобороны.",
        "За цей тиждень росіяни застосували проти України майже 1 200 ударних дронів.",
        "În urmă cu un an, Rusia a lansat 38 de rachete asupra Ucrainei.",
        "Hace un año, Rusia lanzó 38 misiles contra Ucrania.",
    ],
)
def test_what_is_remembered_practised_or_summed_up_is_no_report(
    read_text: Callable[..., list[Reading]], text: str
) -> None:
    assert not [one for one in read_text(text) if one.kind in ("raid_report", "scramble")]


@pytest.mark.parametrize(
    "text",
    [
        "Overnight Russia launched its largest attack since the war began, with 728 drones and 13 missiles.",
        "Минулої ночі Росія завдала наймасованішого удару від початку війни із застосуванням 728 дронів.",
        "Cette nuit, la plus importante attaque russe depuis le début de la guerre, avec 728 drones.",
        "In der Nacht gab es den größten russischen Angriff seit Beginn des Krieges, mit 728 Drohnen.",
    ],
)
def test_the_largest_since_the_war_began_is_of_one_night(facts: Callable[..., Facts], text: str) -> None:
    assert facts(text)["launched"]["uav"] == 728


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        # the verb of the list's heading, and kinds of missiles that are no one count
        (
            "Станом на 09:00 збито 120 цілей:\n- 100 БпЛА;\n- 15 крилатих ракет;\n- 5 балістичних ракет.",
            "derived.shot_down.missile",
            20,
        ),
        (
            "Знешкоджено 475 цілей: 249 збито, 226 – локаційно втрачено:\n"
            "- 211 БпЛА збито, 225 – локаційно втрачено;\n- 33 крилаті ракети Х-101.",
            "neutralised.per_type.kh101",
            33,
        ),
        # two classes under one number
        ("Russia launched 158 missiles and drones overnight.", "launched.total", 158),
        ("La Russie a lancé 158 missiles et drones dans la nuit.", "launched.total", 158),
        # more than the last one named is of all of them
        ("Russia fired 728 drones and 13 missiles. 718 were neutralised.", "neutralised_total", 718),
        # "or" between outcomes merges them
        ("Ukraine had shot down or jammed 747 drones overnight.", "neutralised.uav", 747),
        ("711 Drohnen wurden abgefangen oder durch Störung unschädlich gemacht.", "neutralised.uav", 711),
        # a verb around its object
        ("Russia targeted Ukraine with 728 drones overnight.", "launched.uav", 728),
        # the number of the places behind another number's verb
        ("Russia fired 805 drones. Nine missiles and 56 drones struck 37 places.", "impacts_locations", 37),
        # kinds in a row
        (
            "Ворог атакував 124 БпЛА та до 19 крилатих, балістичних і керованих ракет.",
            "launched.missile",
            {"max": 19, "qualifier": "up to"},
        ),
        ("Збито 57 БпЛА. 2 БпЛА ще в повітрі.", "still_airborne", 2),
    ],
)
def test_a_further_trap(facts: Callable[..., Facts], text: str, path: str, expected: object) -> None:
    value: Any = facts(text)
    for key in path.split("."):
        value = value[key]
    assert value == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        # all of them
        ("Russia launched 40 drones overnight, all of which were shot down.", "shot_down.uav", 40),
        ("Вночі росіяни запустили 9 дронів. Усі вони збиті.", "shot_down.uav", 9),
        ("Russland griff nachts mit 12 Drohnen an. Alle wurden abgeschossen.", "shot_down.uav", 12),
        ("In the night they fired 31 drones, 27 of which crews managed to shoot down.", "shot_down.uav", 27),
        # a nation and its verb that only describe
        ("Ukraine downs all 26 Russia-launched drones overnight.", "shot_down.uav", 26),
        ("The army said 15 of the Russia-launched drones were shot down overnight.", "shot_down.uav", 15),
        # one, told by the article or by the number of the noun
        (
            "Russia fired a missile at night; crews destroyed the missile and 18 of the drones.",
            "shot_down.missile",
            1,
        ),
        (
            "Russia fired two missiles and 30 drones; both missiles were shot down overnight.",
            "shot_down.missile",
            2,
        ),
        (
            "Вночі збито 80 БпЛА. Зафіксовано влучання балістичної ракети та 6 БпЛА на 7 локаціях.",
            "hits.missile",
            1,
        ),
        ("Вночі збито 80 БпЛА. Зафіксовано влучання ракети та 4 БпЛА на 5 локаціях.", "hits.missile", 1),
        ("Ночью над Брянской областью украинский беспилотник сбит, сообщило Минобороны.", "shot_down.uav", 1),
        # a whole before its part
        ("Wojsko podało, że na 92 drony zestrzelono 71.", "launched.uav", 92),
        ("Wojsko podało, że na 92 drony zestrzelono 71.", "shot_down.uav", 71),
        ("Kiev dit avoir abattu les deux tiers des 30 drones lancés dans la nuit.", "launched.uav", 30),
        # one of a number
        ("Las defensas derribaron uno de los cuatro misiles lanzados anoche.", "launched.missile", 4),
        ("Las defensas derribaron uno de los cuatro misiles lanzados anoche.", "shot_down.missile", 1),
        # among others
        (
            "Russia fired missiles, including an Iskander-M missile, and 20 drones.",
            "launched.per_type.iskander_m",
            1,
        ),
        # anti-aircraft missiles that are fired at the ground
        ("Rusia lanzó cinco misiles antiaéreos S-300 anoche.", "launched.per_type.s300", 5),
        # "attack drones" are no "drone attack"
        ("Ночью Россия атаковала 60 ударными беспилотниками.", "launched.uav", 60),
        # verbs joined
        (
            "Над 20 дрона летяха; отбраната е прехванала или заглушила 26 дрона тази нощ.",
            "neutralised.uav",
            26,
        ),
        ("Ночью оборона сообщила о сбивании или подавлении 76 дронов.", "neutralised.uav", 76),
        ("Anoche las fuerzas perdieron la pista de 16 drones y derribaron 20.", "suppressed", 16),
        # a verb that only accompanies
        ("W nocy Rosja przeprowadziła atak, wykorzystując 50 dronów i 4 rakiety.", "launched.uav", 50),
        ("Тази нощ руските сили предприеха атака, използвайки 42 дрона.", "launched.uav", 42),
        ("Оборона збила або подавила 33 дрони за ніч.", "neutralised.uav", 33),
    ],
)
def test_what_counts_without_a_plain_number(
    facts: Callable[..., Facts], text: str, path: str, expected: object
) -> None:
    value: Any = facts(text)
    for key in path.split("."):
        value = value[key]
    assert value == expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Russia fired 20 drones overnight; 15 could not be shot down.", "shot_down"),
        ("Crews stopped 9 of the 12 drones before they reached their targets.", "hits"),
        ("Anoche Rusia lanzó 20 drones; 15 no pudieron ser derribados.", "shot_down"),
        ("Russia fired both drones and missiles overnight, and 12 drones were jammed.", "shot_down"),
        ("Тази нощ Русия изстреля 30 дрона. Паднаха отломки от свален дрон.", "shot_down"),
    ],
)
def test_what_did_not_happen_is_no_count(facts: Callable[..., Facts], text: str, status: str) -> None:
    assert status not in facts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Главное за день. Расчёты ПВО сбили 12 дронов на южном направлении.",
        "Сводка Министерства обороны. Группировка заняла посёлок. За сутки сбито 40 беспилотников.",
        "Оперативна інформація станом на 18:00. За добу відбулося 90 атак. Збито 15 БпЛА.",
    ],
)
def test_a_days_digest_of_the_front_is_no_raid(read_text: Callable[..., list[Reading]], text: str) -> None:
    assert [one for one in read_text(text) if one.kind == "raid_report"] == []


def test_a_part_of_what_russia_counts_together_is_no_total(facts: Callable[..., Facts]) -> None:
    found = facts(
        "Ночью перехвачены и уничтожены 30 украинских дронов, сообщило Минобороны России. "
        "Также шесть дронов сбили над Крымом."
    )
    assert (found["neutralised"]["uav"], "uav" in found.get("shot_down", {})) == (30, False)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (
            "8 июня с 20.00 мск до полуночи сбиты 37 украинских дронов.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T00:00+03:00",
        ),
        (
            "У ніч на 9 червня, з 22:00 до 8-ї ранку, збито 31 дрон.",
            "2025-06-08T22:00+03:00",
            "2025-06-09T08:00+03:00",
        ),
        (
            "У ніч на 9 червня, починаючи з восьмої вечора 8 червня, збито 31 дрон.",
            "2025-06-08T20:00+03:00",
            None,
        ),
        (
            "Between 11:00 p.m. Moscow time (8:00 p.m. GMT) on June 8 and 7:00 a.m. Moscow time "
            "(4:00 a.m. GMT) crews destroyed 41 Ukrainian drones.",
            "2025-06-08T23:00+03:00",
            "2025-06-09T07:00+03:00",
        ),
        (
            "Збито 31 дрон. Атака тривала з 22:00 минулої доби до 6:00.",
            "2025-06-08T22:00+03:00",
            "2025-06-09T06:00+03:00",
        ),
        (
            "Oboreno je 29 dronova. Napad je trajao od 20 sati u nedjelju do četiri ujutro u ponedjeljak.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T04:00+03:00",
        ),
    ],
)
def test_windows_as_they_are_spoken(
    facts: Callable[..., Facts], text: str, start: str, end: str | None
) -> None:
    found = facts(text)
    assert (found["window_start"], found.get("window_end")) == (start, end)
