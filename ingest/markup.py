"""XML from outside: no DTD, no entities, nothing fetched, and no deeper or larger than anything real."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from ingest.errors import DecodeError
from ingest.records import utc

MAX_DEPTH = 100
"""Of elements. A TAK shape with its KML style has eight."""
MAX_ELEMENTS = 500_000
"""As many as 8 MB of real alerts or positions cannot have."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class _TooMuch(ValueError):
    """More than a tree may have."""


class _BoundedTree(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._left = MAX_ELEMENTS

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._left -= 1
        if self._depth > MAX_DEPTH:
            raise _TooMuch("is nested too deeply")
        if self._left < 0:
            raise _TooMuch(f"has more than the {MAX_ELEMENTS:,} elements allowed")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse(payload: bytes, feed: str, *, at: str = "$") -> Element:
    """The root element.

    at: where in its source the payload stands. Raises DecodeError for what is not well-formed XML, has a
    DTD, or has more in it than anything real.
    """
    parser = DefusedXMLParser(target=_BoundedTree(), forbid_dtd=True)
    try:
        parser.feed(payload)
        root: Element = parser.close()
    except ParseError as error:
        raise DecodeError(feed, at, f"is not XML: {error}", payload) from error
    except DTDForbidden as error:
        raise DecodeError(feed, at, "has a DTD, which is not taken", payload) from error
    except _TooMuch as error:
        raise DecodeError(feed, at, str(error), payload) from error
    except (ValueError, LookupError) as error:
        raise DecodeError(feed, at, f"is not XML in a known encoding: {error}", payload) from error
    return root


def name(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def instant(said: str, feed: str, path: str) -> dt.datetime:
    """An instant as XML Schema writes it, in UTC.

    Raises DecodeError, naming `path`, for what is none and for one that does not say its offset from UTC.
    """
    if not _INSTANT.fullmatch(said):
        raise DecodeError(feed, path, f"is no instant with its offset from UTC: {said[:40]!r}")
    try:
        return utc(dt.datetime.fromisoformat(said), feed, path)
    except ValueError as error:
        raise DecodeError(feed, path, f"is no instant: {error}") from error
