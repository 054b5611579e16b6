"""The theatre's rules for the picture: `rules.toml`, read and validated."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from config.entities import ThreatType
from config.errors import ConfigError

Hours = Annotated[float, Meta(gt=0, le=240)]
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class RulesError(ConfigError):
    """A rules file that cannot be used: which, and why."""


class NightRule(Struct, frozen=True, forbid_unknown_fields=True):
    """When the operational night begins, by whose clock, and how many before it are kept."""

    start: str = "18:00"
    zone: str = "Europe/Kyiv"
    kept: Annotated[int, Meta(ge=1, le=30)] = 2

    @property
    def start_time(self) -> dt.time:
        hour, _, minute = self.start.partition(":")
        return dt.time(int(hour), int(minute))

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class TallyRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Which claim's figures are the wall's counters."""

    attacker: str = ""
    lead: tuple[str, ...] = ()
    attacker_by_country: dict[str, str] = {}


class ClaimRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Which reports are one claim, and which of its statements is shown.

    prefer: what decides, first to last. window_overlap: which part of the shorter of two windows must lie in
    the longer for them to be one. adopt_unnamed: whether a report that names no claimant is a witness of the
    claim that it fits.
    """

    prefer: tuple[Literal["final", "whole", "as_of", "latest", "grade"], ...] = (
        "final",
        "whole",
        "as_of",
        "latest",
        "grade",
    )
    window_overlap: Annotated[float, Meta(gt=0, le=1)] = 0.6
    adopt_unnamed: bool = True


class Meaning(Struct, frozen=True, forbid_unknown_fields=True):
    """From the night that leads to `since` on, figures mean something else than before: they do not compare.

    key: names it for the screens. figures: dotted paths. merges_suppressed: from then on what is reported as
    shot down has what was suppressed in it.
    """

    key: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]*$", max_length=64)]
    since: dt.date
    figures: Annotated[tuple[str, ...], Meta(min_length=1)]
    note: str = ""
    merges_suppressed: bool = False


class RecordRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What tonight is measured by.

    since: figure to the numbers of which it is told how many days ago a raid last reached them. compared: how
    many nights before this one its figures are compared with.
    """

    since: dict[Literal["launched.uav", "launched.missile"], tuple[Annotated[int, Meta(ge=1)], ...]] = {}
    compared: Annotated[int, Meta(ge=1, le=365)] = 30


class TrendRule(Struct, frozen=True, forbid_unknown_fields=True):
    """How many nights, weeks and months back the trend goes, the present one among them."""

    nights: Annotated[int, Meta(ge=1, le=400)] = 31
    weeks: Annotated[int, Meta(ge=1, le=104)] = 13
    months: Annotated[int, Meta(ge=1, le=120)] = 24


class AlertRule(Struct, frozen=True, forbid_unknown_fields=True):
    """When an alert that several feeds report is over: when all have ended it, or any."""

    ended_by: Literal["all", "any"] = "all"


class ThreatRule(Struct, frozen=True, forbid_unknown_fields=True):
    """When two posts of one type are about one group: so many minutes apart, in one region or so near."""

    same_within_min: Annotated[float, Meta(ge=0, le=240)] = 15
    near_km: Annotated[float, Meta(ge=0, le=500)] = 25


class CauseRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What explains a scramble: air-raid alerts in a region or group, or threats of these types.

    countries: whose scrambles, ISO 3166-1; empty: anybody's. threats_in: where the threats must be; empty:
    anywhere. before_min: over for this long at most when the jets went up. after_min: begun this long after
    that at most. leads: the lead time is counted from the first of these alerts.
    """

    key: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]*$", max_length=64)]
    alert_in: tuple[str, ...] = ()
    threats: tuple[ThreatType, ...] = ()
    threats_in: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    before_min: Annotated[float, Meta(ge=0, le=1_440)] = 60
    after_min: Annotated[float, Meta(ge=0, le=1_440)] = 30
    leads: bool = False


class ScrambleRule(Struct, frozen=True, forbid_unknown_fields=True):
    """When two reports are of one scramble, what explains one, and when an end is overdue."""

    lasts_at_most_h: Hours = 16
    same_end_within_h: Hours = 6
    open_at_most_h: Hours = 24
    not_stood_down_after_h: Hours = 8
    causes: tuple[CauseRule, ...] = ()


class TrackRule(Struct, frozen=True, forbid_unknown_fields=True):
    """When a track is old, and when it goes, since it was seen; and how many are shown, the newest."""

    stale_after_s: Annotated[float, Meta(gt=0, le=3_600)] = 60
    gone_after_s: Annotated[float, Meta(gt=0, le=3_600)] = 300
    number: Annotated[int, Meta(ge=1, le=100_000)] = 20_000


class FeedRule(Struct, frozen=True, forbid_unknown_fields=True):
    """After how many of its own intervals a feed is slow, and dead."""

    slow_after_checks: Annotated[float, Meta(ge=1)] = 1.5
    dead_after_checks: Annotated[float, Meta(ge=1)] = 3.0


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    night: NightRule = NightRule()
    tally: TallyRule = TallyRule()
    claims: ClaimRule = ClaimRule()
    meanings: tuple[Meaning, ...] = ()
    records: RecordRule = RecordRule()
    trend: TrendRule = TrendRule()
    alerts: AlertRule = AlertRule()
    threats: ThreatRule = ThreatRule()
    scrambles: ScrambleRule = ScrambleRule()
    tracks: TrackRule = TrackRule()
    feeds: FeedRule = FeedRule()

    @property
    def merged_since(self) -> dt.date | None:
        """The first morning from whose night on shot down has suppressed in it."""
        return min((each.since for each in self.meanings if each.merges_suppressed), default=None)


@cache
def load_rules(folder: Path) -> Rules:
    """The rules of the theatre in `folder`; the defaults where it has none.

    Raises RulesError with the file and what is wrong in it.
    """
    path = folder / "rules.toml"
    try:
        rules = msgspec.toml.decode(path.read_bytes(), type=Rules)
    except FileNotFoundError:
        return Rules()
    except (OSError, msgspec.DecodeError) as error:
        raise RulesError(f"{path}: {error}") from error
    if _CLOCK_TIME.fullmatch(rules.night.start) is None:
        raise RulesError(f"{path}: night.start must be HH:MM, not {rules.night.start!r}")
    try:
        rules.night.zone_info  # noqa: B018
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RulesError(f"{path}: night.zone: {error}") from error
    return rules
