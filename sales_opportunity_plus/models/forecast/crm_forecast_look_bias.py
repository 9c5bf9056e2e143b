from collections import defaultdict

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
                ("measure", "=", "revenue"),
                ("period_kind", "=", kind),
            ],
            ["day", "period_start", "forecast", "actual", "is_reconstructed"],
        )
        first = defaultdict(dict)
        for line in lines.sorted("day"):
            if line.day >= line.period_start:
                which = line.is_reconstructed, line.period_start
                first[which].setdefault((line.company_id, line.team_id), line)
        periods, is_rebuilt = _chosen(first)
        chosen = [line for lines in periods for line in lines.values()]
        actual = sum(line.actual for line in chosen)
        if len(periods) < LEAST or not actual:
            return None
        bias = sum(line.forecast for line in chosen) / actual - 1
        return self._bias_text(len(periods), bias, is_rebuilt)

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
