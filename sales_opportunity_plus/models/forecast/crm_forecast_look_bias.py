from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from . import forecast_proof_sql

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
        first = defaultdict(dict)
        if self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            found = self._of_companies(companies & self.env.companies, kind)
        else:
            found = self._of_person(companies, kind)
        for line in found:
            which = line["is_reconstructed"], line["period_start"]
            first[which].setdefault((line["company_id"], line["team_id"]), line)
        periods, is_rebuilt = _chosen(first)
        chosen = [line for lines in periods for line in lines.values()]
        actual = sum(line["actual"] for line in chosen)
        if len(periods) < LEAST or not actual:
            return None
        bias = sum(line["forecast"] for line in chosen) / actual - 1
        return self._bias_text(len(periods), bias, is_rebuilt)

    @api.model
    def _of_companies(self, companies, kind):
        """The first statements of periods; what came is kept with them each week."""
        statements = self.env["crm.forecast.statement"]
        today = statements._today(self.env.company)
        statements.flush_model()
        rows = self.env.execute_query_dict(
            forecast_proof_sql.first_said(companies.ids, kind, today)
        )
        rates = self.env["crm.forecast.rate"]._factors()
        for row in rows:
            if (rate := rates.get(row["currency_id"])) is not None:
                rate = float(rate)
                yield row | {
                    "team_id": 0,
                    "forecast": float(row["amount"]) * rate,
                    "actual": float(row["actual"]) * rate,
                }

    @api.model
    def _of_person(self, companies, kind):
        """Those of the reader himself: what he won is summed up when he asks."""
        domain = Domain("company_id", "in", companies.ids)
        domain &= Domain("level", "=", "person") & Domain("user_id", "=", self.env.uid)
        domain &= Domain("method", "=", "weighted") & Domain("measure", "=", "revenue")
        domain &= Domain("period_kind", "=", kind)
        names = ["day", "period_start", "forecast", "actual", "is_reconstructed"]
        names += ["company_id", "team_id"]
        report = self.env["crm.forecast.accuracy.report"]
        lines = report.search_read(domain, names, order="day", load="")
        return [line for line in lines if line["day"] >= line["period_start"]]

    @api.model
    def _bias_text(self, count, bias, is_rebuilt):
        percent = round(bias * 100)
        said = {"count": count, "percent": abs(percent)}
        if percent > 0:
            text = self.env._(
                "Our last %(count)s forecasts ran %(percent)s %% high.", **said
            )
        elif percent < 0:
            text = self.env._(
                "Our last %(count)s forecasts ran %(percent)s %% low.", **said
            )
        else:
            text = self.env._("Our last %(count)s forecasts hit the mark.", **said)
        if not is_rebuilt:
            return text
        return self.env._("%(sentence)s (Rebuilt from the history.)", sentence=text)


def _chosen(first):
    """The last periods, and whether some of them were rebuilt.

    Where enough forecasts were made, rebuilt ones, which nobody had seen, are left out.

    :param first: ``{(is reconstructed, first day of the period): lines}``
    """
    live = {start: lines for (rebuilt, start), lines in first.items() if not rebuilt}
    both = {start: lines for (rebuilt, start), lines in first.items() if rebuilt} | live
    found = live if len(live) >= LEAST else both
    last = sorted(found)[-MOST:]
    return [found[start] for start in last], any(start not in live for start in last)
