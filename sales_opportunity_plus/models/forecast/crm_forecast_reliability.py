from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.accuracy_counts import Counted, counted_accuracy
from ...engine.calibration import NEEDED
from ...report.report_sql import readable_leads
from . import reliability_sql


class CrmForecastReliability(models.AbstractModel):
    """How reliable each source of probabilities was, for the screen that shows it.

    Out of the looks (``crm.forecast.look``) at opportunities that have closed since,
    those that the reader may read.
    """

    _name = "crm.forecast.reliability"
    _description = "Reliability of Probabilities"

    @api.model
    def action_read(self, months=12, team_id=False):
        """The figures of each source; what has too little says so.

        :param months: looks of the last months only; 0: all
        :param team_id: of one sales team only
        """
        self.env["crm.lead"].check_access("read")
        said, deals, by_bin = self._counts(self._since(months), team_id)
        labels = [
            ("counts", self.env._("The one that counts")),
            *self.env["crm.forecast.look"]
            ._fields["source"]
            ._description_selection(self.env),
        ]
        return {
            "needed": NEEDED,
            "teams": self._teams(),
            "win_rate": self._win_rate(deals["counts"]),
            "sources": [
                self._source(key, label, said[key], deals[key], by_bin[key])
                for key, label in labels
            ],
        }

    def _since(self, months):
        months = max(int(months or 0), 0)
        today = fields.Date.context_today(self)
        return today - relativedelta(months=min(months, 1200)) if months else None

    def _counts(self, since, team_id):
        said, by_bin = defaultdict(list), defaultdict(dict)
        deals = defaultdict(lambda: (0, 0))
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            reliability_sql.counts(
                self.env.companies.ids,
                since,
                int(team_id) if team_id else None,
                readable_leads(self.env, SQL("look.lead_id")),
            )
        )
        for source, kind, percent, n, won in rows:
            if kind == "said":
                said[source].append(Counted(percent / 100, n, won))
            elif kind == "bin":
                by_bin[source][int(percent)] = n
            else:
                deals[source] = (n, won)
        return said, deals, by_bin

    def _teams(self):
        teams = self.env["crm.team"].search(Domain.TRUE)
        return [{"id": team.id, "name": team.display_name} for team in teams]

    def _win_rate(self, deals):
        n, won = deals
        return won / n if n else None

    def _source(self, key, label, said, deals, by_bin):
        n, _won = deals
        found = {"source": key, "label": label, "deals": n, "is_enough": n >= NEEDED}
        if n < NEEDED:
            found["text"] = self.env._(
                "Not enough data: %(closed)s closed, %(needed)s needed.",
                closed=n,
                needed=NEEDED,
            )
            return found
        accuracy = counted_accuracy(said, by_bin)
        figures = ("n", "brier", "log_loss", "auc", "ece", "ece_by_chance")
        found |= {name: getattr(accuracy, name) for name in figures}
        found["bins"] = [
            {
                "low": one.low,
                "high": one.high,
                "n": one.n,
                "deals": by_bin[round(one.low * 10)],
                "said": one.said,
                "came": one.came,
            }
            for one in accuracy.bins
        ]
        return found
