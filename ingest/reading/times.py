"""Days, nights, clock times and windows in a sentence, and what they mean beside the date of publication."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.reading.lexicon import Mark
from ingest.reading.reading import Span
from ingest.reading.sentences import Sentence

_DOTTED_TIME = re.compile(r"([01]?\d|2[0-4])\.([0-5]\d)")
_NOON = 12
_DIGITS = frozenset(("number", "date", "time"))
"""Kinds of tokens that a day or a clock time can begin with."""
_DAY_JOINERS = frozenset(
    ("-", "/", "et", "and", "i", "та", "и", "und", "auf", "zum", "spre", "si", "y", "al", "og")
)
"""What joins the two days of one night before their month: "9 spre 10 septembrie"."""
_BEFORE_DAY = frozenset(
    (
        ",",
        "on",
        "le",
        "w",
        "we",
        "am",
        "у",
        "в",
        "du",
        "of",
        "den",
        "din",
        "pe",
        "de",
        "del",
        "u",
        "във",
        "on",
    )
)
"""What may stand between a clock time and its day."""
_BRACKET = 10
"""Tokens in a bracket that repeats a time, at most."""
_ANY_DAY = date(2000, 12, 31)
"""Only to tell how far two days without a year stand apart."""
YEARS = (1990, 2100)
"""Years that a report can be of; everything outside is no date."""
_AHEAD = timedelta(days=3)
"""How far ahead of its publication a report can date a night: time zones and slips, not plans."""


class Day(NamedTuple):
    """A day as it was written, at tokens [first, last). ago: 0 for today, 1 for yesterday."""

    first: int
    last: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    ago: int | None = None

    def resolve(self, published: date | None) -> date | None:
        """The date that is meant, or None where the text alone does not tell and nothing else is known."""
        if self.day is not None and self.month is not None and self.year is not None:
            return _date(self.year, self.month, self.day)
        if published is None:
            return None
        if self.ago is not None:
            return published - timedelta(days=self.ago)
        if self.day is not None and self.month is not None:
            found = [
                _date(year, self.month, self.day) for year in range(published.year - 1, published.year + 2)
            ]
            near = [one for one in found if one is not None and one <= published + _AHEAD]
            return max(near, default=None)
        if self.day is not None:
            for back in range(-1, 31):
                one = published - timedelta(days=back)
                if one.day == self.day:
                    return one
            return None
        if self.weekday is not None:
            return published - timedelta(days=(published.weekday() - self.weekday) % 7)
        return None


class Clock(NamedTuple):
    """A time of day at tokens [first, last). zone: IANA name where the text gives one."""

    first: int
    last: int
    hour: int
    minute: int
    zone: str | None = None


class Night(NamedTuple):
    """A night at tokens [first, last). day: of its morning, None for "last night".

    begins: the day is of its evening: "on Sunday night".
    """

    first: int
    last: int
    day: Day | None
    begins: bool = False


class Window(NamedTuple):
    """From one clock time to another, at tokens [first, last)."""

    first: int
    last: int
    start: Clock
    start_day: Day | None
    end: Clock | None
    end_day: Day | None


class At(NamedTuple):
    """One clock time with what it is the time of: "as_of", "after", "around" or "at"."""

    first: int
    last: int
    what: str
    clock: Clock
    day: Day | None


class Times:
    """Everything about time in one sentence. taken: the tokens that it used, whose numbers are no counts."""

    def __init__(self, sentence: Sentence) -> None:
        self.taken: set[int] = set()
        self._sentence = sentence
        self._calendar: dict[int, Mark] = {}
        for mark in sentence.lexicon.calendar.find(sentence.tokens):
            self._calendar[mark.first] = mark
        self._numbers = {number.first: number for number in sentence.numbers}
        self.days: list[Day] = []
        digits = [at for at, token in enumerate(sentence.tokens) if token.kind in _DIGITS]
        begins = [at for at in digits if sentence.tokens[at].kind != "time"]
        begins += self._calendar
        begins += (mark.first for mark in sentence.having("today", "yesterday"))
        last = 0
        for at in sorted(set(begins)):
            day = self._day(at) if at >= last else None
            if day is not None:
                self.days.append(day)
                last = day.last
        for day in self.days:
            if day.day is not None:
                self.taken.update(range(day.first, day.last))
        dated = {at for day in self.days for at in range(day.first, day.last)}
        self.months_alone = any(
            at not in dated
            and sentence.tokens[at].text not in sentence.lexicon.detect_words
            and any(meaning.startswith("month:") for meaning in mark.means)
            and (not sentence.lexicon.month_first or sentence.means(at - 1, "from", "locative", "stop"))
            for at, mark in self._calendar.items()
        )
        """A month is named and no day of it: what the sentence counts is the month's. A month that is also a
        small word of the language ("mai" is "more", "may" is a verb) is not taken for one."""
        self.years_alone = [
            at
            for at in digits
            if at not in dated and len(sentence.tokens[at].text) == 4 and self._number(at, *YEARS) is not None
        ]
        """Where a year is named and no day of it."""
        self.period = self._is_period()
        """Days are counted together: "from 1 to 7 July"."""
        self._day_at = {day.first: day for day in self.days}
        self.clocks: dict[int, Clock] = {}
        for at in digits:
            clock = self._clock(at)
            if clock is not None:
                self.clocks[at] = clock
                self.taken.update(range(clock.first, clock.last))
        self._worded_clocks()
        self.nights = list(self._nights())
        self.windows: list[Window] = []
        self.moments: list[At] = []
        self._find_clocked()

    # --- days

    def _is_period(self) -> bool:
        tokens = self._sentence.tokens
        for day in self.days:
            at = day.first - 1
            if at < 1 or day.day is None or not self._sentence.means(at, "until", "and"):
                continue
            joint = self._sentence.mark_at[at]
            before = (joint.first if joint is not None else at) - 1
            earlier = next((one for one in self.days if one.last == before + 1), None)
            if earlier is not None:
                first, last = earlier.resolve(_ANY_DAY), day.resolve(_ANY_DAY)
                first_at = earlier.first
                apart = (last - first).days if first is not None and last is not None else 0
            else:
                number = self._number(before, 1, 31)
                if number is None:
                    continue
                first_at, apart = before, day.day - number
            led = self._sentence.means(first_at - 1, "from") or (
                tokens[first_at - 1].text in _BEFORE_DAY and self._sentence.means(first_at - 2, "from")
            )
            if led and apart > 1:
                return True
        return False

    def _number(self, at: int, low: int, high: int) -> int | None:
        number = self._numbers.get(at)
        token = self._sentence.tokens[at] if at < len(self._sentence.tokens) else None
        if number is None or token is None or token.kind != "number" or not low <= number.value <= high:
            return None
        return int(number.value) if number.value == int(number.value) and "." not in token.text else None

    def _calendar_value(self, at: int, kind: str) -> tuple[int, int] | None:
        mark = self._calendar.get(at)
        if mark is None:
            return None
        for meaning in mark.means:
            name, _, value = meaning.partition(":")
            if name == kind:
                return int(value), mark.last
        return None

    def _day(self, at: int) -> Day | None:
        tokens = self._sentence.tokens
        if tokens[at].kind == "date":
            return _written_date(tokens[at].text, at)
        weekday = self._calendar_value(at, "weekday")
        if weekday is not None:
            after = weekday[1]
            if after < len(tokens) and tokens[after].text in (",", "("):
                after += 1
            rest = self._dated(after) if after < len(tokens) else None
            if rest is not None:
                return rest._replace(first=at, weekday=weekday[0])
            return Day(at, weekday[1], weekday=weekday[0])
        dated = self._dated(at)
        if dated is not None:
            return dated
        mark = self._sentence.mark_at[at]
        if mark is not None and mark.first == at:
            if "today" in mark.means:
                return Day(at, mark.last, ago=0)
            if "yesterday" in mark.means:
                return Day(at, mark.last, ago=1)
        return None

    def _dated(self, at: int) -> Day | None:
        tokens = self._sentence.tokens
        day = self._number(at, 1, 31)
        if day is not None:
            month_at = self._after_ordinal(at + 1)
            # "8–9 June" and "24 et 25 juin" are the later day.
            if month_at + 1 < len(tokens) and tokens[month_at].text in _DAY_JOINERS:
                later = self._number(month_at + 1, 1, 31)
                later_at = self._after_ordinal(month_at + 2)
                if later is not None and self._calendar_value(later_at, "month") is not None:
                    day, month_at = later, later_at
            if month_at < len(tokens) and tokens[month_at].text in ("of", "de", "al"):
                month_at += 1
            month = self._calendar_value(month_at, "month")
            if month is None:
                return None
            return self._with_year(Day(at, month[1], day=day, month=month[0]))
        if self._sentence.lexicon.month_first:
            month = self._calendar_value(at, "month")
            day_at = month[1] if month else at
            if month is not None and day_at < len(tokens):
                day = self._number(day_at, 1, 31)
                if day is not None:
                    last = day_at + 1
                    if last + 1 < len(tokens) and tokens[last].text == "-":
                        later = self._number(last + 1, 1, 31)
                        if later is not None:
                            day, last = later, last + 2
                    return self._with_year(Day(at, last, day=day, month=month[0]))
        return None

    def _after_ordinal(self, at: int) -> int:
        """Past the full stop of an ordinal: "9. Juni"."""
        tokens = self._sentence.tokens
        return at + 1 if at < len(tokens) and tokens[at].text == "." and tokens[at].glued else at

    def _with_year(self, day: Day) -> Day:
        tokens = self._sentence.tokens
        at = day.last
        if at < len(tokens) and tokens[at].text == ",":
            at += 1
        year = self._number(at, 2000, 2100) if at < len(tokens) else None
        return day if year is None else day._replace(last=at + 1, year=year)

    # --- clock times

    def _clock(self, at: int) -> Clock | None:
        sentence = self._sentence
        token = sentence.tokens[at]
        if at in self.taken:
            return None
        last = at + 1
        if token.kind == "time":
            hour, minute = (int(part) for part in re.split("[:hH]", token.text)[:2])
        elif token.kind == "number":
            dotted = _DOTTED_TIME.fullmatch(token.text)
            is_hour = token.text.isdecimal() and len(token.text) <= 2
            if not dotted and not is_hour:
                return None
            before = at - 2 if at > 1 and sentence.tokens[at - 1].text == "." else at - 1
            told = sentence.means(before, "as_of", "from", "until", "at", "after", "around", "clock")
            clock_after = sentence.means(last, "clock", "am", "pm") or self._zone(last) is not None
            if dotted and (told or clock_after):
                hour, minute = int(dotted[1]), int(dotted[2])
            elif is_hour:
                spoken = self._spoken_clock(at - 1) or (
                    sentence.means(at - 1, "as_of", "at", "after", "around", "from", "until")
                    and (clock_after or sentence.means(last, "morning", "evening"))
                )
                if not (spoken or sentence.means(last, "am", "pm") or self._to_clock(at)):
                    return None
                hour, minute = int(token.text), 0
                ends = self._number(at + 2, 0, 12) if self._to_clock(at) else None
                if ends is not None and hour < ends and sentence.means(at + 3, "pm"):
                    # "from 8 to 11 p.m."
                    hour += 12
            else:
                return None
        else:
            return None
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            return None
        if sentence.means(last, "pm"):
            hour = hour % 12 + 12
        elif sentence.means(last, "am"):
            hour %= 12
        elif hour < _NOON and sentence.means(last, "evening"):
            hour += 12
        while last < len(sentence.tokens) and (sentence.means(last, "clock", "am", "pm")):
            mark = sentence.mark_at[last]
            last = mark.last if mark else last + 1
            if sentence.means(last - 1, "am", "pm") and self._is_stop(last):
                # "11 p.m. Moscow time"
                last += 1
        zone = self._zone(last)
        if zone is not None:
            last = zone[1]
        return Clock(at, last, hour, minute, zone[0] if zone else None)

    def _worded_clocks(self) -> None:
        """Add the hours that are told in words: "о восьмій ранку", "četiri ujutro", "until midnight"."""
        sentence = self._sentence
        for mark in sentence.having("midnight"):
            led = sentence.mark_at[mark.first - 1] if mark.first else None
            if led is not None and led.means & {"from", "until"}:
                hour = 24 if "until" in led.means else 0
                self.clocks.setdefault(mark.first, Clock(mark.first, mark.last, hour, 0))
                self.taken.update(range(mark.first, mark.last))
        if sentence.first("from", "until", "at", "after", "around", "as_of") is None:
            return
        for at, token in enumerate(sentence.tokens):
            if token.kind != "word" or at in self.taken:
                continue
            hour_word = sentence.lexicon.hours.get(token.text)
            number = self._numbers.get(at)
            last = at + 1
            if hour_word is None:
                if number is None or number.article or number.value > 24:
                    continue
                hour_word, last = int(number.value), number.last
            if not (
                sentence.means(at - 1, "from", "until", "at", "after", "around", "as_of")
                and sentence.means(last, "clock", "morning", "evening", "am", "pm")
                and not sentence.means(last, "locative")
            ):
                continue
            if sentence.means(last, "evening", "pm") and hour_word < _NOON:
                hour_word += 12
            while sentence.means(last, "clock", "morning", "evening", "am", "pm"):
                mark_here = sentence.mark_at[last]
                last = mark_here.last if mark_here is not None else last + 1
            zone = self._zone(last)
            clock = Clock(at, zone[1] if zone else last, hour_word, 0, zone[0] if zone else None)
            self.clocks[at] = clock
            self.taken.update(range(at, clock.last))

    def _to_clock(self, at: int) -> bool:
        """Whether this number begins "from 14 to 18 hours"."""
        sentence = self._sentence
        return (
            sentence.means(at - 1, "from")
            and sentence.means(at + 1, "until")
            and self._number(at + 2, 0, 24) is not None
            and (sentence.means(at + 3, "clock", "am", "pm") or self._zone(at + 3) is not None)
        )

    def _is_stop(self, at: int) -> bool:
        tokens = self._sentence.tokens
        return at + 1 < len(tokens) and tokens[at].text == "." and tokens[at].glued

    def _spoken_clock(self, at: int) -> bool:
        """Whether the mark at this token has the word for the hour in it: "godz.", "po godzinie"."""
        mark = self._sentence.mark_at[at] if at >= 0 else None
        if mark is None:
            # "godz. 5": the full stop stands between.
            if at > 0 and self._sentence.tokens[at].text == ".":
                return self._spoken_clock(at - 1)
            return False
        words = [token.text for token in self._sentence.tokens[mark.first : mark.last]]
        return "clock" in mark.means or any(
            word.startswith("godz") or word in ("ora", "orei", "klokken") for word in words
        )

    def _zone(self, at: int) -> tuple[str, int] | None:
        mark = self._sentence.mark_at[at] if at < len(self._sentence.tokens) else None
        if mark is not None:
            for meaning in mark.means:
                if meaning.startswith("zone:"):
                    return meaning[5:], mark.last
        return None

    # --- nights, windows, moments

    def _nights(self) -> list[Night]:
        found: list[Night] = []
        for mark in self._sentence.having("night", "last_night"):
            day = last = None
            if "night" in mark.means:
                at = mark.last
                steps = 0
                while at < len(self._sentence.tokens) and steps < 4:
                    here = self._day_at.get(at)
                    if here is not None:
                        day, at, steps = here, here.last, 0
                        continue
                    token = self._sentence.tokens[at]
                    governed = self._sentence.mark_at[at]
                    if token.text in ".;(" or (
                        governed is not None and any("." in one for one in governed.means)
                    ):
                        break
                    if day is None and at == mark.last:
                        number = self._number(at, 1, 31)
                        if number is not None and self._stands_alone(at + 1):
                            day = Day(at, at + 1, day=number)
                            self.taken.add(at)
                    if self._number(at, 1, 31) is not None and self._day_follows(at + 1):
                        self.taken.add(at)
                    at += 1
                    steps += 1
                last = day.last if day is not None else None
            if day is not None or "last_night" in mark.means:
                found.append(Night(mark.first, last or mark.last, day))
        for day in self.days:
            night = self._sentence.mark_at[day.last] if day.last < len(self._sentence.tokens) else None
            if day.weekday is not None and night is not None and "night_after" in night.means:
                found.append(Night(day.first, night.last, day, begins=True))
        return found

    def _stands_alone(self, at: int) -> bool:
        """Whether nothing that could be counted follows: "overnight on 9."."""
        return at >= len(self._sentence.tokens) or self._sentence.tokens[at].text in ".,;:)"

    def _day_follows(self, at: int) -> bool:
        return any(at <= day.first <= at + 2 for day in self.days)

    def _find_clocked(self) -> None:
        sentence = self._sentence
        used: set[int] = set()
        for at, clock in sorted(self.clocks.items()):
            if at in used:
                continue
            what = self._what(at)
            behind = self._past_bracket(clock.last)
            day, last = self._day_of(behind)
            if what == "from":
                used.update(range(clock.last, behind))
                lead = self._sentence.mark_at[at - 1] if at else None
                led = self._led_by_day(lead.first if lead is not None and "at" in lead.means else at)
                day = day or led or self._said_before(lead)
                end_clock, end_day, end_last = self._until(last)
                if end_clock is not None:
                    used.add(end_clock.first)
                self.windows.append(
                    Window(self._lead(at), end_last if end_clock else last, clock, day, end_clock, end_day)
                )
            else:
                self.moments.append(At(self._lead(at), last, what, clock, day))
        del sentence

    def _past_bracket(self, at: int) -> int:
        """Past the same time in another zone: "11:00 p.m. Moscow time (8:00 p.m. GMT)"."""
        tokens = self._sentence.tokens
        if at >= len(tokens) or tokens[at].text != "(":
            return at
        end = next((one for one in range(at, min(at + _BRACKET, len(tokens))) if tokens[one].text == ")"), at)
        return end + 1 if any(one in self.clocks for one in range(at, end)) else at

    def _lead(self, at: int) -> int:
        mark = self._sentence.mark_at[at - 1] if at else None
        return mark.first if mark is not None and mark.first < at else at

    def _what(self, at: int) -> str:
        for back in (1, 2, 3):
            before = at - back
            if before < 0:
                break
            mark = self._sentence.mark_at[before]
            if mark is None:
                if self._sentence.tokens[before].text == ".":
                    continue
                break
            if back == 1 and "at" in mark.means and self._led_by_day(mark.first) is not None:
                return "from"
            for what in ("as_of", "from", "after", "around", "at"):
                if what in mark.means:
                    return what
            if not mark.means & {"clock", "morning", "early_morning"}:
                break
        if self._led_by_day(at) is not None:
            return "from"
        return "at"

    def _led_by_day(self, at: int) -> Day | None:
        """The day right before a clock time or its "at", with "from" before it: "from 6 May at 20:00"."""
        for day in self.days:
            if day.last == at and day.day is not None:
                first = day.first - 1
                while first >= 0 and self._sentence.tokens[first].text in _BEFORE_DAY:
                    if self._sentence.means(first, "from"):
                        break
                    first -= 1
                return day if self._sentence.means(first, "from") else None
        return None

    def _said_before(self, lead: Mark | None) -> Day | None:
        """The day right before "from", where it names no night: "on 6 May from 20:00"."""
        if lead is None or "from" not in lead.means:
            return None
        nights = {night.day for night in self.nights}
        return next(
            (
                day
                for day in self.days
                if day.last == lead.first and day.day is not None and day not in nights
            ),
            None,
        )

    def _day_of(self, at: int) -> tuple[Day | None, int]:
        """The day that is said of a clock time just before this token."""
        tokens = self._sentence.tokens
        for skip in range(3):
            if at + skip >= len(tokens):
                break
            day = self._day_at.get(at + skip)
            if day is not None:
                return day, day.last
            if skip < 2 and tokens[at + skip].text not in _BEFORE_DAY:
                break
        return None, at

    def _until(self, at: int) -> tuple[Clock | None, Day | None, int]:
        tokens = self._sentence.tokens
        if at < len(tokens) and tokens[at].text == "-":
            at += 1
        elif self._sentence.means(at, "until"):
            mark = self._sentence.mark_at[at]
            at = mark.last if mark else at + 1
            if at < len(tokens) and tokens[at].text == ".":
                at += 1
        else:
            return None, None, at
        before, at = self._day_before(at)
        while (
            at < len(tokens)
            and at not in self.clocks
            and (self._sentence.means(at, "clock", "at") or tokens[at].text == ".")
        ):
            at += 1
        clock = self.clocks.get(at)
        if clock is None:
            return None, None, at
        day, last = self._day_of(clock.last)
        return clock, day or before, last

    def _day_before(self, at: int) -> tuple[Day | None, int]:
        """The day that stands between "until" and its clock time, and where that begins."""
        tokens = self._sentence.tokens
        for skip in range(2):
            day = self._day_at.get(at + skip)
            if day is not None:
                at = day.last
                while at < len(tokens) and (self._sentence.means(at, "at") or tokens[at].text == ","):
                    at += 1
                return day, at
            if at + skip >= len(tokens) or tokens[at + skip].text not in _BEFORE_DAY:
                break
        return None, at


def _date(year: int, month: int, day: int) -> date | None:
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written_date(text: str, at: int) -> Day | None:
    if "-" in text:
        year, month, day = (int(part) for part in text.split("-"))
    else:
        day, month, year = (int(part) for part in text.split("."))
        year += 2000 if year < 100 else 0
    return Day(at, at + 1, day=day, month=month, year=year) if _date(year, month, day) else None


def local_date(published_at: datetime | None, zone: str) -> date | None:
    """The date in a zone at an instant."""
    return None if published_at is None else published_at.astimezone(ZoneInfo(zone)).date()


def instant(day: date, clock: Clock, zone: str) -> datetime:
    """The aware local instant of a clock time on a day. 24:00 is the next day's midnight."""
    if clock.hour == 24:
        day, hour = day + timedelta(days=1), 0
    else:
        hour = clock.hour
    return datetime.combine(day, time(hour, clock.minute), tzinfo=ZoneInfo(clock.zone or zone))


def written(at: datetime) -> str:
    """ISO 8601 to the minute, with the offset of its own zone."""
    return at.isoformat(timespec="minutes")


def night_date(night: Night, days: list[Day], published: date | None) -> date | None:
    """The date of the morning of a night. days: of the same sentence, for a night that names none."""
    if night.day is not None:
        day = night.day.resolve(published)
        if day is not None and night.begins:
            day += timedelta(days=1)
            # "On Monday night", told on Monday morning, is the night that has just ended.
            day = published if published is not None and day > published else day
        return day
    dated = [one for one in (day.resolve(published) for day in days if day.month is not None) if one]
    return dated[0] if dated else published


def window_instants(
    window: Window, day: date | None, published: date | None, zone: str
) -> tuple[datetime | None, datetime | None]:
    """Start and end of a window. day: the morning of the report's night, or its day, where that is known."""
    start_day = window.start_day.resolve(published) if window.start_day else None
    end_day = window.end_day.resolve(published) if window.end_day else None
    if start_day is None:
        base = end_day or day
        if base is None:
            return None, None
        evening = window.start.hour >= _NOON and (
            window.end is None
            or (window.end.hour, window.end.minute) <= (window.start.hour, window.start.minute)
        )
        start_day = base - timedelta(days=1) if evening else base
    start = instant(start_day, window.start, zone)
    end = None
    if window.end is not None:
        if end_day is None:
            over = (window.end.hour, window.end.minute) <= (window.start.hour, window.start.minute)
            end_day = start_day + timedelta(days=1) if over else start_day
        end = instant(end_day, window.end, zone)
        if end <= start:
            end = None
    return start, end


def span_of(sentence: Sentence, found: Day | Clock | Night | Window | At) -> Span:
    """The characters that a time was read from."""
    return sentence.span(found.first, found.last)
