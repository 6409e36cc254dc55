"""The errors that Statecast raises.

StatecastError
├── InputError (also a ValueError): what the user gave is wrong; the command line ends with code 2
│   ├── FileError: a file cannot be read or written
│   ├── DataError: the contents of a file or frame are wrong
│   │   └── NothingNewError: no row is later than what a fitted recipe has seen
│   └── ParameterError: an option or argument has a value that it cannot have
└── TrainingError: training ended without a usable network

SpellingWarning (a UserWarning): values of a category were taken for known ones that are written otherwise
RevisionWarning (a UserWarning): rows of an update were seen before, with other values

A message is one or two sentences: what was expected, what came, what to do.
"""

from __future__ import annotations


class StatecastError(Exception):
    """Base of all errors that Statecast raises on purpose."""


class InputError(StatecastError, ValueError):
    """What the user gave is wrong."""


class FileError(InputError):
    """A file cannot be read or written."""


class DataError(InputError):
    """The contents of a file or frame are wrong."""


class NothingNewError(DataError):
    """No row is later than what a fitted recipe has seen."""


class ParameterError(InputError):
    """An option or argument has a value that it cannot have."""


class TrainingError(StatecastError):
    """Training ended without a usable network.

    Attributes
    ----------
    parameters : statecast.network.Parameters, optional
        The last finite ones, where there are such.
    """

    def __init__(self, message: str, parameters: object = None) -> None:
        super().__init__(message)
        self.parameters = parameters


class SpellingWarning(UserWarning):
    """Values of a category were taken for known ones, from which letters' case or blanks alone tell them apart."""


class RevisionWarning(UserWarning):
    """Rows of an update were seen before, with other values."""
