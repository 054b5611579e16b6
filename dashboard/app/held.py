"""Files held in memory and served with an ETag, compressed once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field

from fastapi import Request, Response

YEAR_S = 31_536_000


@dataclass(frozen=True)
class Held:
    """One file in memory. body: as it is, UTF-8 for text. media_type: of `body`."""

    body: bytes
    media_type: str
    gzipped: bytes = field(init=False, repr=False)
    version: str = field(init=False)
    """Of its content: in a URL as `?v=` it lets a browser keep the file for a year."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "gzipped", gzip.compress(self.body, compresslevel=6, mtime=0))
        object.__setattr__(self, "version", hashlib.sha256(self.body).hexdigest()[:16])

    def respond(self, request: Request) -> Response:
        """200 with the body, gzipped where the browser takes it, or 304 where it has this version."""
        etag = f'"{self.version}"'
        headers = {
            "ETag": etag,
            "Vary": "Accept-Encoding",
            "Cache-Control": f"public, max-age={YEAR_S}, immutable"
            if request.query_params.get("v") == self.version
            else "no-cache",
        }
        known = [
            tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")
        ]
        if etag in known:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.gzipped, media_type=self.media_type, headers=headers)
        return Response(self.body, media_type=self.media_type, headers=headers)
