"""Errors that end in one line for the person who typed the command."""


class LoadError(Exception):
    """What is wrong and what to do about it, in one line."""
