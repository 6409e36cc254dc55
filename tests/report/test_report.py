"""The report without a browser: what the page holds, and that nothing in it comes alive that came with the data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.errors import FileError
from statecast.report._errors import Errors, autocorrelation
from statecast.report._page import _json
from statecast.series import read

RECIPE = sc.auto(epochs=1, members=2, horizon=3)
NASTY = [
    "<script>alert(1)</script>",
    '"</script><img src=x onerror=alert(1)>',
    "{{7*7}} ${7*7} $title",
    'it\'s "quoted"',
    "長い名前" * 60,
    "<b>bold</b><a href='javascript:alert(1)'>x</a>&lt;",
    "\u202etxet",
    "<!--<script>",
    "%{x} $a_b$",
    "var(--ink)",
]
TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "noscript",
        "script",
        "section",
        "figure",
        "figcaption",
    ),
    *("h1", "h2", "h3", "p", "ul", "li", "dl", "dt", "dd", "div", "pre", "details", "summary", "label", "select"),
    *("option", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "aria-label", "value", "type"}


class Page(HTMLParser):
    """A page as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.policy = set(), set(), ""
        self.text, self.scripts = [], []
        self._inside = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._inside = tag
        if tag == "script":
            self.scripts.append("")
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"]

    def handle_data(self, data):
        """Note text."""
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text.append(data)

    def handle_endtag(self, tag):
        """Leave a tag."""
        self._inside = None

    @property
    def charts(self):
        """What its charts are drawn from."""
        return json.loads(self.scripts[0])


def series(names, rows=40, target="y", seed=1):
    """Return a panel of months with a column beside the target."""
    rng, stamps = np.random.default_rng(seed), pd.date_range("2020-01-01", periods=rows, freq="MS")
    frames = [
        pd.DataFrame(
            {"unique_id": n, "ds": stamps, target: rng.normal(100, 9, rows).round(2), "<i>": rng.integers(0, 2, rows)}
        )
        for n in names
    ]
    return read(pd.concat(frames), target=target, past="<i>")


@pytest.fixture(scope="module")
def panel():
    """Return one series of 40 months."""
    return series(["only"])


@pytest.fixture(scope="module")
def ahead(panel):
    """Return a forecast of it."""
    return RECIPE.fit(panel).forecast(3, level=(80, 95))


@pytest.fixture(scope="module")
def tested(panel):
    """Return a test of it."""
    return sc.backtest(panel, RECIPE, test=12, horizon=3, level=80)


def test_the_page_loads_nothing_and_runs_its_own_scripts_alone(panel, ahead, tested):
    page = Page(sc.Report(panel, forecast=ahead, backtest=tested).html())
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES  # no src, no href, no on..
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in page.scripts[1:]]
    rules = dict(rule.strip().split(" ", 1) for rule in page.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == hashes
    assert rules["img-src"] == "data: blob:"  # for the picture that a reader saves
    assert set(rules) == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}
    own = "".join([*page.text, page.scripts[0], page.scripts[2]])
    assert re.search(r"(https?:)?//\w", own.replace("// ", "")) is None


def test_charts_show_the_history_the_forecast_its_bounds_and_the_test(panel, ahead, tested):
    page = Page(sc.Report(panel, forecast=ahead, backtest=tested, recipe="auto").html())
    (view,) = page.charts["views"]
    traces = view["course"]["data"]
    assert [trace["name"] for trace in traces if trace.get("showlegend", True)] == [
        *("95 %", "80 %", "observed", "forecast"),
        *("test: predicted 1 ahead", "test: predicted 3 ahead"),
    ]
    lower, upper = traces[:2]
    observed, forecast, first, last = traces[4:]
    assert observed["y"] == pytest.approx(panel.values)
    assert observed["x"][:2] == ["2020-01-01", "2020-02-01"]
    assert forecast["x"] == ["2023-04-01", "2023-05-01", "2023-06-01", "2023-07-01"]
    assert forecast["y"] == pytest.approx([panel.values[-1], *ahead.mean[0]], abs=0.01)
    assert [lower["y"], upper["y"]] == [pytest.approx(ahead.bounds[f"{side}-95"][0], abs=0.01) for side in ("lo", "hi")]
    assert first["y"] == pytest.approx(tested.mean[0, :, 0], abs=0.01)
    assert last["y"] == pytest.approx(tested.mean[0, :, 2], abs=0.01)
    low, high = (ahead.bounds[f"{side}-80"][0, 0] for side in ("lo", "hi"))
    assert f"80 %: {low:.1f} to {high:.1f}" in forecast["customdata"][1]
    assert forecast["customdata"][0] == ""
    assert view["errors"]["data"][0]["y"] == pytest.approx((tested.y - tested.mean)[0, :, 0], abs=0.01)
    assert sum(view["sizes"]["data"][0]["y"]) == 10
    text = "\n".join(page.text)
    for told in (tested.verdict, "LSTM (auto)", "last season", "promised %", "Monthly, season of 12.", sc.__version__):
        assert told in text


def test_plotly_knows_all_that_figures_say(panel, ahead, tested):
    from plotly import graph_objects

    impact = sc.explain(panel, RECIPE, permutations=0)
    page = Page(sc.Report(panel, forecast=ahead, backtest=tested, impact=impact).html())
    figures = [*page.charts["fixed"].values(), *page.charts["views"][0].values()]
    assert len(figures) == 6
    for figure in figures:
        figure.pop("caption", None)
        graph_objects.Figure(json.loads(re.sub(r"var\(--[a-z]+\)", "#123456", json.dumps(figure))))


def test_names_that_look_like_html_or_javascript_are_text():
    target = '</script><b onclick="x()">y'
    panel = series(NASTY, target=target)
    report = sc.Report(
        panel,
        forecast=RECIPE.fit(panel).forecast(3),
        backtest=sc.backtest(panel, RECIPE, test=6, horizon=3),
        impact=sc.explain(panel, RECIPE, permutations=9, series=NASTY[1]),
        decisions=["<script>alert(2)</script>"],
        remarks=["<img src=x onerror=alert(4)>"],
        recipe="<u>",
        by="<u>",
        command="statecast forecast '<img src=x onerror=alert(3)>'",
    )
    page = Page(report.html())
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert len(page.scripts) == 3
    for text in (*NASTY, target, *report.decisions, *report.remarks, report.command, "LSTM (<u>)"):
        assert text in page.text or any(text in piece for piece in page.text)
    fixed = page.charts["fixed"]["impact-1"]["layout"]
    labels = [*fixed["yaxis"]["ticktext"], fixed["xaxis"]["title"]["text"]]
    labels += [view["course"]["layout"]["yaxis"]["title"]["text"] for view in page.charts["views"]]
    assert "&lt;i&gt;, lag 1" in labels
    assert not any("<" in label for label in labels)  # which Plotly reads as HTML


def test_no_tag_begins_in_the_json_of_a_page():
    nasty = {"</script><script>": ["<!--", "&lt;", "\u2028", "é"]}
    text = _json(nasty)
    assert json.loads(text) == nasty
    assert text.isascii()
    assert not set("<>&") & set(text)


def test_half_a_character_is_no_error(panel, tmp_path):
    sc.Report(panel, title="half \ud800").write(tmp_path / "a.html")
    assert "<title>half ?</title>" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_of_many_series_the_first_are_drawn_and_the_others_counted():
    panel = series([f"shop {k}" for k in range(25)], rows=20)
    ahead = RECIPE.fit(panel).forecast(3)
    page = Page(sc.Report(panel, forecast=ahead).html())
    assert len(page.charts["views"]) == 20
    assert page.text.count("shop 19") == 1 + 3 + 1  # in the choice, the table of the forecast and that of the series
    assert "The first 20 of 25 series are drawn." in page.text
    for view, values in zip(page.charts["views"], panel.values.reshape(25, 20), strict=False):
        assert view["course"]["data"][0]["y"] == pytest.approx(values)
    some = replace(ahead, ids=ahead.ids[:20], times=ahead.times[:20], mean=ahead.mean[:20])
    assert "The first 20 of 9,000 series are drawn." in sc.Report(panel, forecast=some, series=9000).html()
    assert "are drawn." not in sc.Report(panel, forecast=some).html()


def test_series_that_were_not_tested_say_so():
    panel = series(["a", "b"], rows=30)
    tested = sc.backtest(panel.select(np.array([1])), RECIPE, test=6, horizon=3)
    report = sc.Report(panel, forecast=RECIPE.fit(panel).forecast(3), backtest=tested)
    first, second = Page(report.html()).charts["views"]
    assert first["errors"] == {"caption": "This series was not tested."}
    assert "data" in second["errors"]


@pytest.mark.parametrize(
    ("data", "recipe"),
    [
        ([3.0, 1.0, 2.0, 5.0], sc.auto(epochs=1, horizon=2)),  # a short history, and steps in the place of time
        ([4.0] * 30, sc.auto(epochs=1, horizon=2)),  # which does not vary
        ([0, 2, 0, 1, 0, 0, 3] * 8, sc.counts(epochs=1, horizon=2)),
        ((np.arange(50.0) % 7) * 1e-9, sc.auto(epochs=1, horizon=2)),
        ((np.arange(50.0) % 7 + 1) * 1e17, sc.auto(epochs=1, horizon=2)),
    ],
)
def test_any_series_has_a_report(data, recipe):
    ahead = recipe.fit(data).forecast(2)
    tested = None if len(data) < 20 else sc.backtest(data, recipe, test=10, horizon=1)
    page = Page(sc.Report(data, forecast=ahead, backtest=tested).html())
    (view,) = page.charts["views"]
    observed, forecast = view["course"]["data"][:2]
    assert observed["y"] == pytest.approx(list(data), rel=1e-4)
    assert forecast["x"] == [*range(len(data) - 1, len(data) + 2)]
    assert forecast["y"][1:] == pytest.approx(ahead.mean[0], rel=1e-3, abs=1e-2 if max(data) < 1000 else None)


def test_data_alone_have_a_report():
    gaps = [1.0, 2.0, float("nan"), 4.0, 9.0, 6.0] * 4
    frame = pd.DataFrame({"ds": pd.date_range("2024-01-01", periods=24, freq="h"), "y": gaps})
    page = Page(sc.Report(frame, title="Hours").html())
    assert page.text.count("Hours") == 2
    assert page.charts["views"][0]["course"]["data"][0]["x"][1] == "2024-01-01T01:00:00"
    assert any("missing" in text for text in page.text)


def test_the_same_report_is_the_same_bytes(panel, ahead, tested, tmp_path):
    for name in ("a", "b"):
        sc.Report(panel, forecast=ahead, backtest=tested).write(tmp_path / f"{name}.html")
    first, second = ((tmp_path / f"{name}.html").read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_largest_page_is_below_6_mb_with_20_series_or_one():
    for count, rows in ((20, 3000), (1, 60_000)):
        values = np.random.default_rng(1).normal(1234.5, 99, (count, rows)).round(2)
        stamps = np.datetime64("2000-01-01T00:00:00", "us") + np.arange(rows) * np.timedelta64(15, "m")
        frame = pd.DataFrame(
            {"unique_id": np.repeat([f"s{k}" for k in range(count)], rows), "ds": np.tile(stamps, count)}
        )
        data = read(frame.assign(y=values.ravel()))
        small = sc.backtest(series(["a"]), RECIPE, test=12, horizon=3, level=(80, 95))
        kept = rows // 2
        times = np.stack([data.times.reshape(count, -1)[:, k : k + kept] for k in range(3)], axis=2)
        y = np.stack([values[:, k : k + kept] for k in range(3)], axis=2)
        bounds = np.stack([y, y], axis=2)
        large = replace(small, ids=data.ids, times=times, y=y, scored=y > 0, mean=y + 1, lower=bounds, upper=bounds + 9)
        page = sc.Report(data, backtest=large).html()
        assert len(page.encode()) < 6e6
        assert f"of {rows:,} rows" in page


def test_what_cannot_be_written_is_an_error_and_leaves_the_old_file(panel, tmp_path, monkeypatch):
    with pytest.raises(FileError, match="does not exist"):
        sc.Report(panel).write(tmp_path / "nowhere" / "a.html")
    old = tmp_path / "a.html"
    old.write_text("old")
    monkeypatch.setattr("pathlib.Path.write_bytes", lambda self, data: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(FileError, match="disk full"):
        sc.Report(panel).write(old)
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert old.read_text() == "old"


def test_errors_are_a_step_ahead_from_each_origin_or_all_of_the_one(panel):
    several = sc.backtest(panel, RECIPE, test=6, horizon=3, windows=2)
    errors = Errors.of(several, 0)
    assert errors.values.tolist() == (several.y - several.mean)[0, :, 0].reshape(2, 4).tolist()
    assert errors.times.ravel().tolist() == several.times[0, :, 0].tolist()
    one = sc.backtest(panel, RECIPE, test=3, horizon=3)
    assert Errors.of(one, 0).values.tolist() == (one.y - one.mean)[0].tolist()
    assert "data" not in Errors.of(one, 0).autocorrelation()
    unseen = replace(several, scored=np.arange(24).reshape(several.scored.shape) != 3)
    assert np.isnan(Errors.of(unseen, 0).values).sum() == 1


def test_autocorrelation_is_that_of_the_definition():
    rng = np.random.default_rng(3)
    errors = rng.normal(2, 1, (2, 40))
    errors[1, 7] = np.nan
    found, bound = autocorrelation(errors)
    known = errors[~np.isnan(errors)]
    mean, total = known.mean(), ((known - known.mean()) ** 2).sum()
    for lag in range(1, 21):
        pairs = [
            (row[k] - mean) * (row[k - lag] - mean)
            for row in errors
            for k in range(lag, 40)
            if not np.isnan(row[k] + row[k - lag])
        ]
        assert found[lag - 1] == pytest.approx(sum(pairs) / total)
    assert (len(found), bound) == (20, pytest.approx(1.96 / np.sqrt(79)))
    slow = np.cumsum(rng.normal(size=(1, 200)), axis=1)
    assert autocorrelation(slow)[0][0] > 0.9
