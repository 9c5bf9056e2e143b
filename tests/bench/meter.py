"""What one call costs: wall clock, CPU of Odoo and of its PostgreSQL backend."""

import time


def _clock_of(pid):
    """Number of the CPU clock of another process (clock_getcpuclockid of libc)."""
    return (~pid << 3) | 2


class Meter:
    """Reads the clocks of this process and of the backend behind one cursor."""

    def __init__(self, cr):
        self._cr = cr
        self._backend = _clock_of(cr.connection.get_backend_pid())
        self._start = self._read()

    def _read(self):
        return (
            time.perf_counter(),
            time.process_time(),
            time.clock_gettime(self._backend),
            self._cr.sql_log_count,
        )

    def stop(self):
        wall, odoo, backend, queries = (
            after - before
            for after, before in zip(self._read(), self._start, strict=True)
        )
        return {
            "wall": wall * 1000,
            "cpu": (odoo + backend) * 1000,
            "backend_cpu": backend * 1000,
            "queries": queries,
        }
