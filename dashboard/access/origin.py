"""The origins whose pages may ask, and the check that an act comes from one of them."""

from __future__ import annotations

from starlette.datastructures import Headers

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def allowed_origins(host: str, port: int, further: str = "") -> frozenset[str]:
    """The origins whose pages may act and connect: the screens' own, by every name of loopback, and more.

    further: origins separated by commas.
    """
    own = f"[{host}]" if ":" in host else host
    origins = {f"http://{name}:{port}" for name in (own, *LOOPBACK_HOSTS)}
    origins.update(origin.strip().rstrip("/") for origin in further.split(",") if origin.strip())
    return frozenset(origins)


def is_own_act(headers: Headers, origins: frozenset[str]) -> bool:
    """Whether a request that changes something was sent by one of our pages.

    A browser says so in Origin, Sec-Fetch-Site or both, and a page cannot make it lie. What neither says is
    refused too: a program names the origin that it acts for.
    """
    claimed = headers.getlist("origin")
    sites = headers.getlist("sec-fetch-site")
    if claimed and not (len(claimed) == 1 and claimed[0] in origins):
        return False
    if sites and sites != ["same-origin"]:
        return False
    return bool(claimed or sites)
