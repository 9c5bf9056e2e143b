from ..lead_part import LeadPart


class LeadStale(LeadPart):
    """Tells when a learnt probability is out of date; nothing is computed here.

    Without anything learnt, nothing is marked.
    """

    __slots__ = ()

    def _stage_rule_moved(self, entries):
        """New, reopened, converted and moved opportunities are scored again."""
        result = super()._stage_rule_moved(entries)
        calibration = self.env["crm.forecast.calibration"]
        if calibration._deciding_fields():
            self.env["crm.forecast.stale"]._mark(
                [
                    entry.lead_id
                    for entry in entries
                    if entry.status == "open" and entry.lead_type == "opportunity"
                ]
            )
        return result

    def _forecast_after_write(self, vals):
        """Mark opportunities of which something was written that was learnt from."""
        calibration = self.env["crm.forecast.calibration"]
        if not calibration._deciding_fields().isdisjoint(vals):
            self.env["crm.forecast.stale"]._mark(self.ids)
