"""The entry script as in its container, with the private platform in place of it."""

import configparser
import os
import subprocess
import time
import urllib.request

from testing.odoo_process import free_port, log_path
from testing.paths import ADDON_DIR, ROOT

ENTRY = ROOT / "docker" / "entry.sh"
CONFIG = ROOT / "docker" / "odoo.conf"
FIRST_START = 600


class Container:
    """What the image and compose.yaml set, on one database."""

    def __init__(self, database, folder, addon=ADDON_DIR):
        self.port, self.websocket_port = free_port(), free_port()
        self.log = log_path(f"docker-{database}")
        platform = configparser.RawConfigParser()
        platform.read(os.environ["ODOO_RC"])
        self.environment = {
            **os.environ,
            "ADDON_FOLDER": str(addon),
            "ADMIN_PASSWORD": "a-secret-of-this-test",
            "DATABASE_WAIT_SECONDS": "2",
            "PGDATABASE": database,
            # The private cluster trusts its socket; the script asks for a password.
            "PGPASSWORD": "not-looked-at",
            # Odoo prefers these to the file, so the file is read as it is shipped.
            "ODOO_RC": str(CONFIG),
            "ODOO_ADDONS_PATH": platform.get("options", "addons_path"),
            "ODOO_DATA_DIR": str(folder),
            "ODOO_HTTP_INTERFACE": "127.0.0.1",
            "ODOO_HTTP_PORT": str(self.port),
            "ODOO_GEVENT_PORT": str(self.websocket_port),
            "ODOO_LOGFILE": str(self.log),
        }

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def answers(self, port=None):
        """Whether Odoo serves, on its own port or on the named one."""
        url = f"http://127.0.0.1:{port or self.port}/web/health"
        try:
            with urllib.request.urlopen(url, timeout=30) as page:
                return page.status == 200
        except OSError:
            return False

    def run(self, *command, timeout=FIRST_START, **changes):
        """Run the script to its end; a change to None takes the variable away."""
        changed = {**self.environment, **changes}
        return subprocess.run(
            [ENTRY, *command],
            env={name: value for name, value in changed.items() if value is not None},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *command):
        """Start the script in a group of its own and leave it running."""
        return subprocess.Popen(
            [ENTRY, *command],
            env=self.environment,
            cwd="/",
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds} s")
