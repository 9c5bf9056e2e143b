"""A long-lived Odoo on one database that takes commands over its pipe.

One JSON object a line in, one a line out; starting Odoo is thus never measured.
"""

import json
import sys
import threading


def load_registry(database):
    from odoo.orm.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=warn"],
        setup_logging=True,
    )
    threading.current_thread().dbname = database
    return Registry(database)


def serve(database, commands, answers):
    from workload import Workload

    workload = Workload(load_registry(database))
    print(json.dumps({"ready": database}), file=answers, flush=True)
    for line in commands:
        command = json.loads(line)
        readings = workload.measure(command["operation"], command["repeat"])
        print(json.dumps(readings), file=answers, flush=True)


def answer(measure):
    """What a script of ``apart`` does: ``measure(env, rounds)`` on its database."""
    from odoo import api

    database, rounds = sys.argv[1:]
    with load_registry(database).cursor() as cr:
        # The meter reads one backend: no work may go to another on either side.
        cr.execute("SET max_parallel_workers_per_gather = 0")
        cr.commit()
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        print(json.dumps(_rounded(measure(env, int(rounds)))))


def _rounded(figures):
    return {
        key: round(value, 2) if isinstance(value, float) else value
        for key, value in figures.items()
    }


def set_up(database):
    import company

    from odoo import api

    with load_registry(database).cursor() as cr:
        company.create(api.Environment(cr, api.SUPERUSER_ID, {}))


if __name__ == "__main__":
    if sys.argv[1] == "set-up":
        set_up(sys.argv[2])
    else:
        answers, sys.stdout = sys.stdout, sys.stderr
        serve(sys.argv[2], sys.stdin, answers)
