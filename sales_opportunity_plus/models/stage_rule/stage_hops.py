"""Count how often opportunities are moved on by what their moves set off."""

from collections import Counter
from contextlib import contextmanager

#: System parameter: how many times an opportunity moves on by itself at most.
HOPS_PARAMETER = "sales_opportunity_plus.stage_rule_max_hops"
_DEFAULT = 5
_KEY = "stage_rule.hops"


class StageHops:
    """The automatic moves of one transaction.

    A move that an action or a rule makes is a hop of that opportunity. Both kinds
    share the count: an action and a rule can chase each other, too. ``depth`` tells
    how many actions run inside one another, which bounds actions that create
    opportunities that create opportunities.
    """

    def __init__(self, limit):
        self.limit = limit
        self.depth = 0
        self.count = Counter()

    def add(self, lead_ids):
        self.count.update(lead_ids)

    def exhausted(self, lead_id):
        """Whether this opportunity has moved by itself as often as it may."""
        return self.depth >= self.limit or self.count[lead_id] >= self.limit

    @contextmanager
    def inside(self, cr):
        """Everything that moves in here is set off by something automatic."""
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            # Rolling back to a savepoint empties this cache; what happened counts.
            cr.cache[_KEY] = self


def stage_hops(env):
    """The count of the transaction of ``env``; a commit starts it again."""
    if _KEY not in env.cr.cache:
        text = env["ir.config_parameter"].sudo().get_param(HOPS_PARAMETER)
        limit = int(text) if str(text or "").strip().isdecimal() else _DEFAULT
        env.cr.cache[_KEY] = StageHops(limit)
    return env.cr.cache[_KEY]
