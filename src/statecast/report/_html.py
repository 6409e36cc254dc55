"""Pieces of a page, from text in which nothing is HTML yet."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from statecast.tables import Table, are_numbers


def escaped(text: object) -> str:
    """Return text as it stands in HTML, between tags or in an attribute."""
    return html.escape(str(text), quote=True)


def section(heading: str, *pieces: str) -> str:
    """Return pieces under a heading; nothing where there are none."""
    content = "\n".join(piece for piece in pieces if piece)
    return f"<section>\n<h2>{escaped(heading)}</h2>\n{content}\n</section>" if content else ""


def paragraphs(lines: Iterable[str], kind: str = "") -> str:
    """Return a paragraph a line."""
    name = f' class="{kind}"' if kind else ""
    return "\n".join(f"<p{name}>{escaped(line)}</p>" for line in lines)


def items(lines: Iterable[str]) -> str:
    """Return a list of lines."""
    listed = "\n".join(f"<li>{escaped(line)}</li>" for line in lines)
    return f"<ul>\n{listed}\n</ul>" if listed else ""


def facts_list(facts: Mapping[str, object]) -> str:
    """Return facts by their names."""
    told = "\n".join(f"<dt>{escaped(name)}</dt><dd>{escaped(fact)}</dd>" for name, fact in facts.items())
    return f"<dl>\n{told}\n</dl>"


def table(of: Table) -> str:
    """Return a table; columns of numbers stand on the right."""
    kinds = [' class="number"' if are_numbers(cells) else "" for cells in of.columns.values()]
    head = "".join(f"<th{kind}>{escaped(name)}</th>" for kind, name in zip(kinds, of.columns, strict=True))
    rows = "\n".join(
        f"<tr>{''.join(f'<td{kind}>{escaped(cell)}</td>' for kind, cell in zip(kinds, row, strict=True))}</tr>"
        for row in zip(*of.columns.values(), strict=True)
    )
    caption = f"<caption>{escaped(of.title)}</caption>" if of.title else ""
    return (
        f'<div class="wide"><table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'
    )


def folded(summary: str, *pieces: str) -> str:
    """Return pieces that are there when the reader opens them."""
    content = "\n".join(piece for piece in pieces if piece)
    return f"<details>\n<summary>{escaped(summary)}</summary>\n{content}\n</details>" if content else ""


def chart(place: str, text: str) -> str:
    """Return the place of a chart, which the page's script fills, and what it shows for those who cannot see it."""
    drawn = f'<div class="chart" id="{place}"></div>\n<figcaption id="{place}-caption"></figcaption>'
    return f'<figure aria-label="{escaped(text)}">\n{drawn}\n</figure>'


def selector(names: Iterable[str]) -> str:
    """Return a choice of series."""
    options = "".join(f'<option value="{place}">{escaped(name)}</option>' for place, name in enumerate(names))
    return f'<label class="selector">Series <select id="series">{options}</select></label>'
