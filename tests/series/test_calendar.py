"""The calendar: frequencies found and given, grids checked against pandas, and the words for them."""

import numpy as np
import pandas as pd
import pytest

from statecast.errors import DataError, ParameterError
from statecast.series import Frequency, after, find_frequency, grid

REGULAR = [
    # first stamp, pandas' alias, ours if it is another, season, horizon, word
    ("1991-01-01", "MS", None, 12, 12, "monthly"),
    ("1991-01-31", "ME", None, 12, 12, "monthly"),
    ("1991-02-28", "ME", None, 12, 12, "monthly"),
    ("1991-01-01", "2MS", None, 6, 6, "every 2 months"),
    ("1991-01-31", "6ME", None, 2, 2, "every 6 months"),
    ("1991-01-01", "QS", None, 4, 4, "quarterly"),
    ("1991-02-01", "QS-FEB", None, 4, 4, "quarterly"),
    ("1991-10-01", "QS-OCT", "QS", 4, 4, "quarterly"),
    ("1991-03-31", "QE", None, 4, 4, "quarterly"),
    ("1991-01-31", "QE-JAN", None, 4, 4, "quarterly"),
    ("1991-01-01", "YS", None, 1, 6, "yearly"),
    ("1991-07-01", "YS-JUL", None, 1, 6, "yearly"),
    ("1991-12-31", "YE", None, 1, 6, "yearly"),
    ("1991-06-30", "YE-JUN", None, 1, 6, "yearly"),
    ("1700-01-01", "10YS", None, 1, 6, "every 10 years"),
    ("1991-01-06", "W-SUN", None, 52, 6, "weekly"),
    ("1991-01-09", "2W-WED", None, 26, 26, "every 2 weeks"),
    ("1991-01-07", "4W-MON", None, 13, 13, "every 4 weeks"),
    ("1991-01-31", "BME", None, 12, 12, "monthly"),
    ("1991-01-01", "BMS", None, 12, 12, "monthly"),
    ("1991-01-31", "BQE-OCT", "BQE-JAN", 4, 4, "quarterly"),
    ("1991-01-01", "BQS-JAN", "BQS", 4, 4, "quarterly"),
    ("1991-01-01", "BYS-JAN", "BYS", 1, 6, "yearly"),
    ("1991-01-01", "SMS", None, 24, 24, "twice a month"),
    ("1991-01-15", "SME", None, 24, 24, "twice a month"),
    ("1991-01-01", "D", None, 7, 7, "daily"),
    ("1991-01-01 06:00", "D", None, 7, 7, "daily"),
    ("1991-01-01", "10D", None, 1, 6, "every 10 days"),
    ("1991-01-01", "B", None, 5, 5, "every business day"),
    ("1991-01-01", "h", None, 24, 24, "hourly"),
    ("1991-01-01", "12h", None, 2, 2, "every 12 hours"),
    ("1991-01-01", "30min", None, 48, 48, "half-hourly"),
    ("1991-01-01", "15min", None, 96, 6, "every 15 minutes"),
    ("1991-01-01 00:00:05", "10s", None, 1, 6, "every 10 seconds"),
]
ALIASES = [case[1] for case in REGULAR]


def pandas_stamps(first: str, alias: str, count: int) -> np.ndarray:
    """Return stamps by the slow, well-known way."""
    return pd.date_range(first, periods=count, freq=alias).to_numpy().astype("datetime64[us]")


@pytest.mark.parametrize(("first", "pandas_alias", "ours", "season", "horizon", "word"), REGULAR, ids=ALIASES)
def test_finds_what_pandas_made(
    *, first: str, pandas_alias: str, ours: str | None, season: int, horizon: int, word: str
) -> None:
    stamps = pandas_stamps(first, pandas_alias, 30)
    alias = find_frequency(stamps)
    assert alias == (ours or pandas_alias)
    assert (Frequency.of(alias).alias, Frequency.of(alias).season) == (alias, season)
    assert Frequency.of(alias).horizon == horizon
    assert Frequency.of(alias).word == word


@pytest.mark.parametrize(("first", "alias"), [case[:2] for case in REGULAR], ids=ALIASES)
def test_grid_and_after_agree_with_pandas(first: str, alias: str) -> None:
    stamps = pandas_stamps(first, alias, 40)
    np.testing.assert_array_equal(grid(stamps[0], stamps[29], find_frequency(stamps)), stamps[:30])
    np.testing.assert_array_equal(after(stamps[29], 10, find_frequency(stamps)), stamps[30:])


@pytest.mark.parametrize(("first", "alias"), [case[:2] for case in REGULAR], ids=ALIASES)
def test_alias_goes_back_in_as_freq(first: str, alias: str) -> None:
    stamps = pandas_stamps(first, alias, 30)
    found = find_frequency(stamps)
    assert find_frequency(stamps, freq=found) == found
    assert find_frequency(stamps[-1:], freq=found) == found


@pytest.mark.parametrize("alias", ["MS", "ME", "QS", "W-SUN", "D", "B", "h"])
def test_gaps_do_not_matter(alias: str) -> None:
    first = {"ME": "1991-01-31", "W-SUN": "1991-01-06"}.get(alias, "1991-01-01")
    stamps = np.delete(pandas_stamps(first, alias, 40), [3, 4, 10, 11, 12, 25])
    assert find_frequency(stamps) == alias


def test_order_and_duplicates_do_not_matter() -> None:
    stamps = pandas_stamps("1991-01-01", "MS", 12)
    assert find_frequency(np.concatenate([stamps[::-1], stamps[:3]])) == "MS"


def test_a_week_of_working_days_is_daily_and_two_are_business_days() -> None:
    assert find_frequency(pandas_stamps("2024-01-01", "B", 5)) == "D"
    assert find_frequency(pandas_stamps("2024-01-01", "B", 10)) == "B"


@pytest.mark.parametrize(
    ("stamps", "alias"),
    [
        (["1991-01-01", "1991-02-01"], "MS"),
        (["1991-01-31", "1991-02-28"], "ME"),
        (["1991-01-01", "1992-01-01"], "YS"),
        (["2024-01-01", "2024-01-08"], "W-MON"),
        (["2024-01-01", "2024-01-29"], "4W-MON"),
    ],
)
def test_two_stamps_are_enough(stamps: list[str], alias: str) -> None:
    assert find_frequency(np.array(stamps, dtype="datetime64[us]")) == alias


def test_months_stamped_on_another_day() -> None:
    stamps = pandas_stamps("1991-01-01", "MS", 14) + np.timedelta64(14, "D")
    assert find_frequency(stamps) == "MS+14D"
    assert Frequency.of("MS+14D").season == 12
    np.testing.assert_array_equal(after(stamps[9], 4, "MS+14D"), stamps[10:])


def test_integer_time() -> None:
    assert find_frequency(np.array([1, 2, 3, 5, 6])) == "1"
    assert find_frequency(np.array([0, 10, 20, 40])) == "10"
    assert Frequency.of("10") == Frequency("10", 1)
    assert Frequency.of("1").word == "in steps of 1"
    np.testing.assert_array_equal(grid(0, 25, "10"), [0, 10, 20])
    np.testing.assert_array_equal(after(20, 2, "10"), [30, 40])


def test_after_takes_the_ends_of_many_series() -> None:
    ends = np.array(["1991-01-31", "1992-02-29"], dtype="datetime64[us]")
    expected = np.array([["1991-02-28", "1991-03-31"], ["1992-03-31", "1992-04-30"]], dtype="datetime64[us]")
    np.testing.assert_array_equal(after(ends, 2, "ME"), expected)
    np.testing.assert_array_equal(after(np.array([3, 7]), 2, "1"), [[4, 5], [8, 9]])


def test_grid_ends_at_or_before_last() -> None:
    days = np.array(["1991-01-15", "1991-03-10"], dtype="datetime64[us]")
    np.testing.assert_array_equal(grid(days[0], days[1], "MS+14D"), [days[0], days[0] + np.timedelta64(31, "D")])


@pytest.mark.parametrize(
    ("freq", "first", "made", "alias"),
    [
        ("M", "1991-01-31", "ME", "ME"),
        ("M", "1991-01-01", "MS", "MS"),
        ("monthly", "1991-01-01", "MS", "MS"),
        ("Monthly", "1991-01-31", "ME", "ME"),
        ("MS", "1991-01-01", "MS", "MS"),
        ("Q", "1991-03-31", "QE", "QE"),
        ("Q-DEC", "1991-03-31", "QE", "QE"),
        ("QS-OCT", "1991-01-01", "QS", "QS"),
        ("quarterly", "1991-02-01", "QS-FEB", "QS-FEB"),
        ("A", "1991-12-31", "YE", "YE"),
        ("AS", "1991-01-01", "YS", "YS"),
        ("A-JUN", "1991-06-30", "YE-JUN", "YE-JUN"),
        ("yearly", "1991-07-01", "YS-JUL", "YS-JUL"),
        ("W", "1991-01-09", "W-WED", "W-WED"),
        ("weekly", "1991-01-09", "W-WED", "W-WED"),
        ("W-WED", "1991-01-09", "W-WED", "W-WED"),
        ("7D", "1991-01-09", "W-WED", "W-WED"),
        ("d", "1991-01-01", "D", "D"),
        ("daily", "1991-01-01", "B", "D"),
        ("B", "1991-01-01", "B", "B"),
        ("H", "1991-01-01", "h", "h"),
        ("hourly", "1991-01-01", "h", "h"),
        ("30T", "1991-01-01", "30min", "30min"),
        ("half-hourly", "1991-01-01", "30min", "30min"),
        ("60min", "1991-01-01", "h", "h"),
        ("3MS", "1991-01-01", "QS", "QS"),
    ],
)
def test_given_frequency(freq: str, first: str, made: str, alias: str) -> None:
    assert find_frequency(pandas_stamps(first, made, 12), freq=freq) == alias


@pytest.mark.parametrize(
    "freq", ["blah", "", "0D", "-1", "0", "1.5", "W-JAN", "QS-SUN", "m", "99999999999999999999", "MMM"]
)
def test_unknown_frequency(freq: str) -> None:
    with pytest.raises(ParameterError, match=r"not known.*monthly.*MS.*W-SUN") as caught:
        find_frequency(pandas_stamps("1991-01-01", "MS", 12), freq=freq)
    assert repr(freq) in str(caught.value)


@pytest.mark.parametrize(
    ("freq", "made", "first", "found"),
    [
        ("MS", "ME", "1991-01-31", "ME"),
        ("ME", "MS", "1991-01-01", "MS"),
        ("QS", "QS-FEB", "1991-02-01", "QS-FEB"),
        ("W-SUN", "W-WED", "1991-01-09", "W-WED"),
        ("weekly", "MS", "1991-01-01", "MS"),
        ("YE-JUN", "YE", "1991-12-31", "YE"),
    ],
)
def test_given_frequency_that_the_stamps_do_not_have(freq: str, made: str, first: str, found: str) -> None:
    with pytest.raises(DataError, match=f"do not have the frequency '{freq}'.*Give --freq {found}"):
        find_frequency(pandas_stamps(first, made, 12), freq=freq)


def test_a_saturday_is_no_business_day() -> None:
    days = np.append(pandas_stamps("2024-01-01", "B", 10), np.datetime64("2024-01-13", "us"))
    with pytest.raises(DataError, match=r"2024-01-13 and the other time stamps do not have the frequency 'B'"):
        find_frequency(days, freq="B")


def test_given_frequency_of_another_kind_of_time() -> None:
    with pytest.raises(ParameterError, match=r"'MS' does not go with .* a count of steps.*--season"):
        find_frequency(np.arange(10), freq="MS")
    with pytest.raises(ParameterError, match=r"'1' does not go with .* dates"):
        find_frequency(pandas_stamps("1991-01-01", "MS", 12), freq="1")


def test_irregular_stamps_name_the_first_that_is_odd() -> None:
    stamps = pandas_stamps("1991-01-01", "MS", 12)
    stamps[4] += np.timedelta64(3, "D")
    with pytest.raises(DataError, match=r"1991-05-04 does not fit .* monthly.*--freq"):
        find_frequency(stamps)


def test_stamps_without_any_rhythm_are_refused() -> None:
    stamps = np.array(["1991-01-01", "1991-01-04", "1991-03-07", "1991-04-01", "1992-05-01"], dtype="datetime64[us]")
    with pytest.raises(DataError, match="not regular"):
        find_frequency(stamps)


def test_one_stamp_has_no_frequency() -> None:
    with pytest.raises(DataError, match=r"only one time stamp, 1991-01-01.*--freq"):
        find_frequency(pandas_stamps("1991-01-01", "MS", 1))


# Days of the month, and of the week, that are no plain distance


def on_day(day: int, count: int = 38, first: str = "2020-01") -> np.ndarray:
    """Return a day of months, or their last one where they have no such day."""
    months = pd.period_range(first, periods=count, freq="M")
    return np.array([m.start_time + pd.Timedelta(days=min(day, m.days_in_month) - 1) for m in months], "datetime64[us]")


@pytest.mark.parametrize(("day", "alias"), [(28, "MS+27D"), (29, "MS+28D"), (30, "MS+29D"), (31, "ME")])
def test_months_go_on_on_the_day_they_had(day: int, alias: str) -> None:
    stamps = on_day(day, 50)
    assert find_frequency(stamps[:38]) == alias
    for end in range(34, 39):  # from a February as well
        np.testing.assert_array_equal(after(stamps[end], 10, alias), stamps[end + 1 : end + 11])
        assert find_frequency(stamps[end : end + 1], freq=alias) == alias
    np.testing.assert_array_equal(grid(stamps[0], stamps[-1], alias), stamps)


def test_a_month_that_is_off_its_day_is_refused() -> None:
    stamps = on_day(30)
    stamps[20] += np.timedelta64(2, "D")
    with pytest.raises(DataError, match="not regular"):
        find_frequency(stamps)


@pytest.mark.parametrize(
    ("closed", "alias", "season", "said"),
    [([6], "C-1111110", 6, ", none on a Sunday"), ([0, 6], "C-0111110", 5, ", none on a Monday or Sunday")],
)
def test_days_that_never_have_a_row_are_closed(closed: list[int], alias: str, season: int, said: str) -> None:
    days = pd.date_range("2024-01-01", periods=60)
    stamps = days[~days.day_of_week.isin(closed)].to_numpy().astype("datetime64[us]")
    frequency = Frequency.of(find_frequency(stamps[:-10]))
    assert (frequency.alias, frequency.season, frequency.where) == (alias, season, said)
    np.testing.assert_array_equal(after(stamps[-11], 10, alias), stamps[-10:])
    assert find_frequency(stamps[-3:], freq=alias) == alias
    assert find_frequency(stamps, freq="D") == "D"


def test_a_day_with_a_single_row_is_not_closed() -> None:
    days = pd.date_range("2024-01-01", periods=60)
    rows = days[(days.day_of_week < 6) | (days == "2024-02-04")].to_numpy().astype("datetime64[us]")
    assert find_frequency(rows) == "D"
    few = days[days.day_of_week < 6][:20].to_numpy().astype("datetime64[us]")  # three weeks tell too little
    assert find_frequency(few) == "D"


def test_months_of_four_and_five_weeks_are_told_a_cure() -> None:
    weeks = np.cumsum(np.tile([4, 4, 5], 8)) * np.timedelta64(7, "D")
    stamps = np.datetime64("2020-01-05", "us") + weeks
    for freq in (None, "monthly"):
        with pytest.raises(DataError, match=r"number them 1, 2, 3 .* --time, .* --season 12"):
            find_frequency(stamps, freq)
