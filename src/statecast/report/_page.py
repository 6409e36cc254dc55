"""The page: one file that loads nothing, with Plotly's script in it."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from string import Template

from statecast.report._html import escaped
from statecast.report._story import Story


def page(story: Story) -> str:
    """Return a page as HTML.

    Its policy lets nothing be loaded or sent, and no script run but the two in it, which are named by their hashes: a
    script that came in with the data would not run, even if it were not escaped.
    """
    plotly, script = _plotly(), _own("page.js")
    return Template(_own("page.html")).substitute(
        title=escaped(story.title),
        scripts=" ".join(f"'{_hash(text)}'" for text in (plotly, script)),
        style=_own("page.css"),
        body=story.body,
        charts=_json(story.charts),
        plotly=plotly,
        script=script,
    )


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _plotly() -> str:
    """Return Plotly's script, from where its package keeps it: to import the package takes longer than all the rest."""
    path = distribution("plotly").locate_file("plotly/package_data/plotly.min.js")
    return Path(str(path)).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _json(value: object) -> str:
    """Return JSON in ASCII that holds no tag: < and > and & are written by their numbers."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
