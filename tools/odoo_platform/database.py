"""The databases of `make run`: one with the demo company, one for each DATA folder."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import rcfile
from .console import run_logged, say
from .errors import PlatformError
from .fingerprint import fingerprint
from .layout import ADDON, Layout, short_hash
from .machine import require_space


@dataclass(frozen=True)
class RunDatabase:
    """`environment` is the platform's; `data` the folder of real data, if any."""

    layout: Layout
    environment: dict
    data: Path | None

    @property
    def name(self):
        if self.data is None:
            return f"run_demo_{self.layout.key}"
        slug = re.sub(r"\W+", "_", self.data.name.lower())[:30]
        return f"run_{slug}_{short_hash(self.data)}_{self.layout.key}"

    def prepare(self):
        """Create or update the database; what is up to date is left alone."""
        done = self._state()
        wanted = {
            "addon": fingerprint(self.layout.root, self.layout.addons),
            "odoo": self.environment["SOP_ODOO"],
        }
        if done is None:
            self._check_data()
            self._create()
        elif done["odoo"] != wanted["odoo"]:
            self._odoo("Updating everything to the new Odoo", "-u", "base")
        elif done["addon"] != wanted["addon"]:
            self._odoo("Updating the addon, its files have changed", "-u", ADDON)
        loaded = bool(done and done["loaded"])
        self._save_state({**wanted, "loaded": loaded})
        return wanted | {"loaded": loaded}

    @property
    def _loader(self):
        return self.layout.root / "tools" / "load" / "run"

    def _check_data(self):
        """Refuse a folder that cannot be loaded before a database is made for it."""
        if self.data is None:
            return
        command = [self._loader, "--check", self.data]
        outcome = subprocess.run(
            command, env=self.environment, capture_output=True, text=True
        )
        if outcome.returncode:
            lines = outcome.stderr.strip().splitlines() or ["no reason given"]
            raise PlatformError(lines[-1].removeprefix("Error: "))

    def load(self, state):
        """Let the loader fill a database of real data, once."""
        if self.data is None or state["loaded"]:
            return
        say(f"Loading {self.data}")
        variables = {"DATA": str(self.data), "SOP_DATABASE": self.name}
        outcome = subprocess.run([self._loader], env={**self.environment, **variables})
        if outcome.returncode:
            raise PlatformError(f"Loading {self.data} failed; its last lines say why")
        self._save_state({**state, "loaded": True})

    def logins(self):
        """Which of the people we tell of are there, with equal login and password."""
        names = "'manager', 'seller', 'admin'"
        query = f"SELECT login FROM res_users WHERE active AND login IN ({names})"
        return sql(self.environment, self.name, query).split()

    def _state(self):
        """What the database was made of; None while it is not whole."""
        query = (
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = '{self.name}'"
        )
        try:
            return json.loads(sql(self.environment, "postgres", query))
        except ValueError:
            return None

    def _save_state(self, state):
        """Kept as the database's comment: dropping the one drops the other."""
        comment = json.dumps(state).replace("'", "''")
        query = f"COMMENT ON DATABASE {self.name} IS '{comment}'"
        sql(self.environment, "postgres", query)

    def _create(self):
        require_space(self.layout.cache, 1)
        drop(self.layout, self.environment, self.name)
        demo = ["--with-demo"] if self.data is None else []
        modules = f"crm,{ADDON}"
        self._odoo(f"Creating the database {self.name}", "-i", modules, *demo)
        query = f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'"
        if sql(self.environment, self.name, query).strip() != "installed":
            raise PlatformError(f"Odoo did not install {ADDON} (details: {self._log})")

    def _odoo(self, label, *arguments):
        run_logged(
            label,
            ["odoo", "-d", self.name, *arguments, "--stop-after-init", "--no-http"],
            self._log,
            hint="read the last lines of the log",
            detail=_last_module,
            env=self.environment,
        )

    @property
    def _log(self):
        return self.layout.logs / f"{self.name}.log"


def data_of_environment():
    """The folder of DATA=…, or None for the demo company."""
    given = os.environ.get("DATA")
    if not given:
        return None
    folder = Path(given).resolve()
    if not folder.is_dir():
        raise PlatformError(f"DATA={given} is not a folder")
    return folder


def run_databases(layout, environment):
    query = (
        "SELECT datname FROM pg_database "
        f"WHERE datname ~ '^run_.*_{layout.key}$' ORDER BY 1"
    )
    return sql(environment, "postgres", query).split()


def drop(layout, environment, name):
    sql(environment, "postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    filestore = rcfile.data_folder(layout) / "filestore" / name
    shutil.rmtree(filestore, ignore_errors=True)


def sql(environment, database, query):
    command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query]
    outcome = subprocess.run(
        command,
        env={**environment, "PGOPTIONS": "-c client_min_messages=warning"},
        capture_output=True,
        text=True,
    )
    if outcome.returncode:
        raise PlatformError(f"PostgreSQL: {outcome.stderr.strip().splitlines()[0]}")
    return outcome.stdout


def _last_module(log):
    """How far Odoo is, from the last such line of its log."""
    loading = re.findall(
        r"Loading module (\S+ \(\d+/\d+\))", log.read_text(errors="replace")
    )
    return loading[-1] if loading else ""
