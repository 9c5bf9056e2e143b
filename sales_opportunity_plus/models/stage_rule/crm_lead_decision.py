from odoo.tools import SQL

from ..lead_part import LeadPart


class LeadDecision(LeadPart):
    """Why an opportunity moved, or did not: answered on the opportunity."""

    __slots__ = ()

    def _compute_stage_decision_count(self):
        query = SQL(
            "SELECT lead_id, COUNT(*) FROM crm_stage_decision "
            "WHERE lead_id = ANY(%s) GROUP BY lead_id",
            self.ids,
        )
        counts = dict(self.env.execute_query(query)) if self.ids else {}
        for lead in self:
            lead.stage_decision_count = counts.get(lead._origin.id, 0)

    def _merge_dependences(self, opportunities):
        """Hand what was decided about merged opportunities to the one that stays."""
        result = super()._merge_dependences(opportunities)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_stage_decision SET lead_id = %s WHERE lead_id = ANY(%s)",
                self.id,
                opportunities.ids,
            )
        )
        return result

    def action_stage_rule_why(self):
        """Open what the rules said about this opportunity, and which one moved it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_stage_decision_report_action"
        )
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {"stage_decision_of_one": True}
        action["view_mode"] = "list,kanban"
        action["views"] = [(False, "list"), (False, "kanban")]
        action["display_name"] = self.env._("Stage decisions of %s", self.display_name)
        return action
