from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.i18n import format_list

from ...engine.stage_cycle import find_cycle

#: Opportunities that the cron looks at and commits at once.
BATCH = 200
#: System parameter: where the cron goes on after it ran out of time.
_AFTER_PARAMETER = "sales_opportunity_plus.stage_rule_move_after"


class CrmStageRule(models.Model):
    """Rules that move: what they must look like, and the cron that runs them.

    How opportunities are moved is in ``crm_lead_auto_move``.
    """

    _name = "crm.stage.rule"
    _inherit = ["crm.stage.rule"]

    @api.constrains(
        "mode",
        "from_stage_ids",
        "to_stage_ids",
        "approval",
        "who_owner",
        "who_leader",
        "who_group_ids",
        "who_user_ids",
    )
    def _check_mover(self):
        for rule in self.filtered(lambda rule: rule.mode == "move"):
            stages = rule.with_context(active_test=False)
            wrong = None
            if len(stages.to_stage_ids) != 1:
                wrong = self.env._("needs exactly one stage to go to")
            elif not stages.from_stage_ids:
                wrong = self.env._("needs the stages from which it moves")
            elif rule._engine_rule((), False).restricted or rule.approval:
                wrong = self.env._(
                    "cannot ask who moves, nor for approval: leave that to a rule that "
                    "guards the move, it holds for automatic moves too"
                )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” moves opportunities by itself and "
                        "%(wrong)s.",
                        rule=rule.name,
                        wrong=wrong,
                    )
                )

    @api.constrains(
        "mode",
        "active",
        "from_stage_ids",
        "to_stage_ids",
        "team_ids",
        "company_ids",
        "lead_type",
        "date_from",
        "date_to",
    )
    def _check_cycle(self):
        """Refuse rules that would move an opportunity in a circle."""
        if not self.filtered(lambda rule: rule.mode == "move" and rule.active):
            return
        movers = self.sudo().search([("mode", "=", "move"), ("active", "=", True)])
        rules = [
            rule._engine_rule((), False)
            for rule in movers.with_context(active_test=False)
        ]
        cycle = find_cycle(rules)
        if not cycle:
            return
        stages = self.env["crm.stage"].sudo().browse(cycle.stages)
        by_id = {rule.id: rule.name for rule in movers}
        names = [f"“{name}”" for name in {by_id[rule.id]: 1 for rule in cycle.rules}]
        raise ValidationError(
            self.env._(
                "Opportunities would move in a circle: %(stages)s, by the rules "
                "%(rules)s. Take a stage away from one of them, or let them be about "
                "different teams or types.",
                # By id: the first stage is there a second time.
                stages=" → ".join(
                    stages.browse(stage_id).name for stage_id in cycle.stages
                ),
                rules=format_list(self.env, names),
            )
        )

    @api.model
    def _cron_move_on(self):
        """Move what time, or another record, has made ready.

        Opportunities are taken in the order of their ids, those that fulfil a rule
        only; each batch is committed. Killed or out of time, the next run goes on;
        running twice moves nothing twice.
        """
        movers = self._rule_set().movers
        parameters = self.env["ir.config_parameter"].sudo()
        after = int(parameters.get_param(_AFTER_PARAMETER) or "0")
        while movers and (ids := self._ready_to_move(movers, after)):
            self.env["crm.lead"].browse(ids)._stage_rule_move_on(movers)
            after, more = ids[-1], len(ids) == BATCH
            time_left = self.env["ir.cron"]._commit_progress(
                len(ids), remaining=int(more)
            )
            if more and not time_left:
                parameters.set_param(_AFTER_PARAMETER, str(after))
                self.env["ir.cron"]._commit_progress(0, remaining=1)
                return
        # What comes before was looked at by the run that stopped there.
        parameters.set_param(_AFTER_PARAMETER, "0")

    @api.model
    def _ready_to_move(self, movers, after):
        """Ids of the next open opportunities that fulfil one of these rules."""
        self.env.flush_all()
        lead = self.env["crm.lead"]
        moment = lead._stage_rule_moment()
        requirement = self.env["crm.stage.rule.requirement"].sudo()
        conditions = []
        for entry in movers:
            asked = [
                SQL(
                    "%s = ANY(%s)",
                    SQL.identifier(moment.lead, "stage_id"),
                    list(entry.rule.from_stages),
                ),
                requirement._requirement_domain(entry.domain, moment),
            ]
            asked += [
                requirement._requirement_sql(spec, moment)
                for spec in entry.requirements
            ]
            conditions.append(SQL("(%s)", SQL(" AND ").join(asked)))
        query = moment.query
        query.add_where(SQL("%s > %s", moment.lead_id, after))
        query.add_where(SQL("%s", SQL.identifier(moment.lead, "active")))
        query.add_where(SQL("(%s)", SQL(" OR ").join(conditions)))
        query.order = moment.lead_id
        query.limit = BATCH
        return [row[0] for row in self.env.execute_query(query.select(moment.lead_id))]
