"""Recode: the categories of a panel in the columns that they have in another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._categories import match_value, refusal
from statecast.series._coded import is_of
from statecast.series._panel import Panel

Categories = tuple[tuple[str, tuple[str, ...]], ...]


def recode(panel: Panel, names: tuple[tuple[str, ...], ...], categories: Categories) -> Panel:
    """Return a panel whose categories have the columns that they have elsewhere.

    Which columns a category has depends on its values, and where there are two, on which one is more frequent. So the
    same name may stand for something else in another panel, and another name for the same.

    Parameters
    ----------
    panel : Panel
    names : three tuples of str
        Of the past, known and static columns that are wanted.
    categories : tuple of (column, values)
        Those that are wanted.

    Raises
    ------
    DataError
        If a category is not there, or has a value that it does not have elsewhere.
    """
    covariates = panel.covariates
    if covariates is None or not categories:
        return panel
    if (
        panel.columns.format.categories == categories
        and (covariates.past, covariates.known, covariates.static) == names
    ):
        return panel
    own, known = dict(panel.columns.format.categories), dict(categories)
    if absent := [column for column in known if column not in own]:
        raise DataError(f"expected series with the category {absent[0]!r}, got none. Give the same columns.")
    roles = []
    for wanted, found, values in zip(
        names,
        (covariates.past, covariates.known, covariates.static),
        (covariates.past_values, covariates.known_values, covariates.static_values),
        strict=True,
    ):
        numbers = [c for c, name in enumerate(found) if not any(is_of(name, column) for column in own)]
        coded = {column: _values(column, own[column], known[column], found, values) for column in known}
        columns, taken = [], 0
        for name in wanted:
            column = next((column for column in known if is_of(name, column)), None)
            if column is not None:
                columns.append(coded[column][name.removeprefix(f"{column}=")])
            elif taken < len(numbers):
                columns.append(values[:, numbers[taken]])
                taken += 1
        if taken < len(numbers) or len(columns) < len(wanted):
            return panel  # of another number of columns, which is told of where that matters
        roles.append(np.stack(columns, axis=1) if columns else values[:, :0])
    past, ahead, static = roles
    return replace(
        panel,
        columns=replace(panel.columns, format=replace(panel.columns.format, categories=categories)),
        covariates=replace(
            covariates,
            past=names[0],
            known=names[1],
            static=names[2],
            past_values=past,
            known_values=ahead,
            static_values=static,
        ),
    )


def _values(
    column: str, own: tuple[str, ...], known: tuple[str, ...], found: tuple[str, ...], values: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Return a column of 0 and 1 for every known value of a category, by the columns that it has here."""
    here = {name.removeprefix(f"{column}="): values[:, c] for c, name in enumerate(found) if is_of(name, column)}
    rest = 1 - np.sum(list(here.values()), axis=0) if here else np.zeros(len(values))
    result = {value: np.zeros(len(values)) for value in known}
    for value in own:
        if (meant := match_value(value, known)) is None:
            raise DataError(f"column {column!r}: {refusal(column, value, known)}")
        result[meant] = result[meant] + here.get(value, rest)
    return result
