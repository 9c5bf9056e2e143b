from ..lead_part import LeadPart
from . import attribution_sql
from .attribution_journey_sql import among

#: What the value of a deal, its currency or its milestones hang on. The company follows
#: the team and the salesperson, without being written.
_DECIDES_CREDIT = {
    "expected_revenue",
    "company_id",
    "team_id",
    "user_id",
    "type",
    "date_closed",
    "date_conversion",
}
#: Moves that set or clear the moment of closing.
_CLOSES = {"won", "lost", "reopened", "archived"}


class LeadCredit(LeadPart):
    """Tells when the credits of touches are out of date; nothing is computed here.

    New opportunities need no telling: recording a touch does it.
    """

    __slots__ = ()

    def _source_after_write(self, before, vals):
        result = super()._source_after_write(before, vals)
        if vals.keys() & _DECIDES_CREDIT:
            self.env["crm.attribution.stale"]._mark(self.ids)
        return result

    def _stage_rule_moved(self, entries):
        """Closing and reopening move the end of the journey; other moves do not."""
        result = super()._stage_rule_moved(entries)
        closed = [entry.lead_id for entry in entries if entry.move in _CLOSES]
        self.env["crm.attribution.stale"]._mark(closed)
        return result

    def _stage_history_backdate(self, rows):
        result = super()._stage_history_backdate(rows)
        self.env["crm.attribution.stale"]._mark([row["lead_id"] for row in rows])
        return result

    def _source_before_unlink(self):
        """The credits of deleted and merged opportunities go with them."""
        before = super()._source_before_unlink()
        self.env.cr.execute(attribution_sql.forget(among(self.ids)))
        return before
