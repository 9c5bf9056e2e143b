from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.stage_move import Position
from ..engine.stage_rule import Move, applicable, kinds_of_move
from ..report.report_sql import readable_leads
from . import rule_trial_sql


class CrmStageRuleTrial(models.TransientModel):
    """Try stage rules on the open pipeline or on the past before they are active.

    Nothing is moved, decided or logged. Fields and conditions are read as the
    opportunities are today, even for a move of last year; times, activities,
    meetings, mails, documents and ticks are read as of the move.
    """

    _name = "crm.stage.rule.trial"
    _description = "Trial of Stage Rules"

    rule_ids = fields.Many2many(
        "crm.stage.rule",
        string="Rules",
        required=True,
        context={"active_test": False},
        default=lambda self: self._default_rules(),
        help="Rules that are not active yet can be tried too.",
    )
    way = fields.Selection(
        [
            ("pipeline", "The open pipeline, as it stands"),
            ("moves", "The moves of the past"),
        ],
        "Try On",
        required=True,
        default="pipeline",
    )
    unit = fields.Selection(
        [("moves", "Moves"), ("days", "Days")], required=True, default="days"
    )
    number = fields.Integer("The Last", default=90)
    ticked = fields.Boolean(
        "Count Checklists as Ticked",
        default=True,
        help="Nobody has ticked the checklist of a rule that is not active yet.",
    )
    line_ids = fields.One2many("crm.stage.rule.trial.line", "trial_id", readonly=True)
    result = fields.Text(readonly=True)

    @api.model
    def _default_rules(self):
        context = self.env.context
        rules = self.env["crm.stage.rule"].with_context(active_test=False)
        if context.get("active_model") == rules._name:
            return rules.browse(context.get("active_ids") or ())
        return rules.search([("mode", "=", "guard")])

    @api.depends("rule_ids")
    def _compute_display_name(self):
        for trial in self:
            names = trial.rule_ids.mapped("name")
            trial.display_name = self.env._(
                "Trial of %s", names[0] if len(names) == 1 else self.env._("rules")
            )

    def action_run(self):
        """Ask the rules and show what they would have held back."""
        self.ensure_one()
        self.check_access("write")
        self.rule_ids.check_access("read")
        if self.way == "moves" and self.number <= 0:
            raise UserError(
                self.env._("Say how many %s to look back: more than 0.", self.unit)
            )
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM crm_stage_rule_trial_case WHERE trial_id = %s", self.id)
        )
        self.line_ids.unlink()
        self.env["crm.stage.rule.trial.case"].invalidate_model(flush=False)
        rules = self.rule_ids.with_context(active_test=False, lang=None).sudo()
        # When it is to be in force does not matter to a trial.
        entries = [rule._rule_entry() for rule in rules.sorted()]
        entries = [
            replace(entry, rule=replace(entry.rule, date_from=None, date_to=None))
            for entry in entries
        ]
        found = self._try_moves(entries) if self.way == "moves" else None
        found = found if found is not None else self._try_pipeline(entries)
        self._show(found)

    def _skipped(self):
        """Kinds of requirements that count as met, because nobody can tell.

        A reason is asked at the move. Which activities were planned once is not kept.
        """
        skipped = {"reason"}
        if self.ticked:
            skipped.add("checklist")
        if self.way == "moves":
            skipped |= {"activity_planned", "activity_no_overdue"}
        return skipped

    def _try_pipeline(self, entries):
        """Results by rule id, of the opportunities that are open now."""
        readable = readable_leads(self.env, SQL("crm_lead.id"))
        return {
            entry.rule.id: rule_trial_sql.ask(
                self,
                entry,
                rule_trial_sql.open_leads(self.env, entry.rule, readable),
                self._skipped(),
            )
            for entry in entries
        }

    def _try_moves(self, entries):
        """Results by rule id, of the last moves of the past."""
        about = self._moves_by_rule([entry.rule for entry in entries])
        return {
            entry.rule.id: rule_trial_sql.ask(
                self,
                entry,
                rule_trial_sql.past_moves(self.env, about[entry.rule.id]),
                self._skipped(),
            )
            for entry in entries
            if about[entry.rule.id]
        }

    def _moves_by_rule(self, rules):
        """The stays that each rule is about, with the stays before, by rule id.

        Moves are alike: each kind of move is held against the rules once.
        """
        by_days = self.unit == "days"
        since = self.env.cr.now() - timedelta(days=self.number) if by_days else None
        limit = None if by_days else self.number
        readable = readable_leads(self.env, SQL("h.lead_id"))
        order = self.env["crm.stage"]._stage_rule_order()
        # The company is looked at in SQL, as the guard finds it.
        rules = [replace(rule, company_ids=frozenset()) for rule in rules]
        today = fields.Date.context_today(self)
        known, about = {}, {rule.id: {} for rule in rules}
        for stay, before, *kind in self.env.execute_query(
            rule_trial_sql.recent_moves(readable, limit, since)
        ):
            kind = tuple(kind)
            if kind not in known:
                move = _move(order, *kind)
                known[kind] = [rule.id for rule in applicable(rules, move, today)]
            for rule_id in known[kind]:
                about[rule_id][stay] = before
        return about

    def _show(self, found):
        """Lines and one sentence about all rules together."""
        asked, held, sellers = set(), set(), set()
        for results in found.values():
            for result in results:
                asked.update(result.asked)
                held.update(result.held)
                sellers.update(result.sellers)
        self.env["crm.stage.rule.trial.line"].create(
            [
                {
                    "trial_id": self.id,
                    "rule_id": rule_id,
                    "stage_id": result.stage_id,
                    "asked": len(result.asked),
                    "held": len(result.held),
                    "approvals": result.approvals,
                    "sellers": len(result.sellers),
                }
                for rule_id, results in found.items()
                for result in results
            ]
        )
        counts = {"held": len(held), "asked": len(asked), "sellers": len(sellers)}
        if not asked:
            self.result = self.env._("The rules are about none of them.")
        elif self.way == "moves":
            self.result = self.env._(
                "Would have held back %(held)s of %(asked)s moves, "
                "of %(sellers)s salespersons.",
                **counts,
            )
        else:
            self.result = self.env._(
                "%(held)s of %(asked)s open opportunities would be held back, "
                "of %(sellers)s salespersons.",
                **counts,
            )

    def action_open_cases(self):
        """List everything that would be held back, with what is missing."""
        self.ensure_one()
        self.check_access("read")
        return self._open_cases([("trial_id", "=", self.id)])

    def _open_cases(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_stage_rule_trial_case_action"
        )
        return {**action, "domain": domain, "context": {"create": False}}


def _move(order, created, recomputed, from_stage, old_status, old_type, *after):
    """The engine's move of a row of ``recent_moves``."""
    stage, status, lead_type, team_id = after
    new = Position(stage, status, lead_type)
    old = None
    if not created:
        old = Position(from_stage, old_status or "open", old_type or lead_type)
    cause = "recomputed" if recomputed else "set"
    kinds = kinds_of_move(old, new, order, team_id, cause)
    return Move(old, new, kinds, team_id)
