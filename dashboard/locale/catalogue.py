"""A language's catalogue, read from its .po file and held against the English: what is wrong is not used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from msgspec import Struct

from config.theatre import LANGUAGES
from dashboard.views.words import ENGLISH

TRANSLATED = tuple(lang for lang in LANGUAGES if lang != "en")
FOLDER = Path(__file__).parent
FORMS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "other"),
    "fr": ("one", "other"),
    "pl": ("one", "few", "many"),
    "uk": ("one", "few", "many"),
}
"""Of words that a number stands by: CLDR's categories of whole numbers, as the .po file's forms go."""
_PLACE = re.compile(r"\{(\w+)\}")


class Catalogue(Struct, frozen=True):
    """words: every key of the English; of one that a number stands by also `key|one`, `key|few`.

    faults: what is wrong.
    """

    lang: str
    words: Mapping[str, str]
    faults: tuple[str, ...]


KEYS = tuple(key for key in ENGLISH if "|" not in key)


def is_counted(key: str) -> bool:
    """Whether the words for a key follow a number, its `{n}`: then the English has them for one, too."""
    return f"{key}|one" in ENGLISH


def path_of(lang: str) -> Path:
    """Where a language's catalogue lies."""
    return FOLDER / f"{lang}.po"


def read(lang: str) -> Catalog:
    """A language's .po file as it is. Raises babel's PoFileError where it cannot be read."""
    with path_of(lang).open("rb") as file:
        return read_po(file, locale=lang, abort_invalid=True)


@cache
def catalogue(lang: str) -> Catalogue:
    """A language's words; for what is missing or wrong in it the English. lang: one of LANGUAGES."""
    if lang == "en":
        return Catalogue("en", ENGLISH, ())
    return held_against_english(lang, read(lang))


def held_against_english(lang: str, translated: Catalog) -> Catalogue:
    """The words of a catalogue that can be used, and what is wrong with the others."""
    words = dict(ENGLISH)
    faults = [f"{lang}: {key}: no such key" for key in _ids(translated) if key not in ENGLISH or "|" in key]
    for key in KEYS:
        message = translated.get(key)
        fault = _fault(key, message, FORMS[lang])
        if message is None or fault:
            faults.append(f"{lang}: {key}: {fault}")
            continue
        forms = forms_of(message)
        words[key] = forms[-1]
        words.pop(f"{key}|one", None)
        if is_counted(key):
            words |= {f"{key}|{form}": text for form, text in zip(FORMS[lang], forms, strict=True)}
    return Catalogue(lang, words, tuple(faults))


def _ids(translated: Catalog) -> list[str]:
    return [_forms_of_id(message)[0] for message in translated if message.id]


def _forms_of_id(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


def forms_of(message: Message) -> tuple[str, ...]:
    """The translations in a message: one, or one for each form."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _fault(key: str, message: Message | None, forms: tuple[str, ...]) -> str:
    """What keeps a translation from being used; empty for nothing."""
    if message is None:
        return "missing"
    texts = forms_of(message)
    wanted = len(forms) if is_counted(key) else 1
    if len(texts) != wanted:
        return f"{wanted} forms are needed, there are {len(texts)}"
    if not all(texts):
        return "not translated"
    if message.fuzzy:
        return "the English changed since it was translated"
    english = ENGLISH[key]
    for number, text in enumerate(texts):
        places, expected = set(_PLACE.findall(text)), set(_PLACE.findall(english))
        # "1 witness" may write its number out.
        if places != expected and not (wanted > 1 and number == 0 and places == expected - {"n"}):
            return f"has the places {sorted(places)}, the English has {sorted(expected)}"
        if text.count("{") != len(_PLACE.findall(text)) or text.count("}") != text.count("{"):
            return "has a brace too many"
        if (text[:1] == " ", text[-1:] == " ") != (english[:1] == " ", english[-1:] == " "):
            return "begins or ends with a space where the English does not, or the other way round"
    return ""
