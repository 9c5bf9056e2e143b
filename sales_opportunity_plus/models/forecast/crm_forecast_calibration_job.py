from datetime import timedelta

from odoo import api, fields, models

from ...engine.calibration import NEEDED
from ...engine.learning import History, features, learn
from ...engine.stage_stay import LOST, WON
from . import calibration_sql

#: Deals that one query reads.
BATCH = 5000
#: Deals that are learnt from; of more, one in two, three, … is read.
LIMIT = 100_000
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
            learned = version._learned()
            while done := version._score_next(learned):
                if not cron._commit_progress(done, remaining=1):
                    return
            version.write({"scored_on": today, "scored_to": 0})
        # Last, so that what was marked meanwhile is taken, too.
        while taken := self.env["crm.forecast.stale"]._take(BATCH):
            if version:
                version._score(calibration_sql.among(taken))
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
        share = max(-(-count // LIMIT), 1)
        offered = features(calibration_sql.FACTS)
        today = fields.Date.today().toordinal()
        learned = learn(lambda: self._histories(share), offered, today, NEEDED)
        return self._keep(learned)

    @api.model
    def _histories(self, share):
        after = 0
        while rows := self.env.execute_query(
            calibration_sql.histories(after, BATCH, share)
        ):
            for lead_id, days, stages, amounts, outcome, closed, *facts in rows:
                yield History(
                    lead_id,
                    [
                        (day, str(stage), amount)
                        for day, stage, amount in zip(
                            days, stages, amounts, strict=True
                        )
                    ],
                    (max(closed, days[0]), WON if outcome == "won" else LOST)
                    if outcome
                    else None,
                    tuple(facts),
                )
            after = rows[-1][0]

    @api.model
    def _row(self, found):
        """What the engine looks at, of a row of ``calibration_sql.open_rows``."""
        _lead_id, stage_id, entered, amount, *facts = found
        age = max(fields.Date.today().toordinal() - entered, 0)
        return (str(stage_id), age, amount, *facts)

    def _score_next(self, learned):
        """Score the next open opportunities; return how many there were."""
        lead_ids = self._score(calibration_sql.after_id(self.scored_to), learned)
        if lead_ids:
            self.scored_to = lead_ids[-1]
            self.env.flush_all()
        return len(lead_ids)

    def _score(self, which, learned=None):
        """Score up to a batch of open opportunities; return their ids, in order.

        :param which: condition on ``lead``
        :param learned: what ``_learned`` gave, where there are more batches
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(calibration_sql.open_rows(which, BATCH))
        if not rows:
            return []
        percents, learned = [], learned or self._learned()
        for row in rows:
            chance = learned.chance(self._row(row))
            # No open opportunity is certain, and 0 says that nothing is known.
            percents.append(
                None
                if chance is None
                else min(max(round(100 * chance, 2), 0.01), 99.99)
            )
        lead_ids = [row[0] for row in rows]
        self.env.cr.execute(calibration_sql.write(lead_ids, percents))
        self.env["crm.lead"].invalidate_model(
            ["forecast_history_probability"], flush=False
        )
        return lead_ids
