"""Series matched by name: new rows may have them in any order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._table import listed


def match(wanted: tuple[str, ...], found: tuple[str, ...], *, all_there: bool = True) -> NDArray[np.int64]:
    """Return the place of every series that is wanted among those found; -1 where it is absent and need not be there.

    Raises
    ------
    DataError
        If there are others, or one is absent.
    """
    place = {name: s for s, name in enumerate(found)}
    if unknown := sorted(set(found) - set(wanted), key=found.index):
        also = " as well" if len(unknown) < len(found) else ""
        raise DataError(
            f"expected new rows of the series {listed(wanted, 3)}, got {listed(unknown, 3)}{also}. Give rows of all "
            "the series that were fitted, and of no other."
        )
    if all_there and (absent := [name for name in wanted if name not in place]):
        raise DataError(
            f"expected new rows of the series {listed(wanted, 3)}, got none of {listed(absent, 3)}. Give rows of all "
            "the series that were fitted, and of no other."
        )
    return np.array([place.get(name, -1) for name in wanted], dtype=np.int64)
