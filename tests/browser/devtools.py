"""A page in headless Chromium, by the Chrome DevTools Protocol over a pipe."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.chromium import command, removed, variables

_SECONDS = 20.0
_END = b"\0"
# Chromium reads what it is told from 3 and answers on 4. A shell cannot move high numbers there.
_START = (
    "import os, sys; os.dup2(int(sys.argv[1]), 13); os.dup2(int(sys.argv[2]), 14); "
    "os.dup2(13, 3); os.dup2(14, 4); os.execv(sys.argv[3], sys.argv[3:])"
)


class Page:
    """One tab. Calls block: whoever serves the page does so in another thread."""

    def __init__(self, told: int, answers: int) -> None:
        self._told, self._answers = told, answers
        self._rest = b""
        self._number = 0
        self._session: str | None = None
        self.complaints: list[str] = []
        """What the console of the page said, warnings and errors."""

    def open(self, width: int, height: int) -> None:
        target = self.tell("Target.createTarget", url="about:blank", width=width, height=height)
        attached = self.tell("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Runtime", "Log", "Page"):
            self.tell(f"{domain}.enable")

    def go(self, address: str) -> None:
        self.tell("Page.navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        """The value of JavaScript in the page, a promise waited for."""
        found = self.tell(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            raise AssertionError(found["exceptionDetails"])
        return found["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until JavaScript in the page is true."""
        end = time.monotonic() + _SECONDS
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise AssertionError(f"never true: {expression}; {self.complaints}")
            time.sleep(0.05)

    def screenshot(self) -> bytes:
        """What is to be seen, as PNG."""
        return base64.b64decode(self.tell("Page.captureScreenshot", format="png")["data"])

    def tell(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._told, json.dumps(message).encode() + _END)
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                if "error" in heard:
                    raise AssertionError(f"{method}: {heard['error']}")
                result: dict[str, Any] = heard["result"]
                return result
            self._note(heard)

    def _hear(self) -> dict[str, Any]:
        while _END not in self._rest:
            more = os.read(self._answers, 1 << 20)
            if not more:
                raise AssertionError("the browser has ended")
            self._rest += more
        first, _, self._rest = self._rest.partition(_END)
        heard: dict[str, Any] = json.loads(first)
        return heard

    def _note(self, heard: dict[str, Any]) -> None:
        about = heard.get("params", {})
        if heard.get("method") == "Log.entryAdded" and about["entry"]["level"] != "verbose":
            self.complaints.append(f"{about['entry']['text']} {about['entry'].get('url', '')}")
        elif heard.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(about["exceptionDetails"]))
        elif heard.get("method") == "Runtime.consoleAPICalled" and about["type"] != "log":
            self.complaints.append(str([each.get("value") for each in about["args"]]))


@contextmanager
def browsing(home: Path, width: int = 800, height: int = 600) -> Iterator[Page]:
    """A tab of a browser that lives as long as the block."""
    reads, told = os.pipe()
    answers, writes = os.pipe()
    profile = Path(tempfile.mkdtemp(prefix="chromium-"))
    words = [sys.executable, "-c", _START, str(reads), str(writes), *command(home, profile)]
    process = subprocess.Popen(
        words, pass_fds=(reads, writes), env=variables(home), stderr=subprocess.DEVNULL
    )
    os.close(reads)
    os.close(writes)
    try:
        page = Page(told, answers)
        page.open(width, height)
        yield page
    finally:
        process.kill()
        process.wait(10)
        os.close(told)
        os.close(answers)
        removed(profile)
