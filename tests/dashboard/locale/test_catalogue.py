"""Every word of the screens is there in every language, with the same places in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from dashboard.locale.__main__ import up_to_date
from dashboard.locale.catalogue import (
    FORMS,
    KEYS,
    TRANSLATED,
    catalogue,
    held_against_english,
    is_counted,
    read,
)
from dashboard.locale.speech import SPOKEN, own_names, say
from dashboard.views.words import ENGLISH


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_word_is_translated_and_nothing_else_is(lang: str) -> None:
    """Where this fails it names the words; `python -m dashboard.locale` makes the places for them."""
    assert catalogue(lang).faults == ()


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_english_changed_since_it_was_translated(lang: str) -> None:
    fresh = up_to_date(lang, read(lang))
    assert [message.id for message in fresh if message.fuzzy and message.id] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_language_has_as_many_forms_as_its_file_says(lang: str) -> None:
    assert read(lang).num_plurals == len(FORMS[lang])


@pytest.mark.parametrize(
    ("key", "string", "fault"),
    [
        ("feeds.spoke", "parlé", "has the places [], the English has ['age']"),
        ("feeds.spoke", "{age} {name}", "has the places ['age', 'name'], the English has ['age']"),
        ("feeds.spoke", "{age", "has the places [], the English has ['age']"),
        ("feeds.spoke", "{age} {", "has a brace too many"),
        ("feeds.spoke", "", "not translated"),
        ("tonight.night_of", "le {date}", "begins or ends with a space"),
        ("ticker.regions", "{n} régions", "2 forms are needed, there are 1"),
    ],
)
def test_what_is_wrong_is_said_and_english_stands_in_for_it(key: str, string: str, fault: str) -> None:
    wrong = Catalog(locale="fr")
    wrong.add(key, string)
    held = held_against_english("fr", wrong)
    assert any(said.startswith(f"fr: {key}: {fault}") for said in held.faults)
    assert held.words[key] == ENGLISH[key]


def test_a_key_that_is_nowhere_is_a_fault() -> None:
    wrong = Catalog(locale="fr")
    wrong.add("no.such.key", "rien")
    assert "fr: no.such.key: no such key" in held_against_english("fr", wrong).faults


def test_a_translation_whose_english_changed_waits_for_somebody_to_look() -> None:
    known = Catalog(locale="fr")
    known.add("feeds.never", "jamais", auto_comments=["what it once was in English"])
    fresh = up_to_date("fr", known)
    message = fresh.get("feeds.never")
    assert message is not None
    assert (message.string, message.fuzzy) == ("jamais", True)
    assert held_against_english("fr", fresh).words["feeds.never"] == ENGLISH["feeds.never"]


def test_every_counted_word_has_its_number() -> None:
    for key in KEYS:
        if is_counted(key):
            assert "{n}" in ENGLISH[key]


@pytest.mark.parametrize(
    ("lang", "number", "said"),
    [
        ("en", 1, "1 region"),
        ("en", 2, "2 regions"),
        ("fr", 0, "0 région"),
        ("fr", 2, "2 régions"),
        ("pl", 1, "1 region"),
        ("pl", 3, "3 regiony"),
        ("pl", 12, "12 regionów"),
        ("pl", 22, "22 regiony"),
        ("uk", 1, "1 область"),
        ("uk", 21, "21 область"),
        ("uk", 4, "4 області"),
        ("uk", 14, "14 областей"),
    ],
)
def test_words_follow_their_number(lang: str, number: int, said: str) -> None:
    token = SPOKEN.set(lang)
    try:
        assert say("ticker.regions", n=number) == said
    finally:
        SPOKEN.reset(token)


def test_languages_have_their_own_names() -> None:
    assert own_names() == {"en": "English", "fr": "Français", "pl": "Polski", "uk": "Українська"}


def test_the_catalogues_lie_beside_their_code() -> None:
    folder = Path(__file__).resolve().parents[3] / "dashboard" / "locale"
    assert sorted(path.stem for path in folder.glob("*.po")) == sorted(TRANSLATED)
