"""A headless Chromium, driven through its own debugging protocol."""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests
import websocket

from testing.parts import BROWSERS

WAIT = 30
CALM = 3
COMPLAINTS = {"error", "assert", "warning"}
# The page is drawn, nothing is loading and no dialog complains.
SETTLED = """
(() => document.readyState === "complete"
    && !!document.querySelector(%s)
    && !document.querySelector(".o_loading_indicator, .o_view_sample_data .o_blockUI")
    && !document.querySelector(".o_error_dialog"))()
"""


class Browser:
    """One page; `problems` collects what its console and network complained of."""

    def __init__(self):
        name = next(name for name in BROWSERS if shutil.which(name))
        self.folder = Path(tempfile.mkdtemp(prefix="browser"))
        self.process = subprocess.Popen(
            [
                *(name, "--headless", "--no-sandbox", "--disable-dev-shm-usage"),
                *("--remote-debugging-port=0", f"--user-data-dir={self.folder}"),
                *("--no-first-run", "--remote-allow-origins=*", "about:blank"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.problems = []
        self.numbers = itertools.count(1)
        self.socket = websocket.create_connection(self._page(), timeout=WAIT)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def _page(self):
        deadline = time.monotonic() + WAIT
        port = self.folder / "DevToolsActivePort"
        while time.monotonic() < deadline:
            if port.is_file() and port.read_text().strip():
                address = f"http://127.0.0.1:{port.read_text().split()[0]}/json"
                for page in requests.get(address, timeout=WAIT).json():
                    if page["type"] == "page":
                        return page["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise TimeoutError("Chromium did not start")

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(WAIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, method, **params):
        """Send a command and wait for its answer, noting complaints on the way."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self._note(message)

    def _note(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.consoleAPICalled" and params["type"] in COMPLAINTS:
            words = (str(a.get("value", a.get("description"))) for a in params["args"])
            self.problems.append(" ".join(words))
        elif method == "Runtime.exceptionThrown":
            self.problems.append(str(params["exceptionDetails"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.problems.append(
                f"{params['entry']['text']} {params['entry'].get('url')}"
            )

    def evaluate(self, expression):
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return answer["result"].get("value")

    def log_in(self, url, database, login, password):
        """Take a session's cookie instead of typing into the log-in page."""
        session = requests.Session()
        params = {"db": database, "login": login, "password": password}
        session.post(
            f"{url}/web/session/authenticate",
            json={"jsonrpc": "2.0", "params": params},
            timeout=WAIT,
        ).raise_for_status()
        cookie = session.cookies["session_id"]
        self.send("Network.setCookie", name="session_id", value=cookie, url=url)

    def resize(self, width, height):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def open(self, address, selector):
        """Open a page and wait until `selector` is on it and nothing loads."""
        self.problems.clear()
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=address)
        self.wait_for(SETTLED % json.dumps(selector))

    def wait_for(self, condition):
        """Wait until a JavaScript condition holds, and holds for a moment."""
        deadline = time.monotonic() + WAIT
        calm = 0
        while calm < CALM:
            if time.monotonic() > deadline:
                text = self.evaluate("document.body.innerText")
                raise TimeoutError(f"never true: {condition}; page: {text[:500]}")
            time.sleep(0.2)
            calm = calm + 1 if self.evaluate(condition) else 0

    def screenshot(self, path):
        data = self.send("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))
