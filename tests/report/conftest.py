"""A browser: headless Chromium, spoken to through a pipe in its DevTools protocol."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe")
PATIENCE = 60  # seconds for an answer
STARTED = 'exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2'  # it takes commands from 3 and gives answers to 4


@dataclass
class Opened:
    """A page that is open, and what happened in it: messages of the console, errors, and what it asked for."""

    browser: Chromium
    session: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def ask(self, script: str) -> object:
        """Return the value of an expression of JavaScript; promises are waited for."""
        told = self.browser.call(
            "Runtime.evaluate", self, expression=script, returnByValue=True, awaitPromise=True, userGesture=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def photograph(self, path: Path, width: int = 1100, height: int = 2600) -> None:
        """Take a picture of the whole page."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.call("Emulation.setDeviceMetricsOverride", self, **size)
        self.ask("new Promise(done => setTimeout(done, 400))")
        path.write_bytes(base64.b64decode(self.browser.call("Page.captureScreenshot", self)["data"]))


class Chromium:
    """A running browser."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen(
            ["sh", "-c", STARTED, program, *OPTIONS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._count, self._rest, self._pages = 0, b"", {}

    def open(self, path: Path, dark: bool = False) -> Opened:
        """Open a file and wait until it is loaded; whatever it asks for beyond that is refused and noted."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Opened(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable", page)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", page, features=[scheme])
        self.call("Page.navigate", page, url=path.resolve().as_uri())
        page.ask("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))")
        return page

    def call(self, method: str, page: Opened | None = None, **parameters: object) -> dict:
        """Give a command and return the answer; events that come in between are noted."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if page is not None:
            message["sessionId"] = page.session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)

    def close(self) -> None:
        """End it."""
        with self._process:  # which closes the pipes
            self._process.terminate()

    def _next(self) -> dict:
        while b"\0" not in self._rest:
            assert select.select([self._from], [], [], PATIENCE)[0], "the browser does not answer"
            part = os.read(self._from, 1 << 16)
            assert part, "the browser has gone"
            self._rest += part
        first, self._rest = self._rest.split(b"\0", 1)
        return json.loads(first)

    def _note(self, event: dict) -> None:
        page = self._pages.get(event.get("sessionId"))
        if page is None:
            return
        told = event["params"]
        if event["method"] == "Runtime.consoleAPICalled":
            page.messages += [str(argument.get("value", argument)) for argument in told["args"]]
        elif event["method"] == "Runtime.exceptionThrown":
            page.messages.append(str(told["exceptionDetails"]))
        elif event["method"] == "Log.entryAdded":
            page.messages.append(told["entry"]["text"])
        elif event["method"] == "Network.requestWillBeSent":
            page.requests.append(told["request"]["url"])


@pytest.fixture(scope="session")
def chromium():
    """Start a browser, where there is one."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip("there is no Chromium: apt-get install chromium-headless-shell")
    browser = Chromium(found)
    yield browser
    browser.close()
