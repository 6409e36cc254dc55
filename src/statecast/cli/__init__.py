"""The command line: one module a command, each of which parses, calls and prints."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

INTERRUPTED = 130  # what Typer makes of Ctrl-C


def main() -> None:
    """Run the command line and leave with code 0 done, 2 wrong input, 1 anything else."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line with the given arguments and return its exit code."""
    from statecast.cli._app import app
    from statecast.errors import InputError, SpellingWarning, StatecastError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", SpellingWarning)
            warnings.showwarning = partial(_show, warnings.showwarning)
            app(arguments, prog_name="statecast", obj=tuple(arguments))  # a report says what was typed
    except SystemExit as done:  # how Typer ends, after its own message on a wrong option
        if done.code == INTERRUPTED:
            return _say("interrupted; nothing more was written.", 1)
        return done.code if done.code in (0, 2) else 1
    except InputError as error:
        return _say(str(error), 2)
    except StatecastError as error:
        return _say(str(error), 1)
    except Exception as error:
        if os.environ.get("STATECAST_DEBUG"):
            raise
        return _say(f"unexpected {type(error).__name__}: {error} (STATECAST_DEBUG=1 shows where)", 1)
    return 0


def _show(usual: Callable[..., None], message: Warning | str, category: type[Warning], *where: Any) -> None:  # noqa: ANN401
    """Show a warning of ours as a line, others as usual."""
    from statecast.errors import SpellingWarning

    if issubclass(category, SpellingWarning):
        print(f"Note: {message}", file=sys.stderr)
    else:
        usual(message, category, *where)


def _say(message: str, code: int) -> int:
    print(f"Error: {message}", file=sys.stderr)
    return code
