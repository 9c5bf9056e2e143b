"""Errors that end in one line for the person who typed the command."""


class PlatformError(Exception):
    """What is wrong and what to do about it, in one line."""


class CommandFailedError(PlatformError):
    """A step's command failed; `log` has its output."""

    def __init__(self, message, log):
        super().__init__(f"{message} (details: {log})")
        self.log = log
