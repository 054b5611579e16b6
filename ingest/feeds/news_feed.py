"""News in RSS, Atom or JSON Feed: every entry is a document for the report reader."""

from __future__ import annotations

from msgspec import Struct

from ingest.decoding import Context, Decoded, Link
from ingest.documents import Document, digest
from ingest.origin import options
from ingest.syndication import Entry, entries


class Options(Struct, frozen=True, kw_only=True):
    """full_text: read the page that an entry links to, where the entry itself has a summary only."""

    full_text: bool = False


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode a feed: a document an entry, under its id or link; its title goes before a mere summary.

    Entries without any text are left out. context.options: see Options.
    Raises DecodeError for what is no feed.
    """
    wants_pages = options(context, Options).full_text
    decoded = Decoded()
    for entry in entries(payload, context, decoded):
        text = _text(entry)
        if not text:
            continue
        document = Document(
            name=entry.name or f"{context.feed}:{digest(text)}",
            text=text,
            feed=context.feed,
            status=context.status,
            run=context.run,
            published_at=entry.published_at,
            title=entry.title,
            link=entry.link,
            own_claimant=context.claimant,
            reliability=context.reliability,
            credibility=context.credibility,
        )
        if wants_pages and entry.is_summary and entry.link:
            tag = digest("\0".join((document.name, entry.link, text)))
            decoded.links.append(Link(url=entry.link, tag=tag, otherwise=document))
        else:
            decoded.documents.append(document)
    return decoded


def _text(entry: Entry) -> str:
    if not entry.is_summary or entry.text.startswith(entry.title):
        return entry.text
    return f"{entry.title}\n\n{entry.text}".strip()
