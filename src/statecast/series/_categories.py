"""Categories: the values of new rows told by those that the rows before have."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from statecast.errors import SpellingWarning
from statecast.series._cells import BadCellError, shown

_MOST_NAMED = 8


def as_before(
    column: str, cells: np.ndarray, text: np.ndarray, blank: NDArray[np.bool_], known: tuple[str, ...]
) -> np.ndarray:
    """Return the values of a category as the rows before have them.

    Letters' case and blanks around a value do not make another one, nor does a number written 1.0 instead of 1.

    Parameters
    ----------
    column : str
        Its name.
    cells, text : [N]
        As they came, and as text without blanks around.
    blank : bool [N]
        Which have no value.
    known : tuple of str
        The values of the rows before.

    Raises
    ------
    BadCellError
        At the first value that is none of them.

    Warns
    -----
    SpellingWarning
        Of values that are written otherwise.
    """
    found = {value: match_value(value, known) for value in dict.fromkeys(text[~blank].tolist())}
    if unknown := [value for value, match in found.items() if match is None]:
        index = int(np.argmax((text == unknown[0]) & ~blank))
        raise BadCellError(index, refusal(column, unknown[0], known))
    others = {str(cell): found[value] for cell, value in zip(cells[~blank], text[~blank], strict=True)}
    same = [(cell, match) for cell, match in others.items() if match is not None and _is_spelling(cell, match)]
    taken = np.array([found.get(value, value) for value in text], dtype=object)
    if same:
        said = ", ".join(f"{shown(cell)} as {match!r}" for cell, match in same[:_MOST_NAMED])
        warnings.warn(f"Column {column!r}: took {said}, as the rows before are written.", SpellingWarning, stacklevel=2)
    return taken


def refusal(column: str, value: str, known: Iterable[str]) -> str:
    """Say that a value is none of those known, and which one may be meant."""
    known = tuple(known)
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(value.casefold(), folded, n=1)
    hint = f" Did you mean {folded[close[0]]!r}?" if close else ""
    named = ", ".join(map(repr, known[:_MOST_NAMED]))
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return (
        f"{shown(value)} is no value that {column!r} has in the history: {named}{more}.{hint} Correct it; nothing is "
        "learnt of a new value but by a fit to rows that have it."
    )


def match_value(value: str, known: tuple[str, ...]) -> str | None:
    """Return the known value that is meant; None if there is none, or more than one."""
    if value in known:
        return value
    same = [one for one in known if one.casefold() == value.casefold()]
    if not same and (number := _number(value)) is not None:
        same = [one for one in known if _number(one) == number]
    return same[0] if len(same) == 1 else None


def _is_spelling(cell: str, match: str) -> bool:
    """Say whether a cell is another spelling of a value, not merely another way to write a number."""
    return cell != match and cell.strip().casefold() == match.casefold()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
