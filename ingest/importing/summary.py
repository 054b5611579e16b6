"""What an import tells at its end: how much came in, and how often each trap of its table was met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ingest.importing import attacks, sirens
from ingest.importing.loading import Loaded

_MOST_MODELS = 20


def of_sirens(feed: str, traps: sirens.Traps, loaded: Loaded, permanent: Loaded) -> Iterator[str]:
    """The lines about a table of alerts. permanent: what became of the alerts without an end."""
    official = feed == sirens.OFFICIAL
    table = "official" if official else "volunteers'"
    names = " and ".join(sorted(traps.names)) or "no"
    yield f"table: {table}, {names} names{_period(traps.first, traps.last)}"
    yield f"{traps.rows:,} rows: {_counts(loaded, traps.refused, traps.duplicates)}"
    if official:
        invented = _of(traps.invented_ends, "end is", "ends are")
        yield f"{invented} the start + 1 h exactly: invented, marked as calculated"
        yield (
            f"{traps.below_oblast:,} alerts are of a raion or hromada; {traps.overlapping:,} of them overlap "
            "their oblast's own and are kept as their own region's"
        )
        yield f"{_of(traps.swapped, 'row', 'rows')} had oblast and raion swapped: mended"
    else:
        yield f"{_of(traps.invented_ends, 'end is', 'ends are')} invented (naive, start + 30 min): calculated"
    since = ", ".join(
        f"{region} since {at:%Y-%m-%d %H:%M} UTC" for region, at in sirens.PERMANENT_SINCE.items()
    )
    added = f"{permanent.published} added, {permanent.known} there before"
    yield f"permanent alerts, which no table has: {added} ({since})"


def of_attacks(traps: attacks.Traps, loaded: Loaded) -> Iterator[str]:
    """The lines about the table of attacks."""
    yield f"table: attacks{_period(traps.first, traps.last)}"
    yield (
        f"{traps.rows:,} rows make {traps.national + traps.regional:,} reports: "
        f"{_counts(loaded, traps.refused, traps.duplicates)}"
    )
    regional = f"{_of(traps.regional, 'report', 'reports')} of {_of(traps.regional_rows, 'row', 'rows')}"
    yield f"regional commands made {regional}: not added to the {traps.national:,} national ones"
    joined = _of(traps.joined, "report joins", "reports join")
    yield f"{joined} rows with different windows"
    dates = _of(traps.dates_only, "row starts", "rows start")
    yield f"{dates} on a date without a time: the night before, or a whole day"
    yield f"{_of(traps.odd_times, 'row has', 'rows have')} times oddly written (3:30, spaces behind)"
    yield (
        'the meaning of "lost" changed in autumn 2025: reports merged it into "shot down / suppressed" '
        f"(this table since {attacks.MERGED_SINCE}), so interception rates cannot be compared across it; "
        f"{_of(traps.merged, 'report has', 'reports have')} the merged number, as neutralised"
    )
    if traps.at_least:
        yield f"{_of(traps.at_least, 'report lacks', 'reports lack')} a number in a row: sums say at least"
    if traps.more_than_launched:
        rows = _of(traps.more_than_launched, "row has", "rows have")
        yield f"{rows} more shot down and lost than launched: kept as stated"
    if traps.unknown_claimants:
        yield f"{_of(traps.unknown_claimants, 'report is', 'reports are')} of no claimant of the theatre"
    if traps.unknown_models:
        models = sorted(traps.unknown_models.items(), key=lambda item: (-item[1], item[0]))
        told = ", ".join(f"{name} ({rows:,})" for name, rows in models[:_MOST_MODELS])
        more = f" and {len(models) - _MOST_MODELS} more" if len(models) > _MOST_MODELS else ""
        yield f"models that are no weapon of the theatre, counted in their class only (rows): {told}{more}"


def _counts(loaded: Loaded, refused: int, duplicates: int) -> str:
    told = [f"{loaded.published:,} events published", f"{loaded.known:,} there before"]
    if loaded.changed:
        told.append(f"{loaded.changed:,} of the published change an earlier table's")
    told.append(f"{_of(duplicates, 'row', 'rows')} twice in the table")
    told.append(f"{refused:,} refused, to quarantine" if refused else "none refused")
    return ", ".join(told)


def _of(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _period(first: dt.datetime | None, last: dt.datetime | None) -> str:
    if first is None or last is None:
        return ""
    return f", {first.astimezone(dt.UTC):%Y-%m-%d %H:%M} to {last.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
