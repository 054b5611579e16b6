"""A small provider of OpenID Connect: real codes, PKCE and signatures; it vouches for whom it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.promises import PATIENCE_S

CLIENT, SECRET = "watchfloor", "the-clients-own-secret"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is worth no word."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Idp:
    """Who signs in there is `claims`. changed: what its ID tokens say otherwise than they should."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/realm"
        self._codes: dict[str, dict[str, str]] = {}
        self._first_key = RSAKey.generate_key(2048, {"kid": "first"})
        self.asked_for_keys = 0
        self.reset()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def reset(self) -> None:
        """As at the start: it vouches for olena of the desk."""
        self.claims: dict[str, Any] = {
            "sub": "42",
            "preferred_username": "Olena.K",
            "groups": ["staff", "desk"],
        }
        self.changed: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "first"}
        self.signs_with: Any = self._first_key
        self.keys = [self._first_key]
        self.is_away = False
        self.refuses = ""
        self.calls_itself = self.issuer
        self.released = threading.Event()
        self.released.set()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.signs_with = RSAKey.generate_key(2048, {"kid": "second"})
        self.header = {"alg": "RS256", "kid": "second"}
        self.keys = [self.signs_with]

    def consent(self, address: str) -> str:
        """What a person's browser does there: the address that it is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        answer = {"state": asked["state"], "iss": self.issuer}
        if self.refuses:
            return f"{asked['redirect_uri']}?{urlencode(answer | {'error': self.refuses})}"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(answer | {'code': code})}"

    def answer(self, path: str, body: str, authorization: str) -> tuple[int, object]:
        """What it answers to the client itself."""
        self.released.wait(PATIENCE_S)
        if self.is_away:
            return 502, {}
        if path == "/realm/.well-known/openid-configuration":
            return 200, {
                "issuer": self.calls_itself,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                "authorization_response_iss_parameter_supported": True,
                "scopes_supported": ["openid"],
            }
        if path == "/realm/keys":
            self.asked_for_keys += 1
            return 200, KeySet(self.keys).as_dict()
        assert path == "/realm/token"
        given = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self._codes.pop(given["code"], None)
        right = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if authorization != right or asked is None:
            return 400, {"error": "invalid_grant"}
        if (asked["code_challenge"], asked["redirect_uri"]) != (challenge, given["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        standing = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = standing | self.claims | self.changed
        token = jwt.encode(self.header, claims, self.signs_with, ["RS256", "HS256", "none"])
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}


def _handler(idp: Idp) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, said = idp.answer(self.path, body, self.headers.get("Authorization", ""))
            text = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    return Handler
