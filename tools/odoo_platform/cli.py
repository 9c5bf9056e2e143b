"""The commands behind the scripts in tools/."""

import errno
import os
import shutil

from . import server
from .console import say
from .ensure import ensure_platform
from .errors import PlatformError
from .layout import Layout


def main(arguments):
    name, *rest = arguments
    try:
        return COMMANDS[name](Layout.from_environment(), rest)
    except PlatformError as error:
        say(f"Error: {error}")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            say("Error: the disk is full: free some space, then call again")
        elif error.errno in (errno.EACCES, errno.EPERM):
            say(f"Error: no access to {error.filename}: check who owns it")
        else:
            raise
    except KeyboardInterrupt:
        say("\nInterrupted; the next call carries on from here.")
        return 130
    return 1


def execute(layout, command):
    """Replace this process by `command` on the ready platform."""
    if not command:
        raise PlatformError("name a command, as in: tools/with-platform odoo --version")
    environment = ensure_platform(layout, browser=True).environment()
    # Folders of PATH that are closed to us hide a missing command from exec.
    found = shutil.which(command[0], path=environment["PATH"])
    if not found:
        raise PlatformError(f"{command[0]}: no such command")
    os.execve(found, command, environment)


COMMANDS = {
    "exec": execute,
    "run": server.run,
    "database": server.database,
    "reset": server.reset,
    "stop": server.stop,
    "shell": server.shell,
    "psql": server.psql,
    "log": server.log,
}
