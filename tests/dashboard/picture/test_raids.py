"""Claims instead of sums: witnesses, revisions, hedges, nights, the lead and the records."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.picture.rules import ClaimRule, Rules
from streams.events import Count, Evidence, Quantities, RaidReport
from tests.dashboard.picture.conftest import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.theatre import Theatre

    At = Callable[[str], dt.datetime]

KEY = "ua-air-force|RU|national|2025-06-09"
MORNING = dt.date(2025, 6, 9)


def figures(uav: int | Count | None = None, missile: int | Count | None = None) -> Quantities:
    return Quantities(
        uav=Count(value=uav) if isinstance(uav, int) else uav,
        missile=Count(value=missile) if isinstance(missile, int) else missile,
    )


def report(name: str, **fields: Any) -> RaidReport:
    defaults: dict[str, Any] = {
        "status": "actual",
        "feed": name.partition(":")[0],
        "claimant": "ua-air-force",
        "reliability": "B",
        "credibility": 2,
        "night_of": MORNING,
    }
    return RaidReport(id=name, **(defaults | fields))


def test_texts_that_relay_one_statement_are_witnesses_of_one_claim(watch: Watch, at: At) -> None:
    watch.hear(
        report(
            "kpszsu:1", launched=figures(479, 20), neutralised=figures(460, 19), impact_places=Count(value=10)
        )
    )
    watch.hear(report("wire-fr:1", launched=figures(479), neutralised=figures(460)))
    watch.hear(report("wire-en:1", launched=figures(None, 20)))
    claims = watch.view["claims"]
    assert list(claims) == [KEY]
    assert claims[KEY]["launched"] == {"uav": {"value": 479}, "missile": {"value": 20}}
    assert list(claims[KEY]["witnesses"]) == ["kpszsu:1", "wire-fr:1", "wire-en:1"]
    assert claims[KEY]["newest"] == "wire-en:1"
    assert watch.view["tally"] == {
        "claim": KEY,
        "rates": {"uav": 96.0, "missile": 95.0},
        "rates_of": {"uav": (460, 479), "missile": (19, 20)},
    }


def test_a_claim_is_put_together_from_what_each_text_tells(watch: Watch) -> None:
    watch.hear(report("a:1", launched=figures(479), neutralised=figures(460)))
    watch.hear(report("b:1", launched=figures(None, 20), neutralised=figures(None, 19)))
    assert watch.view["claims"][KEY]["neutralised"] == {"uav": {"value": 460}, "missile": {"value": 19}}


@pytest.mark.parametrize("order", [1, -1])
def test_a_hedge_does_not_replace_the_number_that_it_can_mean(watch: Watch, at: At, order: int) -> None:
    exact = report("kpszsu:1", launched=figures(479), published_at=at("07:40"))
    nearly = report(
        "wire:1", launched=figures(Count(value=480, qualifier="nearly")), published_at=at("09:00")
    )
    watch.hear_all([exact, nearly][::order])
    assert watch.view["claims"][KEY]["launched"] == {"uav": {"value": 479}}


def test_a_later_hedge_that_contradicts_the_number_replaces_it(watch: Watch, at: At) -> None:
    watch.hear(report("kpszsu:1", launched=figures(479), published_at=at("07:40")))
    watch.hear(
        report("kpszsu:2", launched=figures(Count(min=500, qualifier="over")), published_at=at("09:00"))
    )
    assert watch.view["claims"][KEY]["launched"] == {"uav": {"min": 500, "qualifier": "over"}}
    assert "rates" not in watch.view["tally"]


def test_a_hedge_alone_stays_a_hedge(watch: Watch) -> None:
    watch.hear(
        report(
            "wire:1", launched=figures(Count(value=480, qualifier="nearly"), Count(qualifier="unnumbered"))
        )
    )
    assert watch.view["claims"][KEY]["launched"] == {
        "uav": {"value": 480, "qualifier": "nearly"},
        "missile": {"qualifier": "unnumbered"},
    }


def test_a_corrected_report_replaces_the_earlier_one(watch: Watch) -> None:
    watch.hear(report("kpszsu:1", revision=1, launched=figures(470)))
    watch.hear(report("kpszsu:1", revision=2, launched=figures(479)))
    watch.hear(report("kpszsu:1", revision=1, launched=figures(470)))
    claim = watch.view["claims"][KEY]
    assert claim["launched"] == {"uav": {"value": 479}}
    assert claim["witnesses"]["kpszsu:1"]["revision"] == 2


def test_what_is_final_replaces_what_goes_on_however_late_that_is_heard(watch: Watch, at: At) -> None:
    watch.hear(report("kpszsu:2", launched=figures(479), as_of=at("07:30")))
    watch.hear(report("kpszsu:1", launched=figures(300), as_of=at("05:00"), ongoing=True))
    claim = watch.view["claims"][KEY]
    assert claim["launched"] == {"uav": {"value": 479}}
    assert "ongoing" not in claim


def test_who_says_as_of_when_is_believed_before_who_only_relays(watch: Watch, at: At) -> None:
    watch.hear(report("kpszsu:1", neutralised=figures(None, 19), as_of=at("07:30"), published_at=at("07:40")))
    watch.hear(report("wire:1", neutralised=figures(None, 20), published_at=at("10:00")))
    assert watch.view["claims"][KEY]["neutralised"] == {"missile": {"value": 19}}


def test_claimants_who_disagree_are_two_claims_and_the_rule_says_which_leads(watch: Watch) -> None:
    watch.hear(report("press:1", claimant="ua-president", launched=figures(500)))
    assert watch.view["tally"]["claim"] == "ua-president|RU|national|2025-06-09"
    watch.hear(report("kpszsu:1", launched=figures(479)))
    assert watch.view["tally"]["claim"] == KEY
    assert len(watch.view["claims"]) == 2


def test_the_other_sides_claims_do_not_lead(watch: Watch) -> None:
    watch.hear(report("mod:1", claimant="ru-mod", shot_down=figures(49)))
    assert "tally" not in watch.view
    assert list(watch.view["claims"]) == ["ru-mod|UA|national|2025-06-09"]


def test_a_regional_report_is_no_part_of_the_national_one(watch: Watch) -> None:
    watch.hear(report("kpszsu:1", launched=figures(479)))
    watch.hear(report("south:1", scope="regional", regions=("UA-48",), shot_down=figures(12)))
    assert watch.view["claims"][KEY]["launched"] == {"uav": {"value": 479}}
    assert watch.view["claims"]["ua-air-force|RU|regional:UA-48|2025-06-09"]["regions"] == ("UA-48",)
    assert watch.view["tally"]["claim"] == KEY


def test_neutralised_follows_from_shot_down_and_suppressed_and_says_so(watch: Watch) -> None:
    watch.hear(report("kpszsu:1", launched=figures(479), shot_down=figures(277), suppressed=figures(183)))
    claim = watch.view["claims"][KEY]
    assert claim["neutralised"] == {"uav": {"value": 460}}
    assert claim["derived"] == ("neutralised.uav",)
    watch.hear(report("wire:1", neutralised=figures(460)))
    assert "derived" not in watch.view["claims"][KEY]


def test_nothing_follows_from_a_hedge(watch: Watch) -> None:
    over = Count(min=100, qualifier="over")
    watch.hear(report("kpszsu:1", launched=figures(479), shot_down=figures(277), suppressed=figures(over)))
    assert "neutralised" not in watch.view["claims"][KEY]


def test_more_neutralised_than_launched_gives_no_rate(watch: Watch) -> None:
    watch.hear(report("kpszsu:1", launched=figures(20), neutralised=figures(21)))
    assert watch.view["tally"] == {"claim": KEY}


def test_the_window_decides_the_night_and_not_the_arrival(watch: Watch, at: At) -> None:
    watch.hear(
        report(
            "kpszsu:1",
            night_of=None,
            valid_from=at("17:30"),
            valid_to=at("07:30"),
            launched=figures(479),
            published_at=at("2025-06-09T16:00+00:00"),
        ),
        at="2025-06-09T16:05+00:00",
    )
    watch.tick("2025-06-09T16:06+00:00")
    assert "tally" not in watch.view
    assert watch.view["claims"][KEY]["night_of"] == "2025-06-09"
    assert "tonight" not in watch.view["claims"][KEY]


def test_tonights_claim_becomes_the_record_of_the_next_night(watch: Watch) -> None:
    watch.hear(report("kpszsu:1", launched=figures(479)))
    watch.tick("2025-06-09T15:00+00:00")
    assert "tally" not in watch.view
    assert watch.view["records"]["launched.uav"] == {"value": 479, "night_of": "2025-06-09", "claim": KEY}
    assert "tonight" not in watch.view["claims"][KEY]


def test_a_record_told_for_context_is_measured_against_and_not_added(watch: Watch) -> None:
    watch.hear(
        report(
            "wire:2",
            night_of=dt.date(2025, 6, 1),
            launched=figures(472),
            retrospective=True,
            record="previous",
        )
    )
    assert watch.view["records"]["launched.uav"] == {
        "value": 472,
        "night_of": "2025-06-01",
        "claim": "ua-air-force|RU|national|2025-06-01",
    }
    assert "tally" not in watch.view
    watch.hear(report("kpszsu:1", launched=figures(479)))
    assert watch.view["records"]["launched.uav"]["broken"] is True
    assert watch.view["claims"][KEY]["launched"] == {"uav": {"value": 479}}


def test_a_record_of_an_unknown_night_and_claimant_is_one_all_the_same(watch: Watch) -> None:
    watch.hear(
        report("wire:2", night_of=None, claimant="", launched=figures(472), retrospective=True), at="08:00"
    )
    assert watch.view["records"]["launched.uav"] == {"value": 472, "claim": "?|?|national|undated"}


def test_the_record_is_the_second_best_again_when_the_best_is_cancelled(watch: Watch) -> None:
    watch.hear(report("a:1", night_of=dt.date(2025, 6, 1), launched=figures(472)))
    watch.hear(report("b:1", night_of=dt.date(2025, 5, 26), launched=figures(355)))
    watch.hear(report("a:1", revision=2, msg_type="cancel", night_of=dt.date(2025, 6, 1)))
    assert watch.view["records"]["launched.uav"]["value"] == 355
    assert list(watch.view["claims"]) == ["ua-air-force|RU|national|2025-05-26"]


def test_a_figure_is_shown_with_the_words_that_prove_it(watch: Watch) -> None:
    text = "Good morning. In the night 479 drones were launched. We thank everybody."
    start = text.index("479")
    evidence = Evidence(document="d", text=text, lang="en", spans={"launched.uav": ((start, start + 3),)})
    watch.hear(report("kpszsu:1", launched=figures(479), evidence=evidence))
    quote = watch.view["claims"][KEY]["quotes"]["launched.uav"]
    assert quote == {"text": "In the night 479 drones were launched.", "start": 13, "end": 16, "lang": "en"}


def test_the_report_is_told_when_its_figures_were_first_stated(watch: Watch, at: At) -> None:
    watch.hear(report("kpszsu:1", launched=figures(479), published_at=at("07:40")))
    watch.hear(report("wire:1", launched=figures(479), published_at=at("07:55")))
    (line,) = watch.view["ticker"].values()
    assert (line["kind"], line["at"]) == ("raid_report", "2025-06-09T07:40:00Z")
    assert line["detail"] == {"launched.uav": "479"}
    assert [mark["kind"] for mark in watch.view["strip"]["marks"].values()] == ["raid_report"]


def test_what_agrees_and_what_differs_is_told_of_each_witness(watch: Watch, at: At) -> None:
    nearly, over = Count(value=480, qualifier="nearly"), Count(value=450, qualifier="over")
    watch.hear(report("kpszsu:1", launched=figures(479, 21), as_of=at("07:30")))
    watch.hear(report("paper:1", launched=figures(nearly)))
    watch.hear(report("radio:1", launched=figures(over)))
    watch.hear(report("wire:1", launched=figures(479, 20)))
    watch.hear(report("kpszsu:0", launched=figures(300), as_of=at("05:00"), ongoing=True))
    claim = watch.view["claims"][KEY]
    assert claim["launched"] == {"uav": {"value": 479}, "missile": {"value": 21}}
    assert claim["agreement"] == {
        "kpszsu:1": "states",
        "paper:1": "supports",
        "radio:1": "supports",
        "wire:1": "differs",
        "kpszsu:0": "earlier",
    }
    assert claim["variants"]["launched.missile"] == {"20": ("wire:1",)}


def test_destroyed_and_neutralised_are_two_quantities(watch: Watch) -> None:
    watch.hear(report("wire:1", launched=figures(479), shot_down=figures(277)))
    watch.hear(report("paper:1", neutralised=figures(460)))
    claim = watch.view["claims"][KEY]
    assert (claim["shot_down"], claim["neutralised"]) == ({"uav": {"value": 277}}, {"uav": {"value": 460}})
    assert "variants" not in claim


def test_interim_final_and_corrected_figures_are_all_kept_with_their_instants(watch: Watch, at: At) -> None:
    first = report("kpszsu:1", launched=figures(300), as_of=at("05:00"), ongoing=True)
    final = report("kpszsu:2", launched=figures(478), neutralised=figures(460), as_of=at("07:30"))
    mended = report(
        "kpszsu:2", revision=2, launched=figures(479), neutralised=figures(460), as_of=at("08:00")
    )
    relay = report("wire:1", launched=figures(479), published_at=at("09:00"))
    for order in ((first, final, mended, relay), (relay, mended, final, first)):
        again = Watch(watch.picture._theatre, "actual")
        again.hear_all(order)
        told = [
            (each["at"][11:16], each["state"], each["figures"].get("launched.uav"))
            for _, each in sorted(again.view["claims"][KEY]["revisions"].items())
        ]
        assert told == [
            ("05:00", "interim", {"value": 300}),
            ("07:30", "final", {"value": 478}),
            ("08:00", "corrected", {"value": 479}),
        ]


def test_a_text_that_names_nobody_is_a_witness_of_the_claim_that_it_repeats(watch: Watch) -> None:
    watch.hear(report("paper:1", claimant="", launched=figures(479), neutralised=figures(460)))
    assert list(watch.view["claims"]) == ["?|?|national|2025-06-09"]
    watch.hear(report("kpszsu:1", launched=figures(479)))
    assert list(watch.view["claims"]) == [KEY]
    assert set(watch.view["claims"][KEY]["witnesses"]) == {"paper:1", "kpszsu:1"}
    watch.hear(report("other:1", claimant="", launched=figures(500)))
    assert set(watch.view["claims"]) == {KEY, "?|?|national|2025-06-09"}


def test_a_second_raid_by_day_is_a_claim_of_its_own_and_is_added_to_the_night_only(
    watch: Watch, at: At
) -> None:
    night = {"night_of": None, "valid_from": at("17:30"), "valid_to": at("05:00")}
    day = {"night_of": None, "valid_from": at("05:00"), "valid_to": at("12:00")}
    watch.hear(report("kpszsu:2", launched=figures(100), neutralised=figures(90), **day), at="13:00")
    watch.hear(report("kpszsu:1", launched=figures(479), neutralised=figures(460), **night), at="13:00")
    watch.hear(report("wire:1", launched=figures(479)), at="13:00")
    by_day = f"{KEY}|0500Z"
    assert set(watch.view["claims"]) == {KEY, by_day}
    tally = watch.view["tally"]
    assert (tally["claim"], tally["other_windows"]) == (KEY, (by_day,))
    assert tally["night"] == {"launched.uav": 579, "neutralised.uav": 550}
    assert watch.view["claims"][KEY]["launched"] == {"uav": {"value": 479}}


def test_a_longer_window_of_the_same_raid_is_the_same_claim(watch: Watch, at: At) -> None:
    for name, end, number in (("kpszsu:1", "03:00", 300), ("kpszsu:2", "07:30", 479)):
        watch.hear(
            report(name, night_of=None, valid_from=at("17:00"), valid_to=at(end), launched=figures(number)),
            at="08:00",
        )
    assert list(watch.view["claims"]) == [KEY]
    assert watch.view["claims"][KEY]["launched"] == {"uav": {"value": 479}}


def test_where_suppressed_is_merged_into_shot_down_that_is_what_was_neutralised(watch: Watch) -> None:
    later = dt.date(2025, 11, 20)
    watch.hear(report("kpszsu:1", night_of=later, launched=figures(200), shot_down=figures(180)))
    watch.tick("2025-11-20T08:00+00:00")
    claim = watch.view["claims"]["ua-air-force|RU|national|2025-11-20"]
    assert (claim["neutralised"], claim["derived"]) == ({"uav": {"value": 180}}, ("neutralised.uav",))
    watch.hear(report("kpszsu:2", night_of=MORNING, launched=figures(479), shot_down=figures(277)))
    earlier = Watch(watch.picture._theatre, "actual")
    earlier.hear(report("kpszsu:2", launched=figures(479), shot_down=figures(277)))
    assert "neutralised" not in earlier.view["claims"][KEY]


def test_which_statement_is_shown_is_a_rule(theatre: Theatre, at: At) -> None:
    by_grade = Watch(theatre, "actual", Rules(claims=ClaimRule(prefer=("grade", "latest"))))
    by_time = Watch(theatre, "actual", Rules(claims=ClaimRule(prefer=("latest",))))
    for watch in (by_grade, by_time):
        watch.hear(report("kpszsu:1", reliability="B", launched=figures(479), published_at=at("07:40")))
        watch.hear(report("wire:1", reliability="C", launched=figures(480), published_at=at("09:00")))
    shown = [next(iter(watch.view["claims"].values()))["launched"]["uav"] for watch in (by_grade, by_time)]
    assert shown == [{"value": 479}, {"value": 480}]
