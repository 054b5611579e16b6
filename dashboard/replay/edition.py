"""The edition: by which rules and which reducer a picture was made. Reels of another one are filmed anew."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from config.theatre import Theatre

_PICTURE = Path(__file__).parents[1] / "picture"
_OTHERS = (Path(__file__).parents[1] / "gateway" / "pace.py", Path(__file__).with_name("filming.py"))


def edition_of(theatre: Theatre) -> str:
    """Eight bytes in hex that change with the theatre's tables and with how the picture is made of them."""
    digest = blake2b(digest_size=8)
    for file in (*sorted(theatre.path.glob("*.toml")), *sorted(_PICTURE.glob("*.py")), *_OTHERS):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
