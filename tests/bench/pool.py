"""The three Odoo processes of one size, and the rounds that alternate them."""

import itertools
import json
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

WORKER = Path(__file__).with_name("worker.py")
# A parallel query's other processes cannot be read: their CPU would be missing.
SERIAL = {"PGOPTIONS": "-c max_parallel_workers_per_gather=0"}
ORDERS = list(itertools.permutations(("plain", "ours", "control")))


class Worker:
    def __init__(self, database, errors):
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), "serve", database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=os.environ["SOP_ROOT"],
            env=os.environ | SERIAL,
        )

    def answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("A worker of the bench died; its log is bench/worker.log.")
        return json.loads(line)

    def measure(self, operation, repeat):
        command = {"operation": operation, "repeat": repeat}
        print(json.dumps(command), file=self._process.stdin, flush=True)
        return self.answer()

    def stop(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@contextmanager
def workers(databases, log_path):
    """Role → worker, all started together and ready."""
    with ExitStack() as stack:
        errors = stack.enter_context(log_path.open("a"))
        pool = {}
        for role, database in databases.items():
            pool[role] = Worker(database, errors)
            stack.callback(pool[role].stop)
        for worker in pool.values():
            worker.answer()
        yield pool


def rounds(pool, operation, fraction):
    """Readings by role; the order of the roles changes each round."""
    for worker in pool.values():
        worker.measure(operation, 1)  # the first call fills Odoo's caches
    [warm] = pool["plain"].measure(operation, 1)
    count, repeat = _plan(warm["cpu"])
    for worker in pool.values():
        worker.measure(operation, repeat)
    readings = {role: [] for role in pool}
    for turn in range(max(1, round(count * fraction))):
        for role in ORDERS[turn % len(ORDERS)]:
            if role in pool:
                readings[role] += pool[role].measure(operation, repeat)
    return readings


def _plan(milliseconds):
    """Rounds and calls a round: the shorter a call, the more of them."""
    count = 7 if milliseconds > 1000 else 11 if milliseconds > 150 else 21
    return count, min(8, max(1, round(200 / milliseconds)))
