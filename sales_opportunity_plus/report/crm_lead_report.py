from odoo import models

from ..models.selection_order import orderby_in_selection_order
from .report_sql import open_lead


class CrmLeadReport(models.AbstractModel):
    """What the reports share whose lines are about opportunities (``lead_id``)."""

    _name = "crm.lead.report"
    _description = "Report on Opportunities"

    #: Selection fields that group in the order of their values.
    _in_selection_order = ()
    #: Measures that are ratios of sums, as ``ratio_sql`` makes them, by field.
    _ratios = {}

    def _read_group_select(self, aggregate_spec, query):
        """Ratios of sums, never averages of ratios."""
        name = aggregate_spec.partition(":")[0]
        if name not in self._ratios:
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields[name], "read")
        return self._ratios[name](
            lambda field: self._field_to_sql(self._table, field, query)
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        return orderby_in_selection_order(
            super()._read_group_orderby,
            self,
            order,
            groupby_terms,
            query,
            self._in_selection_order,
        )

    def action_open_lead(self):
        """Open the opportunity of the line."""
        self.check_access("read")
        return open_lead(self)
