"""Count how often opportunities are moved on by what their moves set off."""

from collections import Counter
from contextlib import contextmanager
from weakref import WeakKeyDictionary

#: System parameter: how many times an opportunity moves on by itself at most.
HOPS_PARAMETER = "sales_opportunity_plus.stage_rule_max_hops"
_DEFAULT = 5
_KEY = "stage_rule.hops"
#: Counts at work, by cursor. Rolling back to any savepoint empties the cache of a
#: cursor, and code that an action runs may do so: what happened counts all the same.
_at_work = WeakKeyDictionary()


class StageHops:
    """The automatic moves of one transaction.

    A move that an action or a rule makes is a hop of that opportunity. Both kinds
    share the count: an action and a rule can chase each other, too.
    """

    def __init__(self, limit):
        self.limit = limit
        self.depth = 0
        self.count = Counter()

    def exhausted(self, lead_id):
        """Whether this opportunity has moved by itself as often as it may.

        How deep things set off one another is bounded as well: each new
        opportunity of actions that create opportunities begins with a count of its
        own. One hop may be a rule and an action deep.
        """
        return self.count[lead_id] >= self.limit or self.depth >= 2 * self.limit

    @contextmanager
    def inside(self, cr):
        """Everything that moves in here is set off by something automatic."""
        self.depth += 1
        _at_work[cr] = self
        try:
            yield
        finally:
            self.depth -= 1
            cr.cache[_KEY] = self
            if not self.depth:
                _at_work.pop(cr, None)


def hops_at_work(cr):
    """The count, while something automatic is under way; otherwise ``None``."""
    return _at_work.get(cr)


def stage_hops(env):
    """The count of the transaction of ``env``; a commit starts it again."""
    hops = _at_work.get(env.cr) or env.cr.cache.get(_KEY)
    if hops is None:
        text = env["ir.config_parameter"].sudo().get_param(HOPS_PARAMETER)
        limit = int(text) if str(text or "").strip().isdecimal() else _DEFAULT
        hops = env.cr.cache[_KEY] = StageHops(limit)
    return hops
