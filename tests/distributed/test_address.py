"""What answers at an address: a cluster, another service, or nothing; found out without an engine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from statecast.distributed import _address
from statecast.distributed._address import check_address
from statecast.errors import ParameterError

SCHEMES = {"dask": "tcp://", "ray": "ray://", "spark": "spark://"}
KINDS = pytest.mark.parametrize("kind", SCHEMES)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(_address, "PATIENCE", 0.3)


@contextmanager
def service(answer: bytes | None) -> Iterator[tuple[int, list[bytes]]]:
    """Start what takes one connection, answers and hangs up, or is silent if None; give its port and what it heard.

    Where it is silent it hears all that is said until the other side hangs up.
    """
    heard: list[bytes] = []

    def serve() -> None:
        with suppress(OSError), listening.accept()[0] as connection:
            if answer is None:
                while said := connection.recv(1024):
                    heard.append(said)
            else:
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1024)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(10)
        assert not thread.is_alive()


@KINDS
def test_silence_is_no_cluster_and_the_connection_is_closed(kind):
    with (
        service(None) as (port, heard),
        pytest.raises(ParameterError, match=rf"nothing answers .* {SCHEMES[kind]}127.*no answer.*start {kind} there"),
    ):
        check_address(kind, f"{SCHEMES[kind]}127.0.0.1:{port}")
    assert bool(heard) == (kind != "dask")


@KINDS
def test_a_web_server_is_no_cluster(kind, monkeypatch):
    monkeypatch.setattr(BaseHTTPRequestHandler, "log_message", lambda *_: None)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(ParameterError, match=f"start {kind} there") as error:
            check_address(kind, f"{SCHEMES[kind]}127.0.0.1:{server.server_port}")
        thread.join(10)
    assert ("is not" in str(error.value)) == (kind != "dask")  # to which it has nothing to say


ANSWERS = {
    "dask": b":\0\0\0\0\0\0\0\1\0\0\0",
    "ray": b"\0\0\x18\4\0\0\0\0\0",
    "spark": b"\0\0\0\0\0\0\0Q\x08\0",
}
"""The first bytes that Dask 2026.8, Ray 2.60 and Spark 4.3 were seen to answer."""


@KINDS
@pytest.mark.parametrize("answering", [*ANSWERS, "ssh", "none"])
def test_each_engine_knows_its_own_answer(kind, answering):
    answer = {**ANSWERS, "ssh": b"SSH-2.0-OpenSSH_9.2\r\n", "none": b""}[answering]
    with service(answer) as (port, _):
        address = f"{SCHEMES[kind]}127.0.0.1:{port}"
        if answering == kind or (kind, answering) == ("spark", "none"):  # as with TLS
            check_address(kind, address)
            return
        with pytest.raises(ParameterError, match=f"what answers at the address {address} is not {kind}"):
            check_address(kind, address)


@pytest.mark.parametrize(("kind", "scheme"), [("dask", "tls"), ("ray", "ray"), ("spark", "k8s://https")])
def test_what_is_ciphered_is_left_to_the_engine(kind, scheme, monkeypatch):
    monkeypatch.setenv("RAY_USE_TLS", "1")
    with service(b"\x15\3\1") as (port, _):
        check_address(kind, f"{scheme}://127.0.0.1:{port}")


@pytest.mark.parametrize("address", [None, "local[2]", "yarn", "spark://127.0.0.1:1,127.0.0.1:2"])
def test_an_address_without_a_port_or_with_several_is_left_to_the_engine(address):
    check_address("spark", address)


@pytest.mark.parametrize("address", ["sc://host", "sc://host:15002/;use_ssl=true"])
def test_spark_connect_is_refused(address):
    with pytest.raises(ParameterError, match="Spark Connect is not supported"):
        check_address("spark", address)
