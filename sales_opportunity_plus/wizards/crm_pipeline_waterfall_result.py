from odoo import fields, models
from odoo.tools import format_date

from ..report.report_sql import readable_deals
from . import waterfall_sql
from .crm_pipeline_waterfall_line import BARS

#: What splits the lines, by ``split``.
GROUPS = {
    "company": "company_id",
    "team": "team_id",
    "person": "user_id",
    "category": "forecast_category",
    "month": "date:month",
}
_RECORDS = {"company": "res.company", "team": "crm.team", "person": "res.users"}
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
            asked = waterfall._as_asked()
            waterfall.chart = {
                "currency_id": asked.env.company.currency_id.id,
                "parts": asked._parts(),
            }

    def _as_asked(self):
        """The waterfall with the companies that were switched on for it."""
        if not self.run_company_ids:
            return self
        return self.with_context(allowed_company_ids=self.run_company_ids)

    def _lines_sql(self):
        """The body of a WITH that ends with ``line``; see ``waterfall_sql.lines``."""
        return waterfall_sql.lines(self._scope(), readable_deals(self.env, "h"))

    def _parts(self):
        """The whole, then each row: ``{"key", "label", "bars"}``."""
        whole, rows = {}, {}
        query = waterfall_sql.sums(self._scope(), readable_deals(self.env, "h"))
        for bar, kind, row, *sums in self.env.execute_query(query):
            if kind != "part":
                _add(whole, bar, sums)
            if kind != "whole":
                _add(rows.setdefault(row, {}), bar, sums)
        parts = [{"key": False, "label": self.env._("All"), "bars": self._bars(whole)}]
        if self.split == "none":
            return parts
        return parts + [
            {"key": key, "label": label, "bars": self._bars(found)}
            for key, label, found in self._labelled(rows)
        ]

    def _bars(self, found):
        """The bars in their order; opening and closing are always there."""
        labels = dict(
            self.env["crm.pipeline.waterfall.line"]
            ._fields["bar"]
            ._description_selection(self.env)
        )
        return [
            {
                "bar": bar,
                "label": labels[bar],
                "value": float(found[bar][0]) if bar in found else 0,
                "deals": int(found[bar][1]) if bar in found else 0,
            }
            for bar, _label in BARS
            if bar in found or bar in _ENDS
        ]

    def _labelled(self, rows):
        """``(key, label, bars)`` of the rows in their order, that of none at the end.

        What was of a record that was deleted is of none.
        """
        if self.split in _RECORDS:
            model = self.env[_RECORDS[self.split]].sudo()
            records = model.browse(filter(None, rows)).exists().sorted()
            labels = {one.id: one.display_name for one in records}
        elif self.split == "month":
            labels = {
                day: format_date(self.env, day, date_format="MMMM yyyy")
                for day in sorted(filter(None, rows))
            }
        else:
            lines = self.env["crm.pipeline.waterfall.line"]
            labels = dict(
                lines._fields["forecast_category"]._description_selection(self.env)
            )
        for key, label in labels.items():
            if key in rows:
                key_ = fields.Date.to_string(key) if self.split == "month" else key
                yield key_, label, rows[key]
        none = {}
        for key in rows.keys() - labels.keys():
            for bar, sums in rows[key].items():
                _add(none, bar, sums)
        if none:
            yield 0, self.env._("None"), none


def _add(found, bar, sums):
    """Add a value and a number of deals to what was found of a bar."""
    found[bar] = [
        one + more for one, more in zip(found.get(bar, (0, 0)), sums, strict=True)
    ]
