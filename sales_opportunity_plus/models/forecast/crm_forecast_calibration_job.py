from array import array
from datetime import timedelta

from odoo import api, fields, models

from ...engine.calibration import NEEDED
from ...engine.learning import History, features, learn
from ...engine.stage_stay import LOST, WON
from . import calibration_sql

#: Deals that are scored together, and whose histories are read together.
BATCH, READ = 10_000, 2_500
#: Deals that are learnt from: so many, one in so many of the others, and no more.
FEW, ONE_IN, MOST = 2_000, 12, 30_000
#: Opportunities that are written at once, far from each other: see there.
AT_ONCE = 320
#: Days after which the job learns anew.
DAYS = 7


class CrmForecastCalibration(models.Model):
    """The job: learn once a week, say what was learnt to open opportunities daily.

    Learning reads only, and keeps one row at the end. Scoring commits batches in the
    order of the ids and keeps how far it came: killed, the next run goes on.
    """

    _name = "crm.forecast.calibration"
    _inherit = ["crm.forecast.calibration"]

    @api.model
    def _cron_calibrate(self):
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        if self._is_due():
            self._learn()
            cron._commit_progress(1, remaining=1)
        version = self._standing()
        today = fields.Date.today()
        if version and version.scored_on != today:
            for done in version._score_open():
                if not cron._commit_progress(done, remaining=1):
                    return
            version.write({"scored_on": today, "scored_to": 0})
        # Last, so that what was marked meanwhile is taken, too.
        while taken := self.env["crm.forecast.stale"]._take(BATCH):
            if version:
                version._score(taken)
            if not cron._commit_progress(len(taken), remaining=1):
                return
        cron._commit_progress(remaining=0)

    @api.model
    def _is_due(self):
        parameters = self.env["ir.config_parameter"].sudo()
        name = "sales_opportunity_plus.calibration_due"
        if parameters.get_param(name):
            parameters.set_param(name, False)
            return True
        last = self.sudo().search([], limit=1).fitted_at
        return not last or last < fields.Datetime.now() - timedelta(days=DAYS)

    @api.model
    def _learn(self):
        """Learn from all opportunities, in bounded memory; return the new version."""
        self.env.flush_all()
        [[count]] = self.env.execute_query(calibration_sql.COUNT)
        most = min(FEW + max(count - FEW, 0) // ONE_IN, MOST)
        rows = self.env.execute_query(calibration_sql.learnt_from(most))
        lead_ids = sorted(lead_id for (lead_id,) in rows)
        offered = features(calibration_sql.FACTS)
        today = fields.Date.today().toordinal()
        histories = self._histories(lead_ids)
        return self._keep(learn(histories, len(lead_ids), offered, today, NEEDED))

    @api.model
    def _histories(self, lead_ids):
        for first in range(0, len(lead_ids), READ):
            batch = lead_ids[first : first + READ]
            rows = self.env.execute_query(calibration_sql.histories(batch))
            yield from (_history(*row) for row in rows)

    @api.model
    def _open_rows(self, lead_ids):
        """Those of some opportunities that are open, for the engine: (id, *row)."""
        self.env.flush_all()
        today = fields.Date.today()
        return self.env.execute_query(calibration_sql.open_rows(lead_ids, today))

    def _score_open(self):
        """Score the open opportunities that come next; yields after each write.

        To be committed at each step. PostgreSQL writes a changed row anew, and into
        all of the table's indexes, unless there is room on the same page. There is
        when its neighbours were rewritten before and nobody needs what they were: so a
        write takes few opportunities, far apart, and the next one those beside.
        """
        learned = self._learned()
        self.env.flush_all()
        # To go through all ids in their order would be to read the closed ones, too.
        query = calibration_sql.open_ids(self.scored_to)
        to_score = array("i", self.env.execute_query(query)[0][0])
        for first in range(0, len(to_score), BATCH):
            rows = self._open_rows(to_score[first : first + BATCH].tolist())
            lead_ids, percents = self._percents(rows, learned)
            writes = -(-len(rows) // AT_ONCE)
            for place in range(writes):
                chosen = lead_ids[place::writes]
                self._write_percents(chosen, percents[place::writes])
                if place == writes - 1:
                    self.scored_to = lead_ids[-1]
                    self.env.flush_all()
                yield len(chosen)

    def _score(self, lead_ids):
        """Score those of a batch of opportunities that are open."""
        if rows := self._open_rows(lead_ids):
            self._write_percents(*self._percents(rows, self._learned()))

    @api.model
    def _percents(self, rows, learned):
        """Of rows of ``_open_rows``: ids, and what is learnt of each, or None."""
        lead_ids = [row[0] for row in rows]
        chances = learned.chances([row[1:] for row in rows])
        # No open opportunity is certain, and 0 says that nothing is known.
        return lead_ids, [
            None if chance is None else min(max(round(100 * chance, 2), 0.01), 99.99)
            for chance in chances
        ]

    @api.model
    def _write_percents(self, lead_ids, percents):
        self.env.cr.execute(calibration_sql.write(lead_ids, percents))
        self.env["crm.lead"].invalidate_model(
            ["forecast_history_probability"], flush=False
        )


def _history(lead_id, days, stages, amounts, outcome, closed, *facts):
    moves = list(zip(days, map(str, stages), amounts, strict=True))
    end = None
    if outcome:
        end = (max(closed, days[0]), WON if outcome == "won" else LOST)
    return History(lead_id, moves, end, tuple(facts))
