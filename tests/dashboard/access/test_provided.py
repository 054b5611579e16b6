"""Sign-in by a provider, end to end against one of our own: who is let in, as what, and all who are not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey
from redis.asyncio import Redis

from config.settings import Settings
from dashboard.access.accounts import Accounts
from dashboard.access.sessions import Sessions
from tests.dashboard.access.conftest import Answer, Visitor
from tests.dashboard.access.idp import CLIENT, SECRET, Idp
from tests.house import free_port, web_in_thread

NAME = "olena.k@127.0.0.1"


@pytest.fixture(scope="module")
def one_idp() -> Iterator[Idp]:
    idp = Idp()
    yield idp
    idp.close()


@pytest.fixture(scope="module")
def provided_port(store_url: str, one_idp: Idp) -> Iterator[int]:
    """The port of a web process for whose people a provider vouches."""
    settings = Settings(
        port=free_port(),
        REDIS_URL=store_url,
        exercise="off",
        sign_in="oidc",
        oidc_issuer=one_idp.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_roles="chiefs=admin; desk=operator",
    )
    with web_in_thread(settings):
        yield settings.port


@pytest.fixture
def idp(one_idp: Idp) -> Idp:
    one_idp.reset()
    return one_idp


@pytest.fixture
def guest(people: object, provided_port: int) -> Visitor:
    return Visitor(provided_port)


def come_back(guest: Visitor, address: str) -> Answer:
    assert address.startswith(f"{guest.origin}/sign-in/back?")
    return guest.ask("GET", address.removeprefix(guest.origin))


def sign_in(guest: Visitor, idp: Idp, onward: str = "/wall") -> Answer:
    sent = guest.ask("GET", f"/sign-in/provider?next={onward}")
    assert sent.status == 303, sent.body
    return come_back(guest, idp.consent(sent.headers["location"]))


def notes(store: Any) -> list[str]:
    async def read(client: Redis) -> Any:
        return await client.xrange("wf:{eastern-flank}:log")

    return [json.loads(fields[b"event"])["note"] for _, fields in store(read)]


def account_of(store: Any, name: str = NAME) -> Any:
    return store(lambda client: Accounts(client).find(name))


def test_whom_the_provider_vouches_for_is_let_in_as_the_claims_say(
    guest: Visitor, idp: Idp, store: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    page = guest.ask("GET", "/sign-in?next=/wall%3Fscale%3D2")
    assert "/sign-in/provider?next=/wall%3Fscale%3D2" in page.body
    entered = sign_in(guest, idp, "/wall%3Fscale%3D2")

    assert (entered.status, entered.headers["location"]) == (303, "/wall?scale=2")
    assert list(guest.cookies) == [f"watchfloor-{guest.port}"]
    assert f"{NAME} · operator" in guest.ask("GET", "/account").body
    assert any(note.startswith("signed in from 127.0.0.1 as operator by") for note in notes(store))
    assert SECRET not in str(capfd.readouterr())


def test_the_highest_of_several_roles_counts_and_another_role_ends_the_sessions(
    guest: Visitor, idp: Idp, store: Any
) -> None:
    sign_in(guest, idp)
    first = dict(guest.cookies)
    idp.claims["groups"] = ["desk", "chiefs"]
    later = Visitor(guest.port)
    sign_in(later, idp)

    assert account_of(store).role == "admin"
    assert later.ask("GET", "/admin").status == 200
    guest.cookies = first
    assert guest.ask("GET", "/account").status == 401


@pytest.mark.parametrize("groups", [["staff"], [], "desks", None, {"desk": True}, [["desk"]], 7])
def test_without_a_role_nobody_is_let_in(guest: Visitor, idp: Idp, store: Any, groups: Any) -> None:
    idp.claims["groups"] = groups
    answer = sign_in(guest, idp)

    assert (answer.status, "gives you no role" in answer.body) == (403, True)
    assert guest.cookies == {}
    assert account_of(store) is None


def test_who_loses_the_role_loses_the_account(guest: Visitor, idp: Idp, store: Any) -> None:
    sign_in(guest, idp)
    idp.claims["groups"] = []
    assert sign_in(Visitor(guest.port), idp).status == 403

    assert guest.ask("GET", "/account").status == 401
    assert account_of(store) is None
    assert store(lambda client: Sessions(client).of(NAME)) == {}


def test_another_person_under_the_same_name_is_refused(guest: Visitor, idp: Idp, store: Any) -> None:
    sign_in(guest, idp)
    idp.claims |= {"sub": "43", "groups": ["chiefs"]}
    assert sign_in(Visitor(guest.port), idp).status == 409

    assert account_of(store).role == "operator"
    assert guest.ask("GET", "/account").status == 200


def test_no_account_made_here_can_be_had_by_a_claim(guest: Visitor, idp: Idp, store: Any) -> None:
    idp.claims["preferred_username"] = "admin"
    sign_in(guest, idp)

    assert "admin@127.0.0.1 · operator" in guest.ask("GET", "/account").body
    idp.claims["preferred_username"] = "<b>ü"
    sign_in(guest, idp)
    assert "person-" in guest.ask("GET", "/account").body


def test_an_account_of_the_provider_has_no_password(guest: Visitor, idp: Idp) -> None:
    sign_in(guest, idp)
    for password in ("", "nobody's", "x" * 20):
        assert Visitor(guest.port).sign_in(NAME, password).status in (401, 429)


def test_accounts_made_here_and_walls_stand_beside_it(
    provided_port: int, people: dict[str, str], idp: Idp
) -> None:
    idp.is_away = True
    assert Visitor(provided_port).sign_in("admin").status == 303
    kiosk = Visitor(provided_port)
    assert kiosk.ask("POST", "/sign-in", f"token={people['wall']}".encode()).status == 303


def now_wrong(**changed: Any) -> Callable[[Idp], None]:
    return lambda idp: idp.changed.update(changed)


def signed_otherwise(header: dict[str, Any], key: Any) -> Callable[[Idp], None]:
    def change(idp: Idp) -> None:
        idp.header, idp.signs_with = header, key() if key else RSAKey.generate_key(2048)

    return change


@pytest.mark.parametrize(
    "change",
    [
        now_wrong(nonce="another"),
        now_wrong(nonce=None),
        now_wrong(aud="another-client"),
        now_wrong(aud=[CLIENT, "another-client"]),
        now_wrong(azp="another-client"),
        now_wrong(iss="https://another.example"),
        now_wrong(exp=1_700_000_000),
        now_wrong(iat=4_000_000_000),
        now_wrong(sub=None),
        now_wrong(sub=42),
        signed_otherwise({"alg": "RS256", "kid": "first"}, None),
        signed_otherwise({"alg": "RS256", "kid": "unknown"}, None),
        signed_otherwise({"alg": "HS256", "kid": "first"}, lambda: OctKey.import_key(SECRET)),
    ],
    ids=lambda change: "",
)
def test_a_token_that_is_not_right_in_everything_lets_nobody_in(
    guest: Visitor, idp: Idp, store: Any, change: Callable[[Idp], None]
) -> None:
    change(idp)
    answer = sign_in(guest, idp)

    assert (answer.status, "could not be verified" in answer.body) == (401, True)
    assert guest.cookies == {}
    assert account_of(store) is None
    assert any("was not valid" in note for note in notes(store))


def test_a_sign_in_is_of_one_browser_and_ends_once(guest: Visitor, idp: Idp) -> None:
    sent = guest.ask("GET", "/sign-in/provider")
    (cookie,) = sent.cookies
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/"))
    address = idp.consent(sent.headers["location"])
    attempt = dict(guest.cookies)

    stranger = Visitor(guest.port)
    assert come_back(stranger, address).status == 400
    stranger.ask("GET", "/sign-in/provider")
    assert come_back(stranger, address).status == 400
    assert come_back(guest, address).status == 303
    guest.cookies = attempt
    assert come_back(guest, address).status == 400


def test_an_answer_in_another_providers_name_is_refused(guest: Visitor, idp: Idp) -> None:
    for name in ("https%3A%2F%2Fanother.example", ""):
        address = idp.consent(guest.ask("GET", "/sign-in/provider").headers["location"])
        assert come_back(guest, address.split("&iss=")[0] + f"&iss={name}&code=stolen").status in (401, 403)
        assert guest.cookies == {}


def test_a_refusal_by_the_provider_is_said(guest: Visitor, idp: Idp) -> None:
    idp.refuses = "access_denied"
    answer = sign_in(guest, idp)
    assert (answer.status, "did not let you in" in answer.body) == (403, True)


def test_a_key_that_is_new_is_asked_for(guest: Visitor, idp: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.access.provider.KEYS_AGAIN_S", 0.0)
    sign_in(guest, idp)
    idp.rotate()
    assert sign_in(guest, idp).status == 303
    asked = idp.asked_for_keys
    assert sign_in(guest, idp).status == 303
    assert idp.asked_for_keys == asked


def test_a_provider_that_cannot_be_used_is_away(
    guest: Visitor, idp: Idp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.access.provider.KEPT_S", 0.0)

    def asked() -> int:
        return guest.ask("GET", "/sign-in/provider").status

    idp.calls_itself = "https://another.example"
    assert asked() == 503
    idp.calls_itself = idp.issuer
    assert asked() == 303
    monkeypatch.setattr("dashboard.access.provider.MOST_BYTES", 100)
    assert asked() == 503
    monkeypatch.setattr("dashboard.access.provider.ANSWER_WITHIN_S", 0.05)
    idp.released.clear()
    assert asked() == 503
    idp.released.set()


def test_while_the_provider_is_away_the_page_says_so(guest: Visitor, idp: Idp) -> None:
    sign_in(guest, idp)
    address = idp.consent(guest.ask("GET", "/sign-in/provider").headers["location"])
    idp.is_away = True
    answer = come_back(guest, address)
    assert (answer.status, "does not answer" in answer.body) == (503, True)
    assert "autofocus>Sign in with" in answer.body.replace("\n", "")
