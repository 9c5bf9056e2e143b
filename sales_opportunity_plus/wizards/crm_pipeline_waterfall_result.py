from odoo import fields, models
from odoo.tools import format_date

from .crm_pipeline_waterfall_line import BARS

#: What splits the lines, by ``split``.
GROUPS = {
    "company": "company_id",
    "team": "team_id",
    "person": "user_id",
    "category": "forecast_category",
    "month": "date:month",
}
_ENDS = ("opening", "closing")


class CrmPipelineWaterfallResult(models.AbstractModel):
    """The result of ``crm.pipeline.waterfall``: chart, and the way to the deals."""

    _name = "crm.pipeline.waterfall.result"
    _description = "Result of a Pipeline Waterfall"

    chart = fields.Json(
        compute="_compute_chart",
        help="The bars of the whole and of each row.",
    )

    def _result_action(self):
        view = self.env.ref("sales_opportunity_plus.crm_pipeline_waterfall_view_result")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "name": self.display_name,
            "views": [(view.id, "form")],
        }

    def action_change(self):
        """Ask again with the same answers."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_pipeline_waterfall_action"
        )
        return {**action, "res_id": self.id}

    def action_pivot(self):
        """The lines as pivot, graph and list."""
        self.ensure_one()
        self.check_access("read")
        context = {"search_default_no_closing": 1, "pivot_column_groupby": []}
        context["pivot_row_groupby"] = ["bar"]
        if self.split != "none":
            context["pivot_row_groupby"] = [GROUPS[self.split]]
            context["pivot_column_groupby"] = ["bar"]
        return {
            **self._lines_action(),
            "domain": [("waterfall_id", "=", self.id)],
            "context": context,
        }

    def action_export(self):
        """Download the table and its deals as a workbook."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_pipeline_waterfall/{self.id}/xlsx",
            "target": "download",
        }

    def action_open_bar(self, bar, part=False):
        """Open the deals of a bar: what changed, or the pipeline of one of the days.

        :param part: what ``chart`` says is the key of a row; False for the whole
        """
        self.ensure_one()
        self.check_access("read")
        name = f"{self.display_name}: {dict(BARS).get(bar, bar)}"
        if bar in _ENDS:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "sales_opportunity_plus.crm_pipeline_history_report_action"
            )
            domain = self._pipeline_domain(bar, part)
        else:
            action = self._lines_action()
            domain = [("waterfall_id", "=", self.id), ("bar", "=", bar)]
            if part is not False:
                domain.append((GROUPS[self.split].split(":")[0], "=", part or False))
        views = [(False, "list"), (False, "pivot"), (False, "graph")]
        action |= {"name": name, "display_name": name, "views": views}
        return {**action, "domain": domain, "context": {}}

    def _lines_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_pipeline_waterfall_line_action"
        )
        name = self.display_name
        return {**action, "name": name, "display_name": name}

    def _pipeline_domain(self, bar, part):
        """The deals of opening or closing, for the report of the pipeline history."""
        domain = [
            ("as_of", "=", self.date_from if bar == "opening" else self.date_to),
            ("lead_type", "=", "opportunity"),
            ("status", "=", "open"),
        ]
        for name in ("company_ids", "team_ids", "user_ids"):
            if self[name]:
                domain.append((name.replace("_ids", "_id"), "in", self[name].ids))
        if self.category:
            domain.append(("forecast_category", "=", self.category))
        if self.period_from:
            domain.append(("date_deadline", ">=", self.period_from))
        if self.period_to:
            domain.append(("date_deadline", "<=", self.period_to))
        if part is not False:
            name = GROUPS[self.split].replace("date:month", "date_month")
            domain.append((name, "=", part or False))
        return domain

    # ------------------------------------------------------------
    # The chart
    # ------------------------------------------------------------

    def _compute_chart(self):
        for waterfall in self:
            waterfall.chart = {
                "currency_id": waterfall._currency().id,
                "parts": waterfall._parts(),
            }

    def _currency(self):
        lines = self.env["crm.pipeline.waterfall.line"]
        line = lines.search([("waterfall_id", "=", self.id)], limit=1)
        return line.currency_id or self.env.company.currency_id

    def _parts(self):
        """The whole, then each row: ``{"key", "label", "bars"}``."""
        parts = [
            {"key": False, "label": self.env._("All"), "bars": self._bars([])},
        ]
        if self.split == "none" or not self.split:
            return parts
        by_key = {}
        for key, *rest in self._sums([GROUPS[self.split]]):
            by_key.setdefault(key, []).append(rest)
        for key, found in by_key.items():
            parts.append(
                {
                    "key": self._key(key),
                    "label": self._label(key),
                    "bars": self._ordered(found),
                }
            )
        return parts

    def _sums(self, groups):
        return self.env["crm.pipeline.waterfall.line"]._read_group(
            [("waterfall_id", "=", self.id)],
            [*groups, "bar"],
            ["value:sum", "deals:sum"],
        )

    def _bars(self, groups):
        return self._ordered(self._sums(groups))

    def _ordered(self, found):
        """The bars in their order; opening and closing are always there."""
        found = {bar: (value, deals) for bar, value, deals in found}
        labels = dict(
            self.env["crm.pipeline.waterfall.line"]
            ._fields["bar"]
            ._description_selection(self.env)
        )
        return [
            {
                "bar": bar,
                "label": labels[bar],
                "value": found.get(bar, (0, 0))[0],
                "deals": found.get(bar, (0, 0))[1],
            }
            for bar, _label in BARS
            if bar in found or bar in _ENDS
        ]

    def _key(self, key):
        if hasattr(key, "_name"):
            return key.id or 0
        return fields.Date.to_string(key) if self.split == "month" and key else key or 0

    def _label(self, key):
        if not key:
            return self.env._("None")
        if hasattr(key, "_name"):
            return key.sudo().display_name
        if self.split == "month":
            return format_date(self.env, key, date_format="MMMM yyyy")
        field = self.env["crm.pipeline.waterfall.line"]._fields["forecast_category"]
        return dict(field._description_selection(self.env))[key]
