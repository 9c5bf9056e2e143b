"""Odoo's shell, killed (-9) at a commit that is told, not at some moment."""

import pytest

from testing.odoo_process import OdooFailed, shell

_DIE = """
def die_at_commit(connection, left, is_written):
    import os, signal
    commit = connection.commit

    def commit_or_die(cr):
        nonlocal left
        left -= 1
        if left == 0 and is_written:
            commit(cr)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return commit(cr)

    connection.commit = commit_or_die

die_at_commit(type(env.cr), {left}, {is_written})
"""


def shell_killed(database, code, commit, *, is_written):
    """Run code that is killed at its n-th commit: before it, or just after it."""
    die = _DIE.format(left=commit, is_written=is_written)
    with pytest.raises(OdooFailed, match="ended with -9"):
        shell(database, die + code)
