from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ...engine import stage_limit as engine
from ..selections import LIMIT_CLOCKS, LIMIT_UNITS

#: A change of one of these makes it another limit: it starts to escalate anew.
_MEASURE = {"stage_id", "team_ids", "company_id", "duration", "unit", "calendar_id"}


class CrmStageLimit(models.Model):
    """How long an opportunity may stay in a stage, and what happens then.

    What an empty field means: any team, any company, the company's own working
    hours. Where several limits with the same clock would hold, the one of the team
    goes before the one of the company, and that before the general one.
    """

    _name = "crm.stage.limit"
    _description = "Stage Time Limit"
    _order = "stage_id, clock, id"

    active = fields.Boolean(default=True)
    stage_id = fields.Many2one(
        "crm.stage", required=True, ondelete="restrict", index=True
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Empty: every sales team."
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: every company. An opportunity without a company counts for the "
        "company of its sales team, else of its salesperson.",
    )
    duration = fields.Float("Time Limit", required=True, default=16.0)
    unit = fields.Selection(
        LIMIT_UNITS,
        required=True,
        default="hours",
        help="Working hours leave out nights, weekends and public holidays; calendar "
        "days count every hour.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        ondelete="restrict",
        help="Empty: the working hours of the opportunity's company.",
    )
    clock = fields.Selection(
        LIMIT_CLOCKS,
        "Counts",
        required=True,
        default="stage",
        help="The time in the stage; or only since the last done activity or the last "
        "mail of the customer, when that came after entering the stage.",
    )
    step_ids = fields.One2many(
        "crm.stage.limit.step", "limit_id", "Escalation", copy=True
    )
    started_at = fields.Datetime(
        "In Force Since",
        readonly=True,
        copy=False,
        help="Opportunities that were over the limit at this moment already are "
        "recorded, but nobody is bothered about them.",
    )
    sentence = fields.Text(compute="_compute_sentence")
    breach_count = fields.Integer("Exceeded", compute="_compute_breach_count")

    @api.depends("team_ids")
    def _compute_company_id(self):
        for limit in self:
            companies = limit.team_ids.company_id
            limit.company_id = companies if len(companies) == 1 else False

    @api.depends(
        "stage_id", "duration", "unit", "calendar_id", "clock", "team_ids", "company_id"
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = self.env._(
                "%(stage)s%(scope)s: %(duration)s %(clock)s",
                stage=limit.stage_id.display_name or "",
                scope=limit._scope_text(),
                duration=limit._duration_text(),
                clock=limit._clock_text(),
            )

    @api.depends("display_name", "step_ids.sentence", "step_ids.active")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for limit in self:
            steps = ", ".join(limit.step_ids.sorted("percent").mapped("sentence"))
            limit.sentence = (
                f"{limit.display_name} → {steps}" if steps else (limit.display_name)
            )

    def _scope_text(self):
        scope = ", ".join((self.team_ids or self.company_id).mapped("display_name"))
        return f" ({scope})" if scope else ""

    def _duration_text(self):
        number = f"{self.duration:.2f}".rstrip("0").rstrip(".")
        if self.unit == "days":
            return self.env._("%s calendar days", number)
        if self.calendar_id:
            return self.env._(
                "%(number)s working hours (%(calendar)s)",
                number=number,
                calendar=self.calendar_id.sudo().display_name,
            )
        return self.env._("%s working hours", number)

    def _clock_text(self):
        return {
            "stage": self.env._("in the stage"),
            "activity": self.env._("since the last done activity"),
            "reply": self.env._("since the last customer reply"),
        }.get(self.clock, "")

    @api.model_create_multi
    def create(self, vals_list):
        now = self.env.cr.now()
        limits = super().create([{**vals, "started_at": now} for vals in vals_list])
        self.env.registry.clear_cache()
        return limits

    def write(self, vals):
        if vals.get("active") or _MEASURE & vals.keys():
            vals = {**vals, "started_at": self.env.cr.now()}
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exceeded(self):
        for limit in self:
            if limit.sudo().breach_count:
                raise UserError(
                    self.env._(
                        "The time limit “%(limit)s” cannot be deleted: opportunities "
                        "exceeded it and the report of time limits would lose it. "
                        "Archive it instead.",
                        limit=limit.display_name,
                    )
                )

    def _compute_breach_count(self):
        query = SQL(
            "SELECT limit_id, COUNT(*) FROM crm_stage_breach "
            "WHERE limit_id = ANY(%s) GROUP BY limit_id",
            self.ids,
        )
        counts = dict(self.env.execute_query(query)) if self.ids else {}
        for limit in self:
            limit.breach_count = counts.get(limit._origin.id, 0)

    def action_open_breaches(self):
        """Open what exceeded this limit; the record rules of the report apply."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_stage_breach_report_action"
        )
        action["domain"] = [("limit_id", "=", self.id)]
        action["context"] = {}
        action["view_mode"] = "list,pivot,graph"
        action["views"] = [(False, mode) for mode in ("list", "pivot", "graph")]
        return action

    @api.model
    @ormcache()
    def _limit_set(self):
        """The active limits of all companies, as engine ``Limit`` objects."""
        limits = (
            self.sudo().with_context(active_test=True).search(Domain.TRUE, order="id")
        )
        return tuple(limit._engine_limit() for limit in limits)

    def _engine_limit(self):
        return engine.Limit(
            id=self.id,
            stage_id=self.stage_id.id,
            clock=self.clock,
            unit=self.unit,
            duration=self.duration,
            team_ids=frozenset(self.team_ids.ids),
            company_id=self.company_id.id or None,
            calendar_id=self.unit == "hours" and self.calendar_id.id or None,
            steps=tuple(
                engine.Step(
                    step.id,
                    step.percent,
                    max(self.started_at, step.create_date),
                )
                for step in self.step_ids.sorted("percent")
            ),
        )
