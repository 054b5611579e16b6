"""NOTAM as they are sent: a text taken apart into NOTAM, and each of them into its items."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from msgspec import Struct

from ingest.errors import DecodeError
from ingest.records import MAX_RECORDS
from ingest.sweeps import FT_PER_M
from streams.events import Point

MOST_CHARS = 50_000
"""Of one NOTAM; a telegram has 1,800, and long ones come in parts."""
M_PER_NM = 1_852
EVERYWHERE_NM = 999
"""The radius of what concerns a whole region: no circle."""
UNLIMITED_FL = 999
MOST_CORNERS = 2_000
CENTURY = 2_000
"""Years have two digits; what was issued in the last century is not in force."""

_HEADER = re.compile(
    r"(?<![A-Z0-9])(?P<number>[A-Z]\d{4}/\d\d)\s{0,20}NOTAM\s?(?P<type>[NRC])(?![A-Z])"
    r"(?:\s{1,20}(?P<of>[A-Z]\d{4}/\d\d))?"
)
_MARK = {letter: re.compile(rf"(?<![A-Z0-9(]){letter}\s?\)") for letter in "QABCDEFG"}
_Q = re.compile(
    r"(?P<fir>[A-Z]{4})/Q(?P<subject>[A-Z]{2})(?P<condition>[A-Z]{2})/[A-Z]*/[A-Z]*/[A-Z]*"
    r"/(?P<lower>\d{3})/(?P<upper>\d{3})(?:/(?P<centre>\d{4}[NS]\d{5}[EW])(?P<radius>\d{3})?)?"
)
_PLACE = re.compile(r"(?<!\d)(\d{4}(?:\d\d(?:\.\d{1,4})?)?)([NS])\s{0,9}(\d{5}(?:\d\d(?:\.\d{1,4})?)?)([EW])")
_BETWEEN = re.compile(r"[\s,–-]{1,12}")
_LEVEL = re.compile(r"FL\s?(?P<fl>\d{1,3})|(?P<value>\d{1,6})\s?(?P<unit>FT|M)\b")
_CODE = re.compile(r"\b[A-Z]{4}\b")


class Notam(Struct, kw_only=True):
    """One NOTAM.

    refers_to: the one that it replaces (type R) or cancels (type C). subject, condition: the halves of the
    Q-code without its Q ("FA", "LC"). concerns: item A. until: item C, None where that is permanent, only
    estimated or absent, as `ends` tells in its own words. schedule: item D. radius_m: None for a whole
    region. lower_ft, upper_ft: None where there is no limit. area: the corners in item E, where it has one
    run of them.
    """

    number: str
    type: str
    refers_to: str
    fir: str
    subject: str
    condition: str
    concerns: tuple[str, ...]
    since: dt.datetime
    until: dt.datetime | None
    ends: str
    schedule: str
    text: str
    centre: Point | None
    radius_m: float | None
    area: tuple[Point, ...]
    lower_ft: float | None
    upper_ft: float | None
    whole: str


def notams(payload: bytes, feed: str) -> Iterator[tuple[str, str]]:
    """The number and the text of each NOTAM in a payload, with or without parentheses.

    Raises DecodeError for a payload without any.
    """
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Item E may quote names in any of the old code pages; nothing that is read here is in those letters.
        text = payload.decode("latin-1")
    headers = list(_HEADER.finditer(text))
    if not headers:
        raise DecodeError(feed, "$", "has no NOTAM in it", payload)
    if len(headers) > MAX_RECORDS:
        raise DecodeError(feed, "$", f"has {len(headers):,} NOTAM, of {MAX_RECORDS:,} allowed", payload)
    starts = [header.start() for header in headers]
    wrapped = [text[max(0, start - 20) : start].rstrip().endswith("(") for start in starts]
    for header, is_wrapped, end in zip(headers, wrapped, [*starts[1:], len(text)], strict=True):
        whole = text[header.start() : end].rstrip().removesuffix("(").rstrip()
        yield header["number"], whole[: whole.rfind(")")] if is_wrapped and whole.endswith(")") else whole


def read(whole: str, feed: str) -> Notam:
    """Take one NOTAM apart. Raises DecodeError, naming the number and the item that is wrong."""
    header = _HEADER.match(whole)
    if header is None:
        raise DecodeError(feed, "$", "is no NOTAM")
    number = header["number"]
    if len(whole) > MOST_CHARS:
        raise DecodeError(feed, number, f"has {len(whole):,} characters, of {MOST_CHARS:,} allowed")
    if header["type"] != "N" and header["of"] is None:
        raise DecodeError(feed, number, "does not say which NOTAM it replaces or cancels")
    items = _items(whole[header.end() :])
    q_line = _Q.match("".join(items.get("Q", "").split()))
    if q_line is None:
        raise DecodeError(feed, f"{number} Q)", f"is missing or wrong: {items.get('Q', '')[:80]!r}")
    concerns = tuple(_CODE.findall(items.get("A", "")))
    if not concerns:
        raise DecodeError(feed, f"{number} A)", f"names no place: {items.get('A', '')[:80]!r}")
    ends = " ".join(items.get("C", "").split())
    is_sure = not ends.endswith(("EST", "PERM", "UFN")) and ends != ""
    lower_ft, upper_ft = _limits(items, q_line)
    radius_nm = int(q_line["radius"] or EVERYWHERE_NM)
    centre = _point(_PLACE.match(q_line["centre"] or ""))
    return Notam(
        number=number,
        type=header["type"],
        refers_to=header["of"] or "",
        fir=q_line["fir"],
        subject=q_line["subject"],
        condition=q_line["condition"],
        concerns=concerns,
        since=_instant(items.get("B", ""), feed, f"{number} B)"),
        until=_instant(ends, feed, f"{number} C)") if is_sure else None,
        ends=ends,
        schedule=" ".join(items.get("D", "").split()),
        text=" ".join(items.get("E", "").split()),
        centre=centre if radius_nm < EVERYWHERE_NM else None,
        radius_m=radius_nm * M_PER_NM if centre is not None and radius_nm < EVERYWHERE_NM else None,
        area=_corners(items.get("E", "")),
        lower_ft=lower_ft,
        upper_ft=upper_ft,
        whole=whole.strip(),
    )


def _items(body: str) -> dict[str, str]:
    """The items by letter. Their order tells a mark from the same letter in an enumeration of item E."""
    marks: list[tuple[str, re.Match[str]]] = []
    place = 0
    for letter in "QAB":
        if found := _MARK[letter].search(body, place):
            marks.append((letter, found))
            place = found.end()
    text = _MARK["E"].search(body, place)
    before = len(body) if text is None else text.start()
    for letter in "CD":
        if found := _MARK[letter].search(body, place, before):
            marks.append((letter, found))
            place = found.end()
    if text is not None:
        marks.append(("E", text))
        marks += _limit_marks(body, text.end())
    ends = [*(found.start() for _, found in marks), len(body)][1:]
    return {letter: body[found.end() : end].strip() for (letter, found), end in zip(marks, ends, strict=True)}


def _limit_marks(body: str, begin: int) -> list[tuple[str, re.Match[str]]]:
    """Items F and G are the last that are called so."""
    lower = max(_MARK["F"].finditer(body, begin), key=re.Match.start, default=None)
    if lower is None:
        return []
    upper = _MARK["G"].search(body, lower.end())
    return [("F", lower)] if upper is None else [("F", lower), ("G", upper)]


def _instant(said: str, feed: str, path: str) -> dt.datetime:
    """Ten digits, YYMMDDhhmm UTC."""
    digits = "".join(said.split())[:10]
    try:
        if len(digits) != 10 or not digits.isascii() or not digits.isdecimal():
            raise ValueError("is not ten digits")
        year, month, day, hour, minute = (int(digits[place : place + 2]) for place in range(0, 10, 2))
        midnight = dt.datetime(CENTURY + year, month, day, tzinfo=dt.UTC)
        # A day's end is written as 2400 as well.
        if not (hour <= 23 and minute <= 59) and (hour, minute) != (24, 0):
            raise ValueError(f"has no such time of day: {digits[6:]}")
    except ValueError as error:
        raise DecodeError(feed, path, f"is no instant: {said[:40]!r}: {error}") from error
    return midnight + dt.timedelta(hours=hour, minutes=minute)


def _limits(items: dict[str, str], q_line: re.Match[str]) -> tuple[float | None, float | None]:
    """Lower and upper, in feet: items F and G where they are, else the Q-line's flight levels."""
    lower_ft: float | None = int(q_line["lower"]) * 100
    upper_ft: float | None = None if int(q_line["upper"]) == UNLIMITED_FL else int(q_line["upper"]) * 100
    if "F" in items:
        lower_ft = _level(items["F"])
    if "G" in items:
        upper_ft = _level(items["G"])
    return lower_ft, upper_ft


def _level(said: str) -> float | None:
    if said.startswith(("SFC", "GND")):
        return 0
    found = _LEVEL.match(said)
    if found is None:
        return None
    if found["fl"]:
        return int(found["fl"]) * 100
    return int(found["value"]) if found["unit"] == "FT" else round(int(found["value"]) * FT_PER_M)


def _corners(text: str) -> tuple[Point, ...]:
    """The outline in item E: three corners or more in one run; nothing where there are several runs."""
    runs: list[list[Point]] = []
    end = -1
    for found in _PLACE.finditer(text):
        point = _point(found)
        if point is None:
            return ()
        if not runs or not _BETWEEN.fullmatch(text, end, found.start()):
            runs.append([])
        runs[-1].append(point)
        end = found.end()
    outlines = [run for run in runs if len(run) > 2]
    if len(outlines) != 1 or len(outlines[0]) > MOST_CORNERS:
        return ()
    (outline,) = outlines
    return tuple(outline[:-1] if outline[0] == outline[-1] else outline)


def _point(found: re.Match[str] | None) -> Point | None:
    if found is None:
        return None
    lat, lon = _degrees(found[1], 2), _degrees(found[3], 3)
    if lat is None or lon is None or lat > 90 or lon > 180:
        return None
    return Point(lon=-lon if found[4] == "W" else lon, lat=-lat if found[2] == "S" else lat)


def _degrees(said: str, whole_digits: int) -> float | None:
    """DDMM or DDMMSS, with as many digits of degrees as are asked for."""
    minutes, seconds = said[whole_digits : whole_digits + 2], said[whole_digits + 2 :] or "0"
    if int(minutes) > 59 or float(seconds) >= 60:
        return None
    return round(int(said[:whole_digits]) + int(minutes) / 60 + float(seconds) / 3_600, 6)
