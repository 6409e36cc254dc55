"""Report: what there is to tell, and the page that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from statecast.series import Backtest, Forecast
from statecast.storage import write_whole

if TYPE_CHECKING:
    from statecast.explanation import Impact
    from statecast.tuning import Tuning


@dataclass(frozen=True, eq=False)
class Report:
    """A report of results on some data: one HTML file that loads nothing.

    It tells what it is given: data found, charts, verdict, scores beside the baselines, errors of the test, what moves
    the forecast, the recipes of a search. The same report is the same bytes.

    Parameters
    ----------
    data
        What the results are of: all that ``read`` takes.
    forecast : Forecast, optional
    backtest : Backtest, optional
    impact : Impact, optional
    tuning : Tuning, optional
        Its winner's test is told unless there is a ``backtest``.
    title : str, optional
        Found from the results if None.
    recipe : str
        Name of the recipe, for the table of scores.
    by : str
        What made the forecast, such as "the network".
    decisions : sequence of str
        What was decided, a line each; ``fitted.decisions()`` tells it.
    remarks : sequence of str
        What else there is to know, a line each, beside the verdict.
    series : int, optional
        How many there are where ``data`` and ``forecast`` hold a part of them.
    command : str
        What makes the results again.

    Examples
    --------
    >>> import statecast as sc
    >>> sales = [266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5, 192.8, 122.9, 336.5, 185.9]
    >>> recipe = sc.auto(epochs=1, horizon=2)
    >>> ahead = recipe.fit(sales).forecast(2, level=80)
    >>> report = sc.Report(sales, forecast=ahead, backtest=sc.backtest(sales, recipe, test=4, horizon=2))
    >>> report.html().startswith("<!DOCTYPE html>")
    True
    """

    data: object
    forecast: Forecast | None = None
    backtest: Backtest | None = None
    impact: Impact | None = None
    tuning: Tuning | None = None
    title: str | None = None
    recipe: str = ""
    by: str = ""
    decisions: Sequence[str] = ()
    remarks: Sequence[str] = ()
    series: int | None = None
    command: str = ""

    def html(self) -> str:
        """Return the page."""
        from statecast.report._page import page
        from statecast.report._story import Story

        return page(Story.of(self))

    def write(self, path: str | Path) -> None:
        """Write the page to a file, whole or not at all.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        page = self.html().encode("utf-8", "replace")  # a name may hold half a character, which no file can
        write_whole(Path(path), lambda new: new.write_bytes(page))
