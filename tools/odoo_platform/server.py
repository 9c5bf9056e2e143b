"""make run, reset, stop, shell, psql and log."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from . import process
from .cluster import Cluster
from .console import say
from .database import RunDatabase, data_of_environment, drop, run_databases
from .ensure import ensure_platform, uses_own_server
from .errors import PlatformError
from .lock import cache_lock

START_TIMEOUT = 120


def run(layout, _arguments):
    """Serve until Ctrl-C or `make stop`."""
    port, data = _port(), data_of_environment()
    _require_not_served(layout, data)
    process.require_free_port(port)
    environment = ensure_platform(layout, browser=False).environment()
    target = RunDatabase(layout, environment, data)
    with process.only_one(layout, target.name):
        target.load(target.prepare())
        return _serve(target, port)


def database(layout, _arguments):
    """Print the name of the database of DATA=…, made or updated when needed."""
    target = _target(layout)
    target.prepare()
    print(target.name)
    return 0


def reset(layout, _arguments):
    environment = _database_environment(layout)
    if environment is None:
        say("Nothing to reset: no database was made yet.")
        return 0
    _stop_servers(layout)
    names = run_databases(layout, environment)
    for name in names:
        drop(layout, environment, name)
        for path in layout.servers.glob(f"{name}.*"):
            path.unlink()
        say(f"Dropped {name}")
    if not names:
        say("Nothing to reset: no database was made yet.")
    return 0


def stop(layout, _arguments):
    stopped = _stop_servers(layout)
    others = process.living(layout)
    if others:
        roots = ", ".join(sorted({server.root for server in others}))
        say(f"PostgreSQL goes on: it serves {roots} too.")
    elif not uses_own_server():
        with cache_lock(layout.cache):
            stopped = Cluster(layout).stop() or stopped
    if not stopped:
        say("Nothing was running.")
    return 0


def shell(layout, arguments):
    target = _target(layout)
    command = ["odoo", "shell", "-d", target.name, "--no-http", *arguments]
    return _replace_process(target, command)


def psql(layout, arguments):
    target = _target(layout)
    return _replace_process(target, ["psql", "-d", target.name, *arguments])


def log(layout, _arguments):
    name = RunDatabase(layout, {}, data_of_environment()).name
    path = process.log_file(layout, name)
    if not path.exists():
        raise PlatformError("There is no log yet: start the server with: make run")
    follow = ["-F"] if sys.stdout.isatty() else []
    os.execvp("tail", ["tail", "-n", "200", *follow, str(path)])


def _port():
    given = os.environ.get("PORT") or "8069"
    if not given.isdigit() or not 0 < int(given) < 65535:
        raise PlatformError(f"PORT={given} is not a port: give a number, as 8070")
    return int(given)


def _require_not_served(layout, data):
    name = RunDatabase(layout, {}, data).name
    for server in process.living(layout):
        if server.database == name:
            raise PlatformError(
                f"It is being served at {server.address} already: "
                "open that, or end it with: make stop"
            )


def _target(layout):
    environment = ensure_platform(layout, browser=False).environment()
    return RunDatabase(layout, environment, data_of_environment())


def _database_environment(layout):
    """Enough to reach the databases, without setting up the rest."""
    if uses_own_server():
        return dict(os.environ)
    cluster = Cluster(layout)
    if not (cluster.bin and cluster.data.exists()):
        return None
    with cache_lock(layout.cache):
        if not cluster.is_running():
            cluster.start()
    path = os.pathsep.join([str(cluster.bin), os.environ["PATH"]])
    return {**os.environ, **cluster.environment(), "PATH": path}


def _serve(target, port):
    path = process.log_file(target.layout, target.name)
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    command = ["odoo", "-d", target.name, "--db-filter", f"^{target.name}$"]
    command += ["--http-port", str(port), "--logfile", str(path)]
    # A session of its own: Ctrl-C reaches us alone, and we end it in order.
    odoo = subprocess.Popen(
        command,
        env=target.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    root = str(target.layout.root)
    server = process.Server(target.name, odoo.pid, port, root)
    process.save(target.layout, server)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        _wait_until_up(odoo, server, path)
        _announce(target, server)
        odoo.wait()
    except KeyboardInterrupt:
        say("\nStopping Odoo …")
    finally:
        odoo.terminate()
        odoo.wait()
        process.state_file(target.layout, target.name).unlink(missing_ok=True)
    return 0


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


def _wait_until_up(odoo, server, log_path):
    say("Starting Odoo …")
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if odoo.poll() is not None:
            raise PlatformError(f"Odoo ended while starting (details: {log_path})")
        try:
            # The login page needs the database: it answers when all is loaded.
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/web/login").read()
            return
        except urllib.error.HTTPError as error:
            say(f"Odoo answers with an error {error.code} (details: {log_path})")
            return
        except OSError:
            time.sleep(0.2)
    raise PlatformError(f"Odoo did not start in time (details: {log_path})")


def _announce(target, server):
    roles = {
        "manager": "sales manager",
        "seller": "salesperson",
        "admin": "administrator",
    }
    present = set(target.logins())
    print(f"\nSales Opportunity Plus is served at {server.address}\n")
    print("  login     password  who")
    for login, role in roles.items():
        if login in present:
            print(f"  {login:<9} {login:<9} {role}")
    print("\nCtrl-C ends it. From another terminal: make log, make stop\n", flush=True)


def _stop_servers(layout):
    mine = [s for s in process.living(layout) if s.root == str(layout.root)]
    for server in mine:
        say(f"Stopping Odoo at {server.address}")
        server.stop()
    return bool(mine)


def _replace_process(target, command):
    databases = run_databases(target.layout, target.environment)
    if target.name not in databases:
        raise PlatformError("There is no database yet: make it with: make run")
    os.execvpe(command[0], command, target.environment)
