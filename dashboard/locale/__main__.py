"""`python -m dashboard.locale`: bring the .po files up to date with the English, and say what is left to do.

A new key gets an empty translation. One whose English changed keeps its translation, marked `fuzzy`, until
somebody has looked at it and taken the mark away. A key that is gone goes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from dashboard.locale.catalogue import (
    FORMS,
    KEYS,
    TRANSLATED,
    forms_of,
    held_against_english,
    is_counted,
    path_of,
    read,
)
from dashboard.views.words import ENGLISH

_HEADER = """\
# The words of Watchfloor's screens. Above each key stands the English; docs/languages.md tells how to mend.
#"""
_MADE = datetime(2026, 11, 23, tzinfo=UTC)


def main() -> int:
    """Write each language's file anew; 1 where something is left to translate or to mend."""
    faults: list[str] = []
    for lang in TRANSLATED:
        known = read(lang) if path_of(lang).exists() else _empty(lang)
        fresh = up_to_date(lang, known)
        with path_of(lang).open("wb") as file:
            write_po(file, fresh, width=0)
        faults += held_against_english(lang, fresh).faults
    print("\n".join(faults) or "Every word is translated.")
    return 1 if faults else 0


def up_to_date(lang: str, known: Catalog) -> Catalog:
    """A catalogue with the keys of the English, in its order, and what is known of them."""
    fresh = _empty(lang)
    for key in KEYS:
        english = [ENGLISH[key]] + ([f"one: {ENGLISH[f'{key}|one']}"] if is_counted(key) else [])
        message = known.get(key)
        identity: str | tuple[str, str] = (key, key) if is_counted(key) else key
        if message is None:
            empty = ("",) * len(FORMS[lang]) if is_counted(key) else ""
            fresh.add(identity, empty, auto_comments=english)
            continue
        texts = forms_of(message)
        string: str | tuple[str, ...] = texts[-1]
        if is_counted(key):
            string = texts if len(texts) == len(FORMS[lang]) else (texts[-1],) * len(FORMS[lang])
        flags = set(message.flags)
        if any(texts) and _plain(message.auto_comments) != _plain(english):
            flags.add("fuzzy")
        fresh.add(identity, string, auto_comments=english, user_comments=message.user_comments, flags=flags)
    return fresh


def _plain(comments: Iterable[str]) -> str:
    """Comments without the breaks and spaces that a .po file does not keep."""
    return " ".join(" ".join(comments).split())


def _empty(lang: str) -> Catalog:
    return Catalog(
        locale=lang,
        header_comment=_HEADER,
        project="Watchfloor",
        version="1",
        creation_date=_MADE,
        revision_date=_MADE,
        last_translator="",
        language_team="",
        charset="utf-8",
        fuzzy=False,
    )


if __name__ == "__main__":
    sys.exit(main())
