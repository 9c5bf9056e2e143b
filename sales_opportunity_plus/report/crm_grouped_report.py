from odoo import models

from ..models.selection_order import orderby_in_selection_order
from .ratio_sql import within_one


class CrmGroupedReport(models.AbstractModel):
    """What the reports share about groups: their order, ratios, what adds up."""

    _name = "crm.grouped.report"
    _description = "Report That Is Grouped"

    #: Selection fields that group in the order of their values.
    _in_selection_order = ()
    #: Measures that are ratios of sums, as ``ratio_sql`` makes them, by field.
    _ratios = {}
    #: Fields for each value of which the lines tell the same once more: over several
    #: values ratios stay empty, and so do the measures in ``_sums``.
    _once = ()
    _sums = frozenset()

    def _read_group_select(self, aggregate_spec, query):
        """Ratios of sums, never averages of ratios; nothing is counted twice."""
        name = aggregate_spec.partition(":")[0]
        if name in self._ratios:
            self._check_field_access(self._fields[name], "read")
            term = self._ratios[name](
                lambda field: self._field_to_sql(self._table, field, query)
            )
        else:
            term = super()._read_group_select(aggregate_spec, query)
            if name not in self._sums:
                return term
        if not self._once:
            return term
        return within_one(
            [self._field_to_sql(self._table, key, query) for key in self._once], term
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
