"""Text out of HTML: what a reader sees, in lines, without the markup."""

from __future__ import annotations

import re

from lxml import etree, html  # type: ignore[import-untyped]

_NEW_LINE = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure"),
        *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre"),
        *("section", "table", "tr", "ul"),
    )
)
_UNSEEN = frozenset(("head", "noscript", "script", "style", "template", "title"))
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def text_of(fragment: str) -> str:
    """The text of a piece of HTML, or plain text as it is: a line each for paragraphs, items and breaks."""
    if "<" not in fragment and "&" not in fragment:
        return _tidy(fragment)
    raw = _CONTROLS.sub(" ", fragment).encode("utf-8", "replace")
    try:
        # As bytes: a text that declares its own encoding is refused otherwise.
        root = html.document_fromstring(raw, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError):
        return ""
    pieces: list[str] = []
    unseen = 0
    for act, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if act in ("comment", "pi"):
            piece = element.tail
        elif act == "start":
            unseen += element.tag in _UNSEEN
            pieces.append("\n" if element.tag in _NEW_LINE else "")
            piece = element.text
        else:
            unseen -= element.tag in _UNSEEN
            pieces.append("\n" if element.tag in _NEW_LINE and element.tag != "br" else "")
            piece = element.tail
        if piece and not unseen:
            pieces.append(_SPACES.sub(" ", piece.replace("\n", " ")))
    return _tidy("".join(pieces))


def _tidy(text: str) -> str:
    plain = text.encode("utf-8", "replace").decode()
    lines = (_SPACES.sub(" ", line).strip() for line in _CONTROLS.sub(" ", plain).splitlines())
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
