"""Reports opened in headless Chromium: charts are drawn, nothing leaves the file, nothing is complained of."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import statecast as sc
from statecast.cli import run

EXAMPLES = Path(__file__).parents[2] / "examples"
KIOSK = (EXAMPLES / "kiosk.csv", "--target", "sold", "--known", "price,promo", "--past", "temperature,lottery")
QUICK = ("--epochs", 2, "--members", 2)
COMMANDS = {
    "forecast": ("forecast", EXAMPLES / "sales_year.csv", *QUICK),
    "backtest": ("backtest", EXAMPLES / "airline_passengers.csv", *QUICK, "--horizon", 3, "--level", 80),
    "explain": ("explain", *KIOSK, *QUICK, "--permutations", 3),
    "tune": ("tune", EXAMPLES / "sales_year.csv", "--trials", 4, "--epochs", "2,3", "--members", 1),
}
PLACES = {
    "forecast": {"course": 7, "errors": 1, "sizes": 1},  # one origin: no autocorrelation
    "backtest": {"course": 5, "errors": 1, "sizes": 1, "autocorrelation": 1},
    "explain": {"impact-1": 1, "impact-7": 1},
    "tune": {"course": 3, "errors": 1, "sizes": 1, "autocorrelation": 1},
}
"""Charts of the report of each command, and how many lines, bands' edges or rows of bars they have."""

NASTY = ["<script>window.hit = 1</script>", '"</script><img src=x onerror="window.hit = 1">', "<b>b</b> &lt; %{y} $x$"]

DRAWN = """Object.fromEntries([...document.querySelectorAll(".chart")].map(chart =>
    [chart.id, chart.querySelectorAll("g.trace.scatter, g.trace.bars").length]).filter(([_, count]) => count))"""


def choose(page, place):
    """Choose a series."""
    page.ask(f"{{ const choice = document.getElementById('series'); choice.value = '{place}'; "
             "choice.dispatchEvent(new Event('change')) }")  # fmt: skip


@pytest.mark.parametrize(("command", "dark"), [*((command, False) for command in COMMANDS), ("forecast", True)])
def test_charts_are_drawn_and_nothing_is_loaded_or_complained_of(chromium, tmp_path, command, dark):
    path = tmp_path / "report.html"
    assert run([str(word) for word in (*COMMANDS[command], "--quiet", "--report", path)]) == 0
    page = chromium.open(path, dark)
    assert page.ask(DRAWN) == PLACES[command]
    assert page.requests == [path.as_uri()]
    assert page.messages == []
    assert page.ask("performance.getEntriesByType('resource').length") == 0
    ink, paper = (page.ask(f"getComputedStyle(document.body).{name}") for name in ("color", "backgroundColor"))
    written = page.ask("getComputedStyle(document.querySelector('.chart .xtick text')).fill")
    assert (ink, paper, written) == (
        ("rgb(230, 232, 235)", "rgb(22, 25, 29)", "rgb(230, 232, 235)")
        if dark
        else ("rgb(31, 41, 51)", "rgb(255, 255, 255)", "rgb(31, 41, 51)")
    )


@pytest.fixture
def shops(chromium, tmp_path):
    """Open a report of series with nasty names."""
    stamps = pd.date_range("2020-01-01", periods=30, freq="MS")
    frames = [
        pd.DataFrame({"unique_id": n, "ds": stamps, "<i>y": [10.0**k * (1 + t % 5) for t in range(30)]})
        for k, n in enumerate(NASTY)
    ]
    panel, recipe = sc.read(pd.concat(frames), target="<i>y"), sc.auto(epochs=1, members=2, horizon=3)
    path = tmp_path / "shops.html"
    ahead, tested = recipe.fit(panel).forecast(3, level=80), sc.backtest(panel, recipe, test=9, horizon=2)
    impact = sc.explain(panel, recipe)
    sc.Report(panel, forecast=ahead, backtest=tested, impact=impact, command="<script>window.hit = 1</script>").write(
        path
    )
    return chromium.open(path)


def test_names_are_seen_letter_by_letter_and_do_nothing(shops):
    assert shops.ask("[...document.querySelectorAll('option')].map(option => option.textContent)") == NASTY
    for place in range(3):
        choose(shops, place)
        assert shops.ask("document.querySelector('#course .ytitle').textContent") == "<i>y"
    assert "<i>y, lag 1" in shops.ask("[...document.querySelectorAll('#impact-1 .ytick text')].map(t => t.textContent)")
    assert shops.ask("document.querySelectorAll('main img, main script, main b, main i, main a').length") == 0
    assert shops.ask("window.hit ?? null") is None
    assert shops.messages == []


def test_a_series_that_is_chosen_is_drawn(shops):
    seen = []
    for place in (0, 2):
        choose(shops, place)
        seen.append(shops.ask("document.getElementById('course').layout.yaxis.range[1]"))
    assert seen[1] > 50 * seen[0]
    assert shops.ask("document.getElementById('errors-caption').textContent").startswith(
        "Observed less forecast, 1 step"
    )


def test_a_point_tells_its_bounds_and_the_buttons_keep_the_data_here(shops):
    shops.ask("Plotly.Fx.hover('course', [{ curveNumber: 3, pointNumber: 2 }])")
    told = shops.ask("document.querySelector('#course .hoverlayer').textContent")
    assert "forecast: " in told
    assert "80 %: " in told
    titles = shops.ask(
        "[...new Set([...document.querySelectorAll('.modebar-btn')].map(button => button.dataset.title))]"
    )
    assert titles == ["Download plot as a PNG", "Zoom", "Pan", "Reset axes"]
    assert shops.ask("Plotly.toImage('course', { format: 'png' }).then(data => data.slice(0, 15))") == "data:image/png;"
    assert shops.messages == []


def test_the_policy_stops_what_escaping_would_let_through(shops):
    shops.ask("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\">')")
    shops.ask(
        "{ const s = document.createElement('script'); s.textContent = 'window.hit = 2'; document.body.append(s) }"
    )
    refused = "fetch('https://127.0.0.1:9/').then(() => 'sent', () => 'refused')"
    assert shops.ask(refused) == "refused"
    assert shops.ask("window.hit ?? null") is None
    assert len([text for text in shops.messages if "Content Security Policy" in text]) >= 3


def test_it_prints_in_light_colours_with_charts_as_wide_as_the_paper(chromium, tmp_path):
    path = tmp_path / "report.html"
    sc.Report([1.0, 3.0, 2.0, 4.0] * 5).write(path)
    page = chromium.open(path, dark=True)
    page.ask("dispatchEvent(new Event('beforeprint'))")
    assert page.ask("getComputedStyle(document.querySelector('.chart .xtick text')).fill") == "rgb(31, 41, 51)"
    assert page.ask("document.querySelector('#course .main-svg').getBoundingClientRect().width") == 680
    page.ask("dispatchEvent(new Event('afterprint'))")
    assert page.ask("getComputedStyle(document.querySelector('.chart .xtick text')).fill") == "rgb(230, 232, 235)"
