"""Every setting, typed, read once from the environment; a wrong one stops the start and says why."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.errors import ConfigError

Port = Annotated[int, Field(ge=1, le=65_535)]
LOOPBACK = (
    "a loopback address (127.0.0.1, ::1 or localhost), since sign-in is not configured: "
    "set WATCHFLOOR_SIGN_IN=local and add accounts with `watchfloor user add`, or WATCHFLOOR_SIGN_IN=oidc"
)
OIDC_ROLES = ("viewer", "operator", "admin")
"""What a provider may make somebody; a wall has a token of ours."""


class SettingsError(ConfigError):
    """A setting that cannot be used. Its text has a line for each: name, value, what is allowed."""


class Settings(BaseSettings):
    """What `WATCHFLOOR_…` variables (and `REDIS_URL`) may say; each has a default that works on loopback."""

    model_config = SettingsConfigDict(
        env_prefix="WATCHFLOOR_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    var: Path = Field(Path("var"), description="Folder of all state: the store's files, the inbox, the logs.")
    sign_in: Literal["off", "local", "oidc"] = Field(
        "off",
        description="Who may look: everybody on this machine, who has an account here, or also whom an "
        "OpenID Connect provider vouches for.",
    )
    oidc_issuer: str = Field("", description="The provider's issuer, as its discovery document has it.")
    oidc_client_id: str = Field("", description="What the provider knows this installation as.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="The secret that goes with the client id."
    )
    oidc_roles: str = Field(
        "", description="Which value of the role claim gives which role; whoever has none is refused."
    )
    oidc_role_claim: Annotated[str, Field(pattern=r"^[!-~]{1,200}$")] = Field(
        "groups", description="The claim of the ID token that `oidc_roles` is about; a dot goes deeper."
    )
    oidc_name_claim: Annotated[str, Field(pattern=r"^[!-~]{1,200}$")] = Field(
        "preferred_username", description="The claim that an account is named by."
    )
    oidc_scopes: Annotated[str, Field(pattern=r"^[!-~ ]{0,400}$")] = Field(
        "openid profile email", description="What the provider is asked for."
    )
    oidc_prompt: Literal["", "login", "select_account", "consent"] = Field(
        "login", description="What the provider asks a person each time; empty: what it likes."
    )
    host: str = Field("127.0.0.1", description="Address that web and gateway listen on.")
    port: Port = Field(8050, description="Port of the screens.")
    gateway_port: Port = Field(8051, description="Port of the gateway's WebSocket.")
    intake_port: Port = Field(8052, description="Port of the intake, where documents are posted.")
    store_port: Port = Field(8053, description="Port of the embedded Valkey.")
    store_flush: Literal["everysec", "always"] = Field(
        "everysec",
        description="When the embedded Valkey's writes are on the disk: within a second or two, or, which is "
        "slower, before each is acknowledged.",
    )
    replay_port: Port = Field(8054, description="Port of the replay's WebSocket.")
    redis_url: str = Field(
        "",
        validation_alias="REDIS_URL",
        description="A Redis 7+ or Valkey 8+ to use; then no store of our own is started.",
    )
    theatre: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")] = Field(
        "eastern-flank", description="Folder under config/ with the theatre's data."
    )
    exercise: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")] = Field(
        "seed-night", description="The exercise in config/exercises/ to play, or `off` for live feeds."
    )
    exercise_speed: Annotated[float, Field(gt=0, le=100_000)] = Field(
        480.0, description="Exercise seconds a second."
    )
    feeds: Path = Field(
        Path("var/feeds.toml"),
        description="TOML file that switches on and tunes this installation's feeds; it may be missing.",
    )
    archive: str = Field(
        "", description="Folder or URL of the archive; without it the folder `archive` where all state is."
    )
    retention_h: Annotated[float, Field(ge=1, le=100_000)] = Field(
        168.0, description="Hours for which the streams keep what is archived."
    )
    sweeps_days: Annotated[float, Field(ge=0, le=100_000)] = Field(
        0.0, description="Days for which the archive keeps sweeps of aircraft; 0: for good."
    )
    origins: str = Field(
        "", description="Further origins, separated by commas, by which browsers know the screens."
    )
    open_browser: Literal["auto", "yes", "no"] = Field(
        "auto",
        description="Whether `up` opens the wall in a browser; auto: when there is a terminal and a screen.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged."
    )

    @field_validator("host")
    @classmethod
    def _loopback_or_sign_in(cls, host: str, info: ValidationInfo) -> str:
        if not _is_loopback(host) and info.data.get("sign_in") not in ("local", "oidc"):
            raise ValueError(f"must be {LOOPBACK}")
        if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", host):
            raise ValueError("must be an address or a name to listen on")
        return host

    @field_validator("redis_url")
    @classmethod
    def _known_scheme(cls, url: str) -> str:
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _https_or_loopback(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
        if issuer and not (is_safe and parts.hostname and not parts.query and not parts.fragment):
            raise ValueError("must be an address that starts with https://, without a query")
        if parts.username or parts.password:
            raise ValueError("must not hold a name or a password")
        return issuer

    @field_validator("oidc_roles")
    @classmethod
    def _values_with_roles(cls, stated: str) -> str:
        for part in _parts(stated):
            value, _, role = part.rpartition("=")
            if not value.strip() or role.strip() not in OIDC_ROLES:
                raise ValueError(
                    f"must be value=role; value=role …, each role one of {', '.join(OIDC_ROLES)}"
                )
        return stated

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> Settings:
        if self.sign_in != "oidc":
            return self
        needed = {
            "oidc_issuer": self.oidc_issuer,
            "oidc_client_id": self.oidc_client_id,
            "oidc_client_secret": self.oidc_client_secret.get_secret_value(),
            "oidc_roles": self.role_of,
        }
        missing = [variable(name) for name, value in needed.items() if not value]
        if missing:
            raise ValueError(f"WATCHFLOOR_SIGN_IN=oidc needs {', '.join(missing)} to be set")
        return self

    @field_validator("archive")
    @classmethod
    def _known_place(cls, place: str) -> str:
        if "://" in place and not re.match(r"(file|s3|gs|gcs|abfs|abfss)://[^/?]*/?[^/?]", place):
            raise ValueError(
                "must be a folder, or start with file://, s3://, gs:// or abfs:// and name a place"
            )
        return place

    @model_validator(mode="after")
    def _ports_differ(self) -> Settings:
        ports = (self.port, self.gateway_port, self.intake_port, self.store_port, self.replay_port)
        if len(set(ports)) < len(ports):
            raise ValueError(
                f"port, gateway_port, intake_port, store_port and replay_port must differ, not {ports}"
            )
        return self

    @property
    def role_of(self) -> Mapping[str, str]:
        """The role that each value of the provider's role claim gives."""
        split = (part.rpartition("=") for part in _parts(self.oidc_roles))
        return {value.strip(): role.strip() for value, _, role in split}

    @property
    def store_url(self) -> str:
        """Where the streams are: `REDIS_URL`, else the embedded Valkey."""
        return self.redis_url or f"redis://127.0.0.1:{self.store_port}/0"

    @property
    def intake_host(self) -> str:
        """Where the intake listens: on loopback whatever `host` is, since nobody signs in there."""
        return self.host if _is_loopback(self.host) else "127.0.0.1"

    @property
    def status(self) -> Literal["actual", "exercise"]:
        """The CAP status of what this installation takes in and shows."""
        return "actual" if self.exercise == "off" else "exercise"

    @property
    def url(self) -> str:
        """Where the screens are."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def _parts(stated: str) -> list[str]:
    """By semicolons, since a directory's names have commas in them."""
    return [part.strip() for part in stated.split(";") if part.strip()]


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return "REDIS_URL" if field == "redis_url" else f"WATCHFLOOR_{field.upper()}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read at the first call.

    Raises SettingsError with a line for every wrong one.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "\n".join(_line(e["loc"], e["input"], e["msg"]) for e in error.errors())
        ) from error


def _line(loc: tuple[int | str, ...], value: object, reason: str) -> str:
    reason = reason.removeprefix("Value error, ")
    if not loc:
        return reason
    name = str(loc[0])
    name = name if name.isupper() else variable(name)
    shown = re.sub(r"//[^/@]*@", "//…@", str(value))  # an address can hold a password
    if name.endswith("_SECRET"):
        shown = "…"
    return f"{name}={shown}: {reason}"
