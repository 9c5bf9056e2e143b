"""Tell who may approve a move, who is asked, and why when it is not who was named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

#: Where the approvers come from. ``named``: the rule names them; ``fallback``: it
#: reaches nobody but the requester, the sales managers stand in; ``self``: there is
#: nobody else at all, the requester decides; ``nobody``: nobody can.
Origin = Literal["named", "fallback", "self", "nobody"]


@dataclass(frozen=True, slots=True)
class Approvers:
    """``may`` decide; ``asked`` get the activity: those of them who are here."""

    origin: Origin
    may: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()


def stand_ins(
    person: int, deputies: Mapping[int, frozenset[int]]
) -> tuple[frozenset[int], frozenset[int]]:
    """Who may decide for a person, and who of them is here to be asked.

    Whoever is away keeps the right to decide. A deputy who is away himself passes
    it on; where that leads in a circle, the person is asked after all.

    >>> may, asked = stand_ins(1, {1: frozenset({2}), 2: frozenset({3})})
    >>> sorted(may), sorted(asked)
    ([1, 2, 3], [3])
    >>> may, asked = stand_ins(1, {1: frozenset({2}), 2: frozenset({1})})
    >>> sorted(may), sorted(asked)
    ([1, 2], [1])
    """
    seen, here, waiting = {person}, set(), [person]
    while waiting:
        one = waiting.pop()
        further = deputies.get(one, frozenset())
        if not further:
            here.add(one)
        waiting += further - seen
        seen |= further
    return frozenset(seen), frozenset(here or {person})


def find_approvers(
    named: Iterable[int],
    managers: Iterable[int],
    requester: int,
    deputies: Mapping[int, frozenset[int]],
) -> Approvers:
    """The approvers of one request; nobody approves his own while others could.

    :param named: the people whom the rule names and who can be reached
    :param managers: who stands in where the rule reaches nobody else
    :param deputies: who decides for whom today

    >>> find_approvers([7, 8], [9], 7, {})
    Approvers(origin='named', may=frozenset({8}), asked=frozenset({8}))
    >>> find_approvers([7], [9], 7, {}).origin, find_approvers([7], [], 7, {}).origin
    ('fallback', 'self')
    """
    # A deputy who asks for himself is no deputy.
    usable = {person: others - {requester} for person, others in deputies.items()}
    everybody: tuple[tuple[Origin, frozenset[int]], ...] = (
        ("named", frozenset(named)),
        ("fallback", frozenset(managers)),
    )
    for origin, people in everybody:
        others = people - {requester}
        if others:
            found = [stand_ins(person, usable) for person in others]
            return Approvers(
                origin,
                frozenset().union(*(may for may, _asked in found)),
                frozenset().union(*(asked for _may, asked in found)),
            )
    own = frozenset({requester})
    if any(requester in people for _origin, people in everybody):
        return Approvers("self", own, own)
    return Approvers("nobody")
