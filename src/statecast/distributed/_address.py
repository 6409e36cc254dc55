"""Addresses of clusters: whether what answers there is one, found out before anything is sent to it.

An engine that is pointed at another service waits for it, up to minutes. Its protocol tells at once: the first word is
said here, and the first bytes of the answer are looked at.
"""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from statecast.errors import ParameterError

PATIENCE = 10
"""Seconds that an address has to answer."""

NO_CONNECT = "Spark Connect is not supported, as Fugue does not take it with PySpark 4. Give spark://host:7077 or yarn."

_HOST = re.compile(r"(?:(?P<scheme>[\w+.-]+)://)?(?:[\w+.-]+://)*(?P<host>\[[^\]]+\]|[^/:\[\]]+):(?P<port>\d+)")


@dataclass(frozen=True)
class _Greeting:
    """The first word of a protocol.

    Attributes
    ----------
    word : bytes
        What is said; nothing where the other side begins.
    size : int
        Bytes of the answer that are looked at.
    known : callable
        Says whether they are an answer of this protocol; it gets fewer where the other side hangs up.
    """

    word: bytes
    size: int
    known: Callable[[bytes], bool]

    def fits(self, connection: socket.socket) -> bool:
        """Say the word, and whether the answer is one of this protocol."""
        answer = b""
        with suppress(ConnectionError):  # hangs up
            connection.sendall(self.word)
            while len(answer) < self.size and (more := connection.recv(self.size - len(answer))):
                answer += more
        return self.known(answer)


_DASK = _Greeting(b"", 8, lambda answer: len(answer) == 8 and int.from_bytes(answer, "little") < 2**20)
"""The scheduler introduces itself; first comes how long that is."""

_RAY = _Greeting(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 4, lambda answer: answer[3:] == b"\4")
"""HTTP/2, under gRPC: both sides begin with their settings, a frame of type 4."""

_NO_FILE = b"/files/statecast\r\n\r\n"  # the line ends keep a web server from waiting for more
_SPARK = _Greeting(
    struct.pack(">qbi", 13 + len(_NO_FILE), 6, len(_NO_FILE)) + _NO_FILE,
    9,
    lambda answer: not answer or answer[8:] == b"\x08",
)
"""A frame of type 6 asks for a file, one of type 8 says that there is none. Spark that expects TLS hangs up."""

_GREETINGS = {
    ("dask", None): _DASK,
    ("dask", "tcp"): _DASK,
    ("ray", None): _RAY,
    ("ray", "ray"): _RAY,
    ("spark", "spark"): _SPARK,
}
"""By kind and scheme; with others, such as tls, it is left to the engine to find out."""


def check_address(kind: str, address: str | None) -> None:
    """See to it that a cluster of this kind answers at an address that names a host and a port.

    Raises
    ------
    ParameterError
        If nothing does, or something else.
    """
    if address is None or "," in address:  # of several masters, one is enough
        return
    if address.startswith("sc://"):
        raise ParameterError(f"address {address}: {NO_CONNECT}")
    found = _HOST.match(address)
    if found is None:
        return
    greeting = _greeting(kind, found["scheme"])
    try:
        with socket.create_connection((found["host"].strip("[]"), int(found["port"])), PATIENCE) as connection:
            known = greeting is None or greeting.fits(connection)
    except (OSError, OverflowError) as error:
        reason = "no answer" if isinstance(error, TimeoutError) else getattr(error, "strerror", None) or str(error)
        raise unreachable(kind, address, reason) from None
    if not known:
        raise ParameterError(f"what answers at the address {address} is not {kind}: start {kind} there, or correct it.")


def unreachable(kind: str, address: str, reason: str) -> ParameterError:
    """Return the error that says that nothing answers."""
    return ParameterError(f"nothing answers at the address {address} ({reason}): start {kind} there, or correct it.")


def _greeting(kind: str, scheme: str | None) -> _Greeting | None:
    if kind == "ray" and os.environ.get("RAY_USE_TLS", "0").lower() in ("1", "true"):
        return None
    return _GREETINGS.get((kind, scheme))
