"""News in RSS, Atom or JSON Feed: every entry is a document for the report reader."""

from __future__ import annotations

from ingest.decoding import Context, Decoded
from ingest.documents import Document, digest
from ingest.syndication import Entry, entries


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode a feed: a document an entry, under its id or link; its title goes before a mere summary.

    Entries without any text are left out. Raises DecodeError for what is no feed.
    """
    decoded = Decoded()
    for entry in entries(payload, context, decoded):
        text = _text(entry)
        if not text:
            continue
        decoded.documents.append(
            Document(
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
        )
    return decoded


def _text(entry: Entry) -> str:
    if not entry.is_summary or entry.text.startswith(entry.title):
        return entry.text
    return f"{entry.title}\n\n{entry.text}".strip()
