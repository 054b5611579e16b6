"""The provider of OpenID Connect: found by discovery, asked by code and PKCE, believed by its keys."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from dashboard.access.attempts import Attempt

if TYPE_CHECKING:
    from config.settings import Settings

CONNECT_WITHIN_S = 3.0
ANSWER_WITHIN_S = 10.0
"""Of one step, with everything that the provider is asked in it."""
KEPT_S = 3_600.0
"""What the provider says of itself is asked for again after so long."""
KEYS_AGAIN_S = 30.0
"""A key that is not known is asked for no oftener."""
MOST_BYTES = 512 * 1_024
LEEWAY_S = 60
"""By so much its clock may be wrong."""
ALGORITHMS = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
)
"""With a key of the provider's own; none of a secret that we would have too."""
METHODS = ("client_secret_basic", "client_secret_post")

# The client logs every address that it asks.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class ProviderAway(Exception):
    """The provider is out of reach, or says nothing that can be used; the text says what."""


class NotVouched(Exception):
    """The provider's answer does not prove who somebody is; the text says why."""


class _Metadata(Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    authorization_response_iss_parameter_supported: bool = False


class _Keys(Struct, frozen=True):
    keys: list[dict[str, Any]]


class _Client(AsyncOAuth2Client):  # type: ignore[misc]  # authlib has no types
    """Authlib's client, whose answers have a bound."""

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        options.pop("stream", None)
        response: httpx2.Response = await super().send(request, stream=True, **options)
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise httpx2.ReadError("its answer is too long", request=request)
        finally:
            await response.aclose()
        return httpx2.Response(response.status_code, content=bytes(body), request=request)


class Provider:
    """The one provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret
        self._scope = " ".join(dict.fromkeys(["openid", *settings.oidc_scopes.split()]))
        self._prompt = settings.oidc_prompt
        self._metadata: tuple[float, _Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._tls = None if self._issuer.startswith("http:") else httpx2.create_ssl_context()

    @property
    def host(self) -> str:
        """What a person knows it by."""
        return urlsplit(self._issuer).netloc

    async def way(self, attempt: Attempt) -> str:
        """The address that the browser is sent to. Raises ProviderAway."""
        async with self._asking() as client:
            metadata = await self._described(client)
            prompt = {"prompt": self._prompt} if self._prompt else {}
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint,
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
                redirect_uri=attempt.back,
                **prompt,
            )
        return str(url)

    async def claims(self, code: str, issuer: str, attempt: Attempt) -> Mapping[str, Any]:
        """Who the provider says came back with this code. issuer: as the answer named it, if at all.

        Raises ProviderAway, and NotVouched where the answer proves nothing.
        """
        async with self._asking() as client:
            metadata = await self._described(client)
            if issuer != self._issuer and (issuer or metadata.authorization_response_iss_parameter_supported):
                raise NotVouched("the answer is another provider's")
            allowed = metadata.token_endpoint_auth_methods_supported
            client.token_endpoint_auth_method = next((one for one in METHODS if one in allowed), METHODS[0])
            token = await client.fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
                redirect_uri=attempt.back,
            )
            return await self._verified(client, metadata, token, attempt.nonce)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[_Client]:
        client = _Client(
            client_id=self._client_id,
            client_secret=self._secret.get_secret_value(),
            scope=self._scope,
            code_challenge_method="S256",
            verify=self._tls if self._tls is not None else True,
            timeout=httpx2.Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S),
            follow_redirects=False,
        )
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S), client:
                yield client
        except TimeoutError as error:
            raise ProviderAway(f"no answer within {ANSWER_WITHIN_S:.0f} s") from error
        except OAuthError as error:
            raise NotVouched(f"it refused the code: {_short(error.error)}") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, msgspec.MsgspecError, JoseError, ValueError) as error:
            raise ProviderAway(_short(error)) from error

    async def _described(self, client: _Client) -> _Metadata:
        now = time.monotonic()
        if self._metadata is not None and now - self._metadata[0] < KEPT_S:
            return self._metadata[1]
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        metadata = msgspec.json.decode(await _got(client, address), type=_Metadata)
        if metadata.issuer != self._issuer:
            raise ProviderAway("it calls itself by another issuer than WATCHFLOOR_OIDC_ISSUER")
        for url in (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri):
            if urlsplit(url).scheme != "https" and self._tls is not None:
                raise ProviderAway("one of its addresses is without TLS")
        self._metadata = now, metadata
        return metadata

    async def _known_keys(self, client: _Client, metadata: _Metadata, within_s: float) -> KeySet:
        now = time.monotonic()
        if self._keys is not None and now - self._keys[0] < within_s:
            return self._keys[1]
        described = msgspec.json.decode(await _got(client, metadata.jwks_uri), type=_Keys)
        keys = KeySet.import_key_set({"keys": described.keys})
        self._keys = now, keys
        return keys

    async def _verified(
        self, client: _Client, metadata: _Metadata, answer: Mapping[str, Any], nonce: str
    ) -> Mapping[str, Any]:
        text = answer.get("id_token")
        if not isinstance(text, str):
            raise NotVouched("there is no ID token")
        algorithms = ALGORITHMS.intersection(metadata.id_token_signing_alg_values_supported)
        try:
            try:
                token = jwt.decode(text, await self._known_keys(client, metadata, KEPT_S), algorithms)
            except InvalidKeyIdError:
                token = jwt.decode(text, await self._known_keys(client, metadata, KEYS_AGAIN_S), algorithms)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._client_id,
                    "access_token": answer.get("access_token"),
                },
            )
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError) as error:
            raise NotVouched(f"its ID token is not valid: {_short(error)}") from error
        if not isinstance(token.claims["sub"], str):
            raise NotVouched("its ID token names nobody")
        return token.claims


async def _got(client: _Client, address: str) -> bytes:
    response = await client.request("GET", address, withhold_token=True)
    if response.status_code != 200:
        raise ProviderAway(f"it answered {response.status_code} to {address}")
    return bytes(response.content)


def _short(said: object) -> str:
    """What somebody else says, as one line of a log."""
    name = type(said).__name__ if isinstance(said, Exception) else ""
    return "".join(letter for letter in f"{name} {said}".strip() if letter.isprintable())[:200]
