from odoo import api, fields, models
from odoo.tools import format_datetime, ormcache

from ...engine.calibration import NEEDED, Calibration
from ...engine.learning import Learned
from ...engine.scorecard import Scorecard
from ...engine.stage_clock import StageClock
from . import calibration_sql

#: A new version that is worse by this much in log loss waits for a person.
WORSE = 0.02


class CrmForecastCalibration(models.Model):
    """What was learnt from closed opportunities, as a version with its quality."""

    _name = "crm.forecast.calibration"
    _description = "Calibration of Probabilities"
    _order = "id desc"
    _rec_name = "fitted_at"

    state = fields.Selection(
        [
            ("counts", "Counts"),
            ("waiting", "Worse, waits for a decision"),
            ("past", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="counts",
    )
    fitted_at = fields.Datetime("Learnt On", required=True, readonly=True)
    rung = fields.Selection(
        [
            ("rate", "Overall win rate"),
            ("stage", "Stage"),
            ("days", "Stage and days in it"),
            ("scorecard", "Scorecard"),
        ],
        "Method",
        readonly=True,
        help="The richest method that was better on opportunities held out than the "
        "simpler ones.",
    )
    closed_count = fields.Integer(
        "Closed Opportunities",
        readonly=True,
        help="Those that were learnt from, of all companies: one calibration serves "
        "the whole database. Of many opportunities, a share is drawn.",
    )
    won_count = fields.Integer("Won Opportunities", readonly=True)
    held_out_count = fields.Integer(
        "Held Out",
        readonly=True,
        help="Looks at closed opportunities that the figures are computed on; each was "
        "foretold by what was learnt from the others.",
    )
    brier = fields.Float(
        "Brier Score",
        readonly=True,
        digits=(6, 4),
        aggregator=None,
        help="Mean squared error of the probabilities: 0 is perfect, 0.25 is a coin.",
    )
    log_loss = fields.Float(readonly=True, digits=(6, 4), aggregator=None)
    auc = fields.Float(
        "AUC",
        readonly=True,
        digits=(6, 4),
        aggregator=None,
        help="How well won ones are put before lost ones: 0.5 is chance, 1 is perfect.",
    )
    ece = fields.Float(
        "Calibration Error",
        readonly=True,
        digits=(6, 4),
        aggregator=None,
        help="How far what was said is from what came, on average (fraction).",
    )
    ece_by_chance = fields.Float(
        "Calibration Error by Chance",
        readonly=True,
        digits=(6, 4),
        aggregator=None,
        help="What a perfect forecast of as many opportunities would show.",
    )
    learnt = fields.Json(readonly=True)
    scored_to = fields.Integer(readonly=True, aggregator=None)
    scored_on = fields.Date("Opportunities Scored On", readonly=True)
    summary = fields.Char(compute="_compute_summary")

    @api.depends("closed_count", "rung")
    def _compute_summary(self):
        for version in self:
            if version.closed_count < NEEDED:
                version.summary = self.env._(
                    "Not enough data: %(closed)s closed, %(needed)s needed. Until then "
                    "the overall win rate counts.",
                    closed=version.closed_count,
                    needed=NEEDED,
                )
            else:
                version.summary = self.env._(
                    "Learnt from %(closed)s closed opportunities, %(won)s of them won.",
                    closed=version.closed_count,
                    won=version.won_count,
                )

    @api.depends("fitted_at")
    def _compute_display_name(self):
        for version in self:
            version.display_name = format_datetime(self.env, version.fitted_at)

    @api.model
    def _standing(self):
        """The version that counts, or none."""
        return self.sudo().search([("state", "=", "counts")], limit=1)

    @api.model
    @ormcache()
    def _deciding_fields(self):
        """Fields of an opportunity whose writing changes what the version says of it.

        Empty without a version, or when it says nothing. Every save asks.
        """
        standing = self._standing()
        score = standing and standing._learned().calibration.scorecard
        if not score:
            return frozenset()
        names = {part.coding.feature.name for part in score.parts}
        known = set(calibration_sql.FACTS) | set(calibration_sql.WRITTEN)
        return frozenset().union(
            *(calibration_sql.WRITTEN.get(name, {name}) for name in names & known)
        ) | {"stage_id"}

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        self.env.registry.clear_cache()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "learnt", "rung"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _keep(self, learned):
        """Keep what was learnt; it counts unless it is clearly worse."""
        found = learned.calibration
        quality = found.quality
        before = self._standing()
        loss = quality.log_loss if quality else None
        is_worse = bool(
            before.log_loss and loss is not None and loss > before.log_loss + WORSE
        )
        if before and not is_worse:
            before.state = "past"
        return self.sudo().create(
            {
                "state": "waiting" if is_worse else "counts",
                "fitted_at": fields.Datetime.now(),
                "rung": found.rung,
                "closed_count": found.closed,
                "won_count": found.won,
                "held_out_count": quality.n if quality else 0,
                "brier": quality and quality.brier,
                "log_loss": loss,
                "auc": quality and quality.auc,
                "ece": quality and quality.ece,
                "ece_by_chance": quality and quality.ece_by_chance,
                "learnt": {
                    "score": found.scorecard and found.scorecard.as_json(),
                    "clock": learned.clock.as_json(),
                    "share": found.clock_share,
                },
            }
        )

    def _learned(self):
        """What this version learnt, for the engine."""
        self.ensure_one()
        said = self.sudo().learnt
        score = said["score"] and Scorecard.from_json(said["score"])
        calibration = Calibration(
            score,
            self.rung or None,
            said["share"],
            self.closed_count,
            self.won_count,
            None,
            (),
        )
        return Learned(calibration, StageClock.from_json(said["clock"]))

    def action_let_count(self):
        """Let this version count instead of the one that does."""
        self.ensure_one()
        # Sales managers only may read; the job alone writes.
        self.check_access("read")
        self._standing().state = "past"
        self.sudo().write({"state": "counts", "scored_to": 0, "scored_on": False})
        self._forecast_trigger()

    @api.model
    def action_learn_now(self):
        """Have the job learn anew and score the open opportunities."""
        self.check_access("read")
        self._standing().scored_on = False
        self.env["ir.config_parameter"].sudo().set_param(
            "sales_opportunity_plus.calibration_due", "1"
        )
        self._forecast_trigger()

    @api.model
    def _forecast_trigger(self):
        cron = self.env.ref("sales_opportunity_plus.crm_forecast_calibration_cron")
        cron.sudo()._trigger()
