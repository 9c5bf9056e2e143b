"""Outgoing events: which ones a move is, how they are signed, when they are retried."""

from collections.abc import Iterable

from .signature import sign

#: Seconds until the next attempt, after the first failed one and those after it.
BACK_OFF = (60, 300, 1800, 7200, 21600, 86400)
#: Up to this share of it is added, so that retries do not all come at once.
JITTER = 0.2
#: So many failures in a row, of any event, and the receiver is left alone for a while.
PATIENCE = 3
#: The longest pause of a receiver: by then it is noticed that it is back.
LONGEST_PAUSE = 7200


def events_of(
    move: str,
    status: str,
    from_stage_id: int | None,
    stage_id: int | None,
    lead_type: str = "opportunity",
) -> tuple[str, ...]:
    """The events that a move is, in the order in which they are told.

    A move can be several: winning usually changes the stage too. Leads that are no
    opportunity yet are no event.

    >>> events_of("forward", "open", 1, 2)
    ('stage_moved',)
    >>> events_of("won", "won", 1, 3)
    ('stage_moved', 'won')
    >>> events_of("created", "won", None, 3)
    ('created', 'won')
    >>> events_of("lost", "lost", 2, 2)
    ('lost',)
    >>> events_of("reopened", "open", 3, 1)
    ('reopened', 'stage_moved')
    >>> events_of("created", "open", None, 1, "lead")
    ()
    """
    if lead_type != "opportunity":
        return ()
    events = []
    if move in ("created", "converted", "reopened"):
        events.append(move)
    if move != "created" and from_stage_id != stage_id:
        events.append("stage_moved")
    if status in ("won", "lost") and move in ("created", "converted", status):
        events.append(status)
    return tuple(events)


def retry_after(attempts: int, chance: float) -> int | None:
    """Seconds until a delivery that failed so often is tried again.

    :param chance: a number from 0 to 1, drawn by the caller
    :return: ``None``: it is given up

    >>> retry_after(1, 0), retry_after(2, 1), retry_after(6, 0), retry_after(7, 0)
    (60, 360, 86400, None)
    """
    if attempts > len(BACK_OFF):
        return None
    return _spread(BACK_OFF[max(attempts, 1) - 1], chance)


def pause_after(failures: int, chance: float) -> int | None:
    """Seconds for which a receiver is left alone after failures in a row.

    >>> pause_after(2, 0), pause_after(3, 0), pause_after(4, 0), pause_after(90, 0)
    (None, 60, 300, 7200)
    """
    if failures < PATIENCE:
        return None
    place = min(failures - PATIENCE, len(BACK_OFF) - 1)
    return _spread(min(BACK_OFF[place], LONGEST_PAUSE), chance)


def _spread(seconds: int, chance: float) -> int:
    return round(seconds * (1 + JITTER * min(max(chance, 0.0), 1.0)))


def signatures(secrets: Iterable[str], timestamp: int, body: bytes) -> str:
    """The signature of each secret, parted by commas.

    While a secret is being replaced there are two: a receiver that knows one of them
    finds a signature that it can check.
    """
    return ",".join(sign(secret, timestamp, body) for secret in secrets)
