"""Progress of long steps: a live line on a terminal, plain lines elsewhere."""

import errno
import os
import subprocess
import sys
import time

from .errors import CommandFailedError

PLAIN_INTERVAL = 20
DISK_FULL = os.strerror(errno.ENOSPC).encode()


def say(text):
    print(text, file=sys.stderr, flush=True)


class Progress:
    """One step's line, rewritten in place on a terminal."""

    def __init__(self, label):
        self.label = label
        self.live = sys.stderr.isatty()
        self.started = self.shown = time.monotonic()
        say(f"{label} …")

    def tick(self, detail=""):
        now = time.monotonic()
        if now - self.shown < (1 if self.live else PLAIN_INTERVAL):
            return
        self.shown = now
        text = f"  {now - self.started:.0f} s  {detail}"
        if self.live:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        else:
            say(text)

    def done(self):
        if self.live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        say(f"  done in {time.monotonic() - self.started:.0f} s")


def run_logged(label, argv, log, *, hint, detail=None, **options):
    """Run a long command with its output in `log`; on failure say `hint`.

    `detail(log)` may return a few words for the progress line.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress(label)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [os.fspath(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
        try:
            while process.poll() is None:
                time.sleep(0.1)
                progress.tick(detail(log) if detail else "")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode:
        if DISK_FULL in log.read_bytes():
            hint = "the disk is full; free some space, then call again"
        raise CommandFailedError(f"{label} failed: {hint}", log)
    progress.done()
