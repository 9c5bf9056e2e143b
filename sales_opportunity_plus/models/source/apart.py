"""Counting in a transaction of its own, which lasts a millisecond."""

from psycopg2.errors import SerializationFailure

# Who counts on the same row at the same instant tries again: a few tries are plenty.
_TRIES = 25


def run_apart(env, statement, tries=_TRIES):
    """The rows of a statement, kept whatever becomes of the call; none when too many
    try at once."""
    for _try in range(tries):
        try:
            with env.registry.cursor() as cr:
                cr.execute(statement, log_exceptions=False)
                return cr.fetchall()
        except SerializationFailure:
            continue
    return []
