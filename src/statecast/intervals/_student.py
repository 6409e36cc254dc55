"""Student's t distribution: its quantiles and probabilities, from a table made on the spot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_POINTS = 8001


@dataclass(frozen=True, eq=False)
class Student:
    """Student's t distribution with so many degrees of freedom, at least 1.

    With x = sqrt(freedom) tan(angle), the density of the angle is proportional to cos(angle) ** (freedom - 1), on a
    finite interval: its sum over a fine grid is the distribution function, correct to about 1e-6.

    Attributes
    ----------
    angles, probabilities : [8001]
        The grid, and the distribution function on it.
    freedom : float
    """

    angles: Array
    probabilities: Array
    freedom: float

    @classmethod
    def of(cls, freedom: float) -> Student:
        """Return the distribution.

        Examples
        --------
        >>> round(float(Student.of(5.0).quantiles(np.array(0.975))), 3)
        2.571
        """
        angles = np.linspace(-np.pi / 2, np.pi / 2, _POINTS)
        density = np.maximum(np.cos(angles), 0.0) ** (freedom - 1)
        rising = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
        return cls(angles, rising / rising[-1], freedom)

    def quantiles(self, probabilities: Array) -> Array:
        """Return the values below which a variable is with these probabilities, between 0 and 1."""
        return np.asarray(np.sqrt(self.freedom) * np.tan(np.interp(probabilities, self.probabilities, self.angles)))

    def distribution(self, values: Array) -> Array:
        """Return the probabilities with which a variable is below these values."""
        return np.asarray(np.interp(np.arctan(values / np.sqrt(self.freedom)), self.angles, self.probabilities))
