"""New rows are read as those before were: dates, time zones, numbers and categories, of files and frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from statecast.errors import DataError, SpellingWarning
from statecast.series import Columns, Origin, read, read_future, read_parts, with_future
from statecast.storage import Tree

DAYS = pd.date_range("2024-01-01", "2024-05-02")
MONTH_FIRST, DAY_FIRST = "%m/%d/%Y", "%d/%m/%Y"


def stored(origin: Origin) -> Origin:
    """Return what a model file gives back."""
    found = Tree.of(origin).value()
    assert isinstance(found, Origin)
    return found


def old(origin: Origin) -> Origin:
    """Return what the file of an older version gives back, which does not say how rows were written."""
    return replace(origin, columns=replace(origin.columns, format=Columns("").format))


def table(stamps: pd.DatetimeIndex, written: str, values=None) -> str:
    values = np.arange(len(stamps)) + 100.0 if values is None else values
    return "day,y\n" + "".join(f"{day.strftime(written)},{y}\n" for day, y in zip(stamps, values, strict=True))


def day(origin: Origin) -> list[str]:
    return [str(stamp)[:10] for stamp in origin.last]


# Dates


@pytest.mark.parametrize("written", [MONTH_FIRST, DAY_FIRST])
@pytest.mark.parametrize("again", [lambda origin: origin, stored], ids=["fitted", "saved"])
def test_a_single_date_is_read_as_those_before(write, written, again):
    start = again(Origin.of(read(write(table(DAYS, written)))))
    new = pd.DatetimeIndex(["2024-05-03"])
    for missing in ("error", "forecast"):
        taken = start.take(write(table(new, written, [7.0]), "new.csv"), missing)
        assert (taken.values.tolist(), day(taken.origin)) == ([[7.0]], ["2024-05-03"])
    frame = pd.DataFrame({"day": new.strftime(written), "y": [7.0]})
    assert day(start.take(frame).origin) == ["2024-05-03"]
    two = pd.date_range("2024-05-03", periods=2)
    assert day(start.take(write(table(two, written), "two.csv")).origin) == ["2024-05-04"]


@pytest.mark.parametrize("written", [MONTH_FIRST, DAY_FIRST])
def test_months_of_an_update_are_those_of_the_fit(write, written):
    months = pd.date_range("2020-01-01", "2023-12-01", freq="MS")
    start = Origin.of(read(write(table(months, written))))
    taken = start.take(write(table(pd.date_range("2024-01-01", periods=2, freq="MS"), written), "new.csv"))
    assert day(taken.origin) == ["2024-02-01"]


@pytest.mark.parametrize("written", [MONTH_FIRST, DAY_FIRST])
def test_dates_of_the_future_are_read_as_those_of_the_history(write, written):
    frame = pd.DataFrame({"day": DAYS.strftime(written), "y": np.arange(123.0), "price": 1.0})
    panel = read(frame, target="y", known="price")
    ahead = pd.DataFrame({"day": pd.date_range("2024-05-03", periods=2).strftime(written), "price": [2.0, 3.0]})
    assert read_future(ahead, Origin.of(panel)).known_values.tolist() == [[2.0], [3.0]]
    assert with_future(panel, ahead).covariates.known_values[-2:].tolist() == [[2.0], [3.0]]


@pytest.mark.parametrize(
    ("written", "cell", "readings"),
    [
        (MONTH_FIRST, "25/12/2024", "'25/12/2024' is 2024-12-25 day first and impossible month first"),
        (MONTH_FIRST, "05.03.2024", "'05.03.2024' is 2024-03-05 day first and 2024-05-03 month first"),
        (DAY_FIRST, "12/25/2024", "'12/25/2024' is 2024-12-25 month first and impossible day first"),
        (
            "%Y-%m-%d",
            "05/03/2024",
            r"2024-03-05 day first and 2024-05-03 month first, and .* \(YYYY-MM-DD\) do not tell",
        ),
    ],
)
def test_dates_that_contradict_the_fit_are_refused_with_both_readings(write, written, cell, readings):
    start = Origin.of(read(write(table(DAYS, written))))
    with pytest.raises(DataError, match=f"new.csv, column 'day', row 2: .*{readings}"):
        start.take(write(f"day,y\n{cell},1\n", "new.csv"))


def test_a_model_that_does_not_know_its_dates_guesses_none(write):
    start = old(Origin.of(read(write(table(DAYS, MONTH_FIRST)))))
    with pytest.raises(DataError, match="the rows before do not tell which"):
        start.take(write("day,y\n05/03/2024,1\n", "new.csv"))
    assert day(start.take(write("day,y\n2024-05-03,1\n", "new.csv")).origin) == ["2024-05-03"]


def test_dates_that_have_one_reading_may_be_written_anew(write):
    start = Origin.of(read(write(table(DAYS, MONTH_FIRST))))
    for cell in ("2024-05-03", "3 May 2024", "20240503", "05-03-2024"):
        assert day(start.take(write(f"day,y\n{cell},1\n", "new.csv")).origin) == ["2024-05-03"]


@pytest.mark.parametrize("missing", ["error", "forecast"])
def test_days_that_follow_only_the_other_way_round_are_refused(write, missing):
    start = Origin.of(read(write(table(DAYS, MONTH_FIRST))))
    rows = write(table(pd.date_range("2024-05-03", periods=5), DAY_FIRST), "new.csv")
    with pytest.raises(DataError, match=r"read as MM/DD/YYYY.* this is '2024-03-05'.* it is '2024-05-03'"):
        start.take(rows, missing)


def test_whole_numbers_are_dates_or_steps_as_before(write):
    steps = Origin.of(read(write("step,y\n" + "".join(f"{n},{n % 7}\n" for n in range(1490, 1500)))))
    assert steps.take(write("step,y\n1500,5\n1501,5\n", "new.csv")).origin.last.tolist() == [1501]
    months = Origin.of(read(write("month,y\n" + "".join(f"2024{n:02},{n % 7}\n" for n in range(1, 12)))))
    assert day(months.take(write("month,y\n202412,5\n", "new.csv")).origin) == ["2024-12-01"]
    with pytest.raises(DataError, match="20241201 is not written YYYYMM, as the rows before"):
        months.take(write("month,y\n20241201,5\n", "new.csv"))
    with pytest.raises(DataError, match="is a date, and the rows before have a count of steps"):
        steps.take(write("step,y\n2024-12-01,5\n", "new.csv"))


# Time zones

HOURS = pd.date_range("2024-06-01 04:00", periods=480, freq="h", tz="UTC").tz_convert("America/New_York")
NEXT = pd.date_range(HOURS[-1], periods=25, freq="h")[1:]


def hours(stamps: pd.DatetimeIndex, first: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"t": stamps, "y": np.arange(len(stamps)) % 24 + first + 0.0, "k": 1.0})


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(t=[stamp.isoformat() for stamp in frame.t])


def naive(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(t=frame.t.dt.tz_localize(None))


@pytest.mark.parametrize("text", [True, False])
def test_stamps_without_a_zone_are_not_taken_for_utc(text):
    start = stored(Origin.of(read(as_text(hours(HOURS)), target="y", known="k")))
    assert start.take(as_text(hours(NEXT))).values.shape == (1, 24)
    assert start.take(as_text(hours(NEXT.tz_convert("UTC")))).values.shape == (1, 24)
    plain = as_text(naive(hours(NEXT))) if text else naive(hours(NEXT))
    with pytest.raises(DataError, match=r"has no time zone, and the rows before have one \(-04:00\)"):
        start.take(plain)
    with pytest.raises(DataError, match="has no time zone, and the rows before have one"):
        read_future(plain.drop(columns="y"), start)


def test_stamps_with_a_zone_after_some_without():
    start = Origin.of(read(naive(hours(HOURS)), target="y", known="k"))
    for rows in (hours(NEXT), as_text(hours(NEXT))):
        with pytest.raises(DataError, match=r"has a time zone \(-04:00\), and the rows before have none"):
            start.take(rows)
        with pytest.raises(DataError, match="--time-zone"):
            read_future(rows.drop(columns="y"), start)


@pytest.mark.parametrize("history", [naive, as_text], ids=["naive", "aware"])
def test_with_the_name_of_the_zone_either_is_read(history):
    start = Origin.of(read(history(hours(HOURS)), target="y", known="k", time_zone="America/New_York"))
    for rows in (naive(hours(NEXT)), hours(NEXT), as_text(hours(NEXT)), as_text(hours(NEXT.tz_convert("UTC")))):
        assert start.take(rows).values.shape == (1, 24)
        assert len(read_future(rows.drop(columns="y"), start).known_values) == 24


def test_polars_columns_with_a_zone():
    polars = pytest.importorskip("polars")
    start = Origin.of(read(polars.from_pandas(hours(HOURS)), target="y"))
    assert start.take(polars.from_pandas(hours(NEXT))).values.shape == (1, 24)


def test_days_keep_their_local_date_with_a_zone_or_without():
    frame = pd.DataFrame({"t": pd.date_range("2024-01-01", periods=30, tz="Europe/Berlin"), "y": np.arange(30.0)})
    start = Origin.of(read(as_text(frame)))
    new = pd.DataFrame({"t": pd.date_range("2024-01-31", periods=2), "y": [1.0, 2.0]})
    assert start.take(new).values.tolist() == [[1.0, 2.0]]


def test_receipts_of_another_zone_are_refused_where_local_dates_are_kept():
    stamps = pd.date_range("2024-06-01 08:00", periods=400, freq="3h", tz="America/New_York")
    frame = as_text(pd.DataFrame({"t": stamps, "y": 1.0}))
    start = Origin.of(read(frame[:350], every="day"))
    assert start.take(frame[340:]).values.shape[1] >= 4
    with pytest.raises(DataError, match=r"is \+00:00 from UTC, and the rows before are -04:00"):
        start.take(as_text(pd.DataFrame({"t": stamps[340:].tz_convert("UTC"), "y": 1.0})))


# Numbers


def german(values: list[str], first: str = "2024-01-01") -> str:
    days = pd.date_range(first, periods=len(values))
    return "day;y\n" + "".join(f"{day:%Y-%m-%d};{value}\n" for day, value in zip(days, values, strict=True))


COMMAS = ["1.234,50", "950,25", "1.010,00", "990,75", "1.100,00"]


@pytest.mark.parametrize("again", [lambda origin: origin, stored], ids=["fitted", "saved"])
def test_points_between_thousands_are_read_as_before(write, again):
    start = again(Origin.of(read(write(german(COMMAS)))))
    taken = start.take(write(german(["1.234"], "2024-01-06"), "new.csv"))
    assert taken.values.tolist() == [[1234.0]]
    commas = write("day,y\n2024-01-06,1.234\n", "new.csv")
    assert start.take(commas).values.tolist() == [[1234.0]]


@pytest.mark.parametrize("cell", ["1.5", "1234.5", "0.125"])
def test_a_decimal_point_after_decimal_commas_is_refused_with_both_readings(write, cell):
    start = Origin.of(read(write(german(COMMAS))))
    with pytest.raises(DataError, match=rf"'{cell}' is {cell} with a decimal point and .* with a decimal comma, as"):
        start.take(write(german([cell], "2024-01-06"), "new.csv"))


@pytest.mark.parametrize("cell", ["105,3", "1,234", "0,5"])
def test_decimal_commas_after_decimal_points_are_refused_with_both_readings(write, cell):
    start = Origin.of(read(write(table(DAYS, "%Y-%m-%d"))))
    value = cell.replace(",", ".")
    with pytest.raises(DataError, match=f"'{cell}' is {value} with a decimal comma and .* with a decimal point, as"):
        start.take(write(german([cell], "2024-05-03"), "new.csv"))


def test_thousands_after_decimal_points(write):
    start = Origin.of(read(write(table(DAYS, "%Y-%m-%d"))))
    assert start.take(write('day,y\n2024-05-03,"1,234"\n', "new.csv")).values.tolist() == [[1234.0]]


def test_covariates_have_the_decimal_mark_of_the_fit(write):
    rows = german([f"{cell};{cell}" for cell in COMMAS]).replace("day;y", "day;y;price")
    start = Origin.of(read(write(rows), target="y", known="price"))
    ahead = write("day;price\n2024-01-06;1.234\n", "ahead.csv")
    assert read_future(ahead, start).known_values.tolist() == [[1234.0]]
    with pytest.raises(
        DataError, match=r"column 'price', row 2: '1\.5' is 1\.5 with a decimal point and no number with"
    ):
        read_future(write("day;price\n2024-01-06;1.5\n", "ahead.csv"), start)


# Categories


def promo(words, first: str = "2024-01-01", **columns) -> pd.DataFrame:
    days = pd.date_range(first, periods=len(words))
    return pd.DataFrame({"day": days, "y": np.arange(len(words)) + 1.0, "promo": words, **columns})


HISTORY = promo(["no", "yes", "no", "no", "yes", "no"])


@pytest.fixture(params=["future", "update", "with_future"])
def codes(request):
    """Return a function that gives what words of new rows become, by each way in which rows come later."""

    def call(words: list[str], history: pd.DataFrame = HISTORY, **roles: object) -> list[list[float]]:
        panel = read(history, target="y", **{"known": "promo", **roles})
        rows = promo(words, "2024-01-07")
        if request.param == "future":
            return read_future(rows.drop(columns="y"), stored(Origin.of(panel))).known_values.tolist()
        if request.param == "update":
            return stored(Origin.of(panel)).take(rows).covariates.known_values.tolist()
        return with_future(panel, rows.drop(columns="y")).covariates.known_values[len(history) :].tolist()

    return call


@pytest.mark.parametrize("words", [["maybe", "no"], ["1", "0"], ["true", "false"], ["yes!", "no"]])
def test_a_value_that_the_history_has_not_is_refused(codes, words):
    with pytest.raises(DataError, match=f"'{words[0]}' is no value that 'promo' has in the history: 'no', 'yes'"):
        codes(words)


def test_the_nearest_value_is_named(codes):
    with pytest.raises(DataError, match=r"Did you mean 'yes'\?"):
        codes(["yess", "no"])


def test_case_and_blanks_make_no_other_value_and_are_said(codes):
    with pytest.warns(SpellingWarning, match="Column 'promo': took 'Yes' as 'yes', ' NO ' as 'no'"):
        assert codes(["Yes", " NO "]) == [[1.0], [0.0]]


def test_known_values_are_taken_without_a_word(codes):
    assert codes(["yes", "no"]) == [[1.0], [0.0]]


def test_words_after_numbers_are_refused(codes):
    with pytest.raises(DataError, match="'yes' is not a number"):
        codes(["yes", "no"], HISTORY.assign(promo=[0, 1] * 3))


def test_a_number_may_be_written_with_a_point():
    history = HISTORY.assign(promo=pd.Categorical([1, 2, 3] * 2))
    start = Origin.of(read(history, target="y", known="promo"))
    taken = start.take(promo([2.0, 3.0], "2024-01-07"))
    assert taken.covariates.known_values.tolist() == [[0, 1, 0], [0, 0, 1]]


def test_rows_of_the_future_below_the_others_have_values_of_the_history():
    frame = promo(["no", "yes", "no", "no", "yes", "no", "Yes"])
    frame.loc[6, "y"] = np.nan
    with pytest.raises(DataError, match=r"'Yes' is no value that 'promo' has in the history: .*Did you mean 'yes'"):
        read(frame, target="y", known="promo")
    frame = promo(["no"] * 5 + ["yes"])
    frame.loc[5, "y"] = np.nan
    with pytest.raises(DataError, match="'yes' is no value that 'promo' has in the history: 'no'"):
        read(frame, target="y", known="promo")


def test_past_and_static_categories_of_an_update():
    history = pd.concat([HISTORY.assign(shop=name, size=size) for name, size in (("a", "big"), ("b", "small"))])
    start = Origin.of(read(history, target="y", id="shop", past="promo", static="size"))
    new = history[history.day == history.day.max()].assign(day=pd.Timestamp("2024-01-07"))
    assert start.take(new.iloc[::-1]).covariates.static_values.tolist() == [[0.0], [1.0]]
    for column in ("promo", "size"):
        with pytest.raises(DataError, match=f"'huge' is no value that '{column}' has"):
            start.take(new.assign(**{column: "huge"}))


def test_an_older_model_knows_the_values_that_have_columns():
    start = old(Origin.of(read(HISTORY.assign(promo=["no", "yes", "x"] * 2), target="y", known="promo")))
    with pytest.raises(DataError, match="'maybe' is no value"):
        start.take(promo(["maybe"], "2024-01-07"))


def test_a_part_knows_the_values_of_all_parts(tmp_path):
    words = {"a": ["no", "yes"] * 3, "b": ["no", "x"] * 3}
    table = pd.concat([promo(found, shop=name) for name, found in words.items()])
    table.to_parquet(tmp_path / "rows.parquet")
    parts = list(read_parts(tmp_path / "rows.parquet", id="shop", target="y", time="day", known="promo", most_values=6))
    assert [panel.columns.format.values_of("promo") for panel in parts] == [("no", "x", "yes")] * 2
    start = Origin.of(parts[0])
    taken = start.take(promo(["x"], "2024-01-07", shop="a"))
    assert taken.covariates.known_values.tolist() == [[0, 1, 0]]


# Series


def test_series_of_an_update_may_come_in_any_order():
    frame = pd.concat([HISTORY.assign(shop=name) for name in "abc"])
    start = stored(Origin.of(read(frame, id="shop", target="y", known="promo")))
    new = pd.concat(
        [
            promo(["yes", "no"], "2024-01-07", shop=name).assign(y=size)
            for name, size in {"c": 3, "a": 1, "b": 2}.items()
        ]
    )
    for rows in (new, new.sort_values(["day", "shop"], ascending=False)):
        taken = start.take(rows)
        assert taken.values.tolist() == [[1, 1], [2, 2], [3, 3]]
        assert taken.origin.ids == ("a", "b", "c")
        assert taken.covariates.known_values[:, 0].tolist() == [1, 0] * 3
    with pytest.raises(DataError, match="of the series 'a', 'b', 'c', got 'd' as well"):
        start.take(pd.concat([new, promo(["yes", "no"], "2024-01-07", shop="d")]))
    with pytest.raises(DataError, match="of the series 'a', 'b', 'c', got none of 'a'"):
        start.take(new[new.shop != "a"])


def test_several_targets_of_an_update_in_another_order():
    frame = pd.concat([HISTORY.assign(shop=name, z=HISTORY.y * 2) for name in "ab"])
    start = Origin.of(read(frame, id="shop", target="y,z"))
    new = pd.concat([promo(["yes"], "2024-01-07", shop=name, z=z) for name, z in (("b", 7.0), ("a", 5.0))])
    taken = start.take(new)
    assert taken.values.tolist() == [[1.0], [5.0], [1.0], [7.0]]
    assert taken.covariates.past_values.tolist() == [[1, 5], [1, 5], [1, 7], [1, 7]]
