from odoo import api, models

#: Forecasts that are looked back on, and those below which nothing is said.
MOST, LEAST = 8, 4


class CrmForecastLook(models.Model):
    """What the past forecasts say of the next one."""

    _name = "crm.forecast.look"
    _inherit = ["crm.forecast.look"]

    @api.model
    def _bias_sentence(self, companies=None, kind="month"):
        """How far the last weighted forecasts of the reader ran beside, in words.

        The first one of each period counts. None where too few have matured.
        """
        companies = companies or self.env.company
        is_all = self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        report = self.env["crm.forecast.accuracy.report"]
        lines = report.search_fetch(
            [
                ("company_id", "in", companies.ids),
                ("level", "=", "company" if is_all else "person"),
                ("user_id", "=", False if is_all else self.env.uid),
                ("method", "=", "weighted"),
                ("period_kind", "=", kind),
            ],
            ["day", "period_start", "forecast", "actual"],
        )
        days = {}
        for line in lines:
            if line.day >= line.period_start:
                known = days.get(line.period_start, line.day)
                days[line.period_start] = min(known, line.day)
        starts = sorted(days)[-MOST:]
        first = [
            line
            for line in lines
            if line.period_start in starts and line.day == days[line.period_start]
        ]
        actual = sum(line.actual for line in first)
        if len(starts) < LEAST or not actual:
            return None
        bias = round((sum(line.forecast for line in first) / actual - 1) * 100)
        said = {"count": len(starts), "percent": abs(bias)}
        if bias > 0:
            return self.env._(
                "Our last %(count)s forecasts ran %(percent)s %% high.", **said
            )
        if bias < 0:
            return self.env._(
                "Our last %(count)s forecasts ran %(percent)s %% low.", **said
            )
        return self.env._("Our last %(count)s forecasts hit the mark.", **said)
