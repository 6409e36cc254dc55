"""Dates in text: one manner of writing for a whole column, found out from the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from statecast.series._calendar import regularity
from statecast.series._cells import BadCellError, mixed_zones, shown
from statecast.series._day_first import contradiction, doubt, first_part

_YEAR = r"(?:(?P<y>\d{4})|(?P<yy>\d\d))"
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CLOCK = (
    r"(?:[T ]\s*(?P<H>\d\d?):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?\s*(?P<zone>z|utc|gmt|[-+]\d\d(?::?\d\d)?)?)?"
)
_SEPARATORS = {"-": "-", "/": "/", ".": r"\."}
_FORMATS = {
    **{f"YYYY{s}MM{s}DD": rf"(?P<y>\d{{4}}){r}(?P<m>\d\d?){r}(?P<d>\d\d?){_CLOCK}" for s, r in _SEPARATORS.items()},
    **{f"DD{s}MM{s}YYYY": rf"(?P<d>\d\d?){r}(?P<m>\d\d?){r}{_YEAR}{_CLOCK}" for s, r in _SEPARATORS.items()},
    **{f"MM{s}DD{s}YYYY": rf"(?P<m>\d\d?){s}(?P<d>\d\d?){s}{_YEAR}{_CLOCK}" for s in "-/"},
    **{f"YYYY{s}MM": rf"(?P<y>\d{{4}}){s}(?P<m>\d\d?)" for s in "-/"},  # with a point it would be a number
    **{f"MM{s}YYYY": rf"(?P<m>\d\d?){s}(?P<y>\d{{4}})" for s in "-/"},
    "YYYYMM": r"(?P<y>\d{4})\s?M(?P<m>\d\d?)",
    "Mon YYYY": rf"{_NAME}[-/,\s]*{_YEAR}",
    "YYYY Mon": rf"(?P<y>\d{{4}})[-/,\s]*{_NAME}",
    "DD Mon YYYY": rf"(?P<d>\d\d?)[-/.\s]*{_NAME}[-/,\s]*{_YEAR}{_CLOCK}",
    "Mon DD, YYYY": rf"{_NAME}\s*(?P<d>\d\d?),?\s+(?P<y>\d{{4}}){_CLOCK}",
    "YYYYQn": r"(?P<y>\d{4})[-/\s]*Q(?P<q>[1-4])",
    "Qn YYYY": r"Q(?P<q>[1-4])[-/\s]*(?P<y>\d{4})",
}
_LETTERS = ("name", "half", "zone")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PIVOT = 69  # two digits: 69 is 1969, 68 is 2068
_SAMPLE = 50
_LONGEST = 40  # characters; no date is longer
_NO_ZONE = 1_000_000  # minutes ahead of UTC, for none


@dataclass(frozen=True)
class Dates:
    """A column of time stamps.

    Attributes
    ----------
    times : datetime64[us] [N], or int64 [N] where time is a count of steps
        As written, whatever the time zone.
    label : str
        How they were written.
    note : str
        What there is to say about it.
    offsets : timedelta64[us] [N] or None
        How far each is ahead of UTC; None where they have no time zone.
    swapped : datetime64[us] [N] or None
        The time stamps if day and month were the other way round, where that is possible as well.
    """

    times: np.ndarray
    label: str
    note: str = ""
    offsets: np.ndarray | None = None
    swapped: np.ndarray | None = None


def date_format(cell: str) -> str | None:
    """Return the first manner of writing that a cell has, or None if it is no date. Digits alone are none."""
    if len(cell) > _LONGEST or not any(map(str.isdigit, cell)):
        return None
    return next((label for label in _FORMATS if _pattern(label).fullmatch(cell.strip())), None)


def parse_dates(cells: Sequence[str], known: str | None = None) -> Dates:
    """Read a column of dates, all written in the same manner.

    Day and month are told apart by the rows before, if these follow others; by what is possible, then by what gives
    the more regular time stamps; else the day is first.

    Parameters
    ----------
    cells : sequence of str
        The column, without blanks around the dates.
    known : str, optional
        How the rows before were written, where these follow others, "" if nobody knows it: then day and month are
        never guessed.

    Returns
    -------
    Dates
        The time stamps and how they were written.

    Raises
    ------
    BadCellError
        At the first cell that is no date, an impossible date, written in another manner than most, or contradicts the
        rows before.
    """
    labels = Counter(label for label in map(date_format, cells[:_SAMPLE]) if label)
    if not labels:
        raise BadCellError(0, f"{shown(cells[0])} is not a date in a known format. Write dates such as 1991-01-31.")
    readings = {}
    for label in _alternatives(labels.most_common(1)[0][0]):
        fields, matched = _fields(cells, _pattern(label))
        offsets = _offsets(cells, fields, matched)
        times, possible = compose(fields)
        readings[label] = (times, matched & possible, matched)
    good = {label: times for label, (times, valid, _) in readings.items() if valid.all()}
    if not good:
        label = max(readings, key=lambda label: readings[label][1].sum())
        raise _bad_date(cells, label, *readings[label][1:])
    if known is not None and (wrong := contradiction(cells, good, known)):
        raise wrong
    wanted = next((label for label in good if first_part(label) == first_part(known or "") != ""), None)
    label = wanted or (max(good, key=lambda label: regularity(good[label])) if len(good) > 1 else next(iter(good)))
    swapped = next((times for other, times in good.items() if other != label), None)
    note = "" if wanted else doubt(cells[0], good)
    return Dates(good[label], label + _clock_label(cells[0], label), note, offsets, swapped)


def compose(fields: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Make time stamps of the parts of dates; say which are possible (1991-02-30 is not)."""
    year, month = fields["y"], fields["m"]
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    day = fields.get("d", np.int64(1))
    hour, minute, second = (fields.get(part, np.int64(0)) for part in "HMS")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    possible = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    midnight = (hour == 24) & (minute == 0) & (second == 0)  # at the end of a day, as ISO 8601 writes it
    possible &= (hour >= 0) & ((hour < 24) | midnight) & (minute < 60) & (second < 60)
    seconds = (((day - 1) * 24 + hour) * 60 + minute) * 60 + second
    micros = (seconds * 1_000_000 + fields.get("f", np.int64(0))).astype("timedelta64[us]")
    return months.astype("datetime64[us]") + micros, np.broadcast_to(possible, year.shape)


@cache
def _pattern(label: str) -> re.Pattern[str]:
    return re.compile(_FORMATS[label], re.ASCII | re.IGNORECASE)  # when it is first tried: start-up stays quick


def _alternatives(label: str) -> Iterator[str]:
    yield label
    if label.startswith("DD") and label[2] in "/-":  # with points, the day is always first
        yield "MM{0}DD{0}YYYY".format(label[2])


def _fields(cells: Sequence[str], pattern: re.Pattern[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Take the parts of all dates as integers; also which cells have the pattern."""
    parts = _fields_by_place(cells, pattern) or _fields_by_cell(cells, pattern)
    fields, matched = parts
    if "q" in fields:
        fields["m"] = 3 * fields.pop("q") - 2
    if "name" in fields:
        fields["m"] = fields.pop("name")
    if "yy" in fields:
        short = fields.pop("yy")
        fields["y"] = np.where(short < 0, fields.get("y", short), 1900 + short + 100 * (short < _PIVOT))
    if "half" in fields:  # 12 am is midnight; hours outside 1 to 12 are impossible with am or pm
        hour, half = fields["H"], fields.pop("half")
        clock = np.where((hour >= 1) & (hour <= 12), hour % 12 + 12 * half, -1)
        fields["H"] = np.where(half < 0, hour, clock)
    return fields, matched


def _fields_by_place(cells: Sequence[str], pattern: re.Pattern[str]) -> tuple[dict[str, np.ndarray], np.ndarray] | None:
    """Read all cells at once if they are alike: digits at the same places, else the same characters."""
    first = pattern.fullmatch(cells[0])
    if first is None or any(first.groupdict().get(part) for part in _LETTERS) or max(map(len, cells)) > _LONGEST:
        return None
    text = np.array(cells, dtype=np.str_)
    codes = text.view(np.uint32).reshape(len(cells), -1) - np.uint32(ord("0"))
    digit = codes <= 9  # what comes before the digits has wrapped around to large numbers
    if (digit != digit[0]).any() or (codes[:, ~digit[0]] != codes[0, ~digit[0]]).any():
        return None
    fields = {}
    for part, value in first.groupdict().items():
        if value:
            start, end = first.span(part)
            power = 5 - np.arange(end - start) if part == "f" else np.arange(end - start)[::-1]
            fields[part] = (codes[:, start:end] * 10.0**power).sum(axis=1).astype(np.int64)
    return fields, np.ones(len(cells), dtype=bool)


def _fields_by_cell(cells: Sequence[str], pattern: re.Pattern[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    matches = [pattern.fullmatch(cell) for cell in cells]
    matched = np.array([match is not None for match in matches])
    fields = {}
    for part in pattern.groupindex:
        found = [match[part] if match else None for match in matches]
        if any(found):
            absent = _NO_ZONE if part == "zone" else -1 if part in ("y", "yy", *_LETTERS) else 0
            fields[part] = np.array([absent if value is None else _number(part, value) for value in found])
    return fields, matched


def _number(part: str, text: str) -> int:
    if part == "name":
        return 1 + _MONTH_NAMES.index(text[:3].lower())
    if part == "half":
        return int(text.lower() == "p")
    if part == "f":
        return int(text.ljust(6, "0")[:6])
    return _zone_minutes(text) if part == "zone" else int(text)


def _zone_minutes(text: str) -> int:
    """Return the minutes ahead of UTC: 120 for +02:00, +0200 and +02, 0 for Z."""
    if text[0] not in "+-":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[3:].removeprefix(":") or 0)
    return -minutes if text[0] == "-" else minutes


def _offsets(cells: Sequence[str], fields: dict[str, np.ndarray], matched: np.ndarray) -> np.ndarray | None:
    """Return how far the stamps are ahead of UTC, if they say it: all of them or none."""
    if "zone" not in fields:
        return None
    minutes = fields["zone"]
    without = matched & (minutes == _NO_ZONE)
    if without.any():
        raise BadCellError(*mixed_zones(cells, without))
    return (minutes * 60_000_000).astype("timedelta64[us]")


def _bad_date(cells: Sequence[str], label: str, valid: np.ndarray, matched: np.ndarray) -> BadCellError:
    index = int(np.argmin(valid))
    cell = cells[index]
    if matched[index]:
        return BadCellError(index, f"{shown(cell)} is an impossible date (read as {label}). Correct it.")
    if date_format(cell):
        return BadCellError(
            index,
            f"{shown(cell)} is written in another format than the rest, {label}. Write all in one.",
        )
    return BadCellError(index, f"{shown(cell)} is not a date; the rest are written {label}. Correct it.")


def _clock_label(cell: str, label: str) -> str:
    match = _pattern(label).fullmatch(cell)
    parts = match.groupdict() if match else {}
    return (" HH:MM:SS" if parts.get("S") else " HH:MM") if parts.get("H") else ""
