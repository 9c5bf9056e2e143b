"""An Odoo environment on a database, outside a server."""

import threading
from contextlib import contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from .errors import LoadError

# Nobody is told of what happened long ago: no mail, no follower, no tracking.
CONTEXT = {
    "lang": "en_US",
    "import_file": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}
# Any number that no other program takes for its advisory locks.
LOCK = 0x50F_10AD


@contextmanager
def environment(database, log):
    """Give the superuser's environment; two loads at once keep each other out."""
    log.parent.mkdir(parents=True, exist_ok=True)
    config.parse_config(
        [f"--database={database}", f"--logfile={log}", "--no-http"], setup_logging=True
    )
    threading.current_thread().dbname = database
    registry = _registry(database)
    with registry.cursor() as lock, registry.cursor() as cr:
        lock.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not lock.fetchone()[0]:
            raise LoadError(f"Another load is at work on {database}: wait for its end")
        lock.commit()
        env = api.Environment(cr, SUPERUSER_ID, CONTEXT)
        if "crm.stage.history" not in env:
            raise LoadError(
                f"{database} has no sales_opportunity_plus: install the addon there, "
                "or leave the database out and one is made"
            )
        try:
            yield env
        finally:
            cr.rollback()
            lock.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _registry(database):
    try:
        return Registry(database)
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise LoadError(f"PostgreSQL: {reason}") from None
