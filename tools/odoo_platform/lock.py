"""One set-up at a time per cache; ready platforms only share the lock."""

import fcntl
import os
from contextlib import contextmanager

from .console import say
from .errors import PlatformError


@contextmanager
def cache_lock(cache, *, shared=False):
    try:
        cache.mkdir(parents=True, exist_ok=True)
        handle = os.open(cache / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise PlatformError(
            f"Cannot write to the cache {cache} ({error.strerror}): "
            "set SOP_CACHE to a folder of your own"
        ) from error
    try:
        _acquire(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _acquire(handle, kind):
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Waiting for another set-up of the platform to finish …")
        fcntl.flock(handle, kind)
