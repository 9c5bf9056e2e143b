from odoo import api, models
from odoo.exceptions import AccessError, UserError

from . import board_domain
from .board_columns import columns, names
from .board_notes import notes
from .board_options import parsed
from .board_reading import BoardReading
from .period_text import period_text


class CrmForecastBoard(models.AbstractModel):
    """The screen of the forecast: a period by company, team and salesperson.

    It has no figures of its own. It puts together the roll-up, the projection,
    targets, adjustments and calls, each read once, with the rights of its reader.
    """

    _name = "crm.forecast.board"
    _description = "Forecast Board"

    @api.model
    @api.readonly
    def read_board(self, options=None):
        """The first screen of the board; ``read_outlook`` has what takes longer.

        :param options: ``kind`` ("week", "month", "quarter", "year"), ``day`` (a date
            in the period; none: today), ``measure`` ("revenue", "mrr", "count",
            "new_business"), ``domain`` on opportunities
        """
        self._check_reader()
        asked = parsed(self.env, options)
        reading = BoardReading(self.env, asked)
        currency = self.env.company.currency_id
        rows = self._rows_of(reading)
        return {
            "options": asked.as_dict(),
            "period": self._period(asked),
            "currency_id": currency.id,
            "currency": currency.name,
            "columns": columns(self.env, reading),
            "rows": rows,
            "notes": notes(self.env, reading, rows[0]["values"]),
            "can_submit": reading.is_comparable,
        }

    def _rows_of(self, reading):
        values = reading.values()
        return [
            {
                "key": row.key,
                "parent": row.parent,
                "depth": row.depth,
                "team_id": row.team or 0,
                "user_id": row.user or 0,
                "kind": _kind(row),
                "label": self._label(row, reading.names),
                "can_adjust": self._can_adjust(row, reading),
                "values": values[row.key],
            }
            for row in reading.rows
        ]

    @api.model
    def _period_name(self, period):
        first_month = int(self.env.company.forecast_first_month)
        return period_text(self.env, period.kind, period.start, period.end, first_month)

    def _period(self, asked):
        period = asked.period
        return {
            "label": self._period_name(period),
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "previous": period.previous().start.isoformat(),
            "following": period.following().start.isoformat(),
            "is_current": asked.is_current,
        }

    @api.model
    def _label(self, row, names):
        if row.user is not None:
            return names["user"].get(row.user) or self.env._("No salesperson")
        if row.team is not None:
            return names["team"].get(row.team) or self.env._("No team")
        companies = self.env.companies
        if len(companies) == 1:
            return companies.name
        return self.env._("%s companies", len(companies))

    @api.model
    def _can_adjust(self, row, reading):
        if not reading.is_comparable or row.scope is None:
            return False
        is_manager = self.env.user.has_group("sales_team.group_sale_manager")
        return is_manager or row.team in reading.led_ids

    @api.model
    def action_open_deals(self, options, key, name, is_cumulative=True):
        """Open the opportunities behind a number.

        :param options: as for ``read_board``
        :param key: of the row
        :param name: of the number: "closed", "commit", …, "weighted", "overdue"
        :param is_cumulative: whether it has everything in it that is more certain
        """
        self.env["crm.lead"].check_access("read")
        self._check_reader()
        asked = parsed(self.env, options)
        of_row = board_domain.row_domain(self.env, key)
        if of_row is None or name not in board_domain.NAMES:
            raise UserError(
                self.env._(
                    "The forecast board has no number “%(name)s” in a row “%(key)s”. "
                    "Reload the page.",
                    name=name,
                    key=key,
                )
            )
        domain = of_row & board_domain.deals_domain(
            self.env, asked, name, bool(is_cumulative)
        )
        if asked.measure == "new_business":
            domain = board_domain.new_business(self.env, domain)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_board_action_deals"
        )
        labels = names(self.env)
        label = self._period_name(asked.period)
        title = f"{labels.get(name, name)}, {label}"
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
        }

    @api.model
    def action_open_report(self, options, view_type="pivot"):
        """Open the pivot, graph or list of the weighted forecast on the same period."""
        self.env["crm.forecast.report"].check_access("read")
        asked = parsed(self.env, options)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_report_action"
        )
        views = ["pivot", "graph", "list"]
        if view_type not in views:
            raise UserError(
                self.env._(
                    "The forecast has no view “%(view)s”. Choose one of: %(known)s.",
                    view=view_type,
                    known=", ".join(views),
                )
            )
        views.remove(view_type)
        period = asked.period
        return {
            **action,
            "views": [(False, view) for view in (view_type, *views)],
            "domain": [
                ("date", ">=", period.start.isoformat()),
                ("date", "<=", period.end.isoformat()),
            ],
            "context": {},
        }

    @api.model
    def _check_reader(self):
        self.env["crm.lead"].check_access("read")
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(
                self.env._(
                    "The forecast board is for sales people. Ask an administrator for "
                    "access to Sales."
                )
            )


def _kind(row):
    if row.user is not None:
        return "person"
    return "company" if row.team is None else "team"
