"""Settings: safe as they stand, and clear about what they refuse."""

import pytest

import watchfloor
from config.settings import Settings, SettingsError, settings, variable


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_it_starts_as_an_exercise_on_loopback_with_a_store_of_its_own() -> None:
    chosen = settings()

    assert chosen.host == "127.0.0.1"
    assert chosen.status == "exercise"
    assert chosen.store_url == "redis://127.0.0.1:8053/0"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/2")
    monkeypatch.setenv("WATCHFLOOR_EXERCISE", "off")
    monkeypatch.setenv("WATCHFLOOR_HOST", "::1")

    chosen = settings()

    assert chosen.store_url == "redis://elsewhere:6379/2"
    assert chosen.status == "actual"
    assert chosen.url == "http://[::1]:8050"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("WATCHFLOOR_HOST", "0.0.0.0", "loopback"),
        ("WATCHFLOOR_HOST", "10.0.0.7", "loopback"),
        ("WATCHFLOOR_HOST", "example.org", "loopback"),
        ("WATCHFLOOR_PORT", "eight", "valid integer"),
        ("WATCHFLOOR_PORT", "0", "greater than or equal to 1"),
        ("WATCHFLOOR_EXERCISE_SPEED", "0", "greater than 0"),
        ("WATCHFLOOR_EXERCISE_SPEED", "nan", "WATCHFLOOR_EXERCISE_SPEED"),
        ("WATCHFLOOR_THEATRE", "../etc", "match pattern"),
        ("WATCHFLOOR_OPEN_BROWSER", "maybe", "'auto', 'yes' or 'no'"),
        ("REDIS_URL", "http://example.org", "redis://"),
        ("WATCHFLOOR_ARCHIVE", "ftp://example.org/x", "s3://"),
        ("WATCHFLOOR_ARCHIVE", "s3://", "s3://"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        settings()

    assert f"{name}={value}" in str(refused.value)
    assert allowed in str(refused.value)


def test_a_refused_address_does_not_show_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "http://user:hunter2@example.org")

    with pytest.raises(SettingsError) as refused:
        settings()

    assert "hunter2" not in str(refused.value)
    assert "example.org" in str(refused.value)


def test_with_sign_in_it_may_listen_anywhere_but_for_the_intake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFLOOR_SIGN_IN", "local")
    monkeypatch.setenv("WATCHFLOOR_HOST", "0.0.0.0")

    assert settings().host == "0.0.0.0"
    assert settings().intake_host == "127.0.0.1"


def test_without_sign_in_anything_but_loopback_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WATCHFLOOR_HOST", "0.0.0.0")

    assert [watchfloor.main([process]) for process in ("web", "gateway", "up")] == [78, 78, 78]
    assert "watchfloor user add" in capsys.readouterr().err


def test_ports_must_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFLOOR_PORT", "9000")
    monkeypatch.setenv("WATCHFLOOR_GATEWAY_PORT", "9000")

    with pytest.raises(SettingsError, match="must differ"):
        settings()


OIDC = {
    "SIGN_IN": "oidc",
    "OIDC_ISSUER": "https://id.example/realm",
    "OIDC_CLIENT_ID": "watchfloor",
    "OIDC_CLIENT_SECRET": "not-to-be-seen",
    "OIDC_ROLES": "cn=chiefs,ou=watch = admin; desk=operator;",
}


def _set(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    for name, value in (OIDC | changed).items():
        monkeypatch.setenv(f"WATCHFLOOR_{name}", value)


def test_a_provider_gives_roles_by_the_values_of_a_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, HOST="0.0.0.0")

    assert settings().role_of == {"cn=chiefs,ou=watch": "admin", "desk": "operator"}
    assert "not-to-be-seen" not in repr(settings())


def test_whatever_a_provider_needs_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFLOOR_SIGN_IN", "oidc")

    with pytest.raises(SettingsError) as refused:
        settings()

    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ROLES"):
        assert f"WATCHFLOOR_OIDC_{name}" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("OIDC_ISSUER", "http://id.example", "https://"),
        ("OIDC_ISSUER", "id.example", "https://"),
        ("OIDC_ISSUER", "https://anna:secret@id.example", "must not hold"),
        ("OIDC_ROLES", "desk=wall", "viewer, operator, admin"),
        ("OIDC_ROLES", "=admin", "value=role"),
        ("OIDC_ROLES", ";", "WATCHFLOOR_OIDC_ROLES"),
        ("OIDC_PROMPT", "none", "WATCHFLOOR_OIDC_PROMPT"),
        ("OIDC_CLIENT_SECRET", "", "WATCHFLOOR_OIDC_CLIENT_SECRET"),
    ],
)
def test_a_provider_that_cannot_be_used_stops_the_start_and_shows_no_secret(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set(monkeypatch, **{name: value})

    with pytest.raises(SettingsError) as refused:
        settings()

    assert allowed in str(refused.value)
    assert "secret@" not in str(refused.value)
    assert "not-to-be-seen" not in f"{refused.value} {refused.value.__cause__} {refused.value.__cause__!r}"
