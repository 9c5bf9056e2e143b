from odoo.tools import ormcache

from ..lead_part import LeadPart


class LeadStageFind(LeadPart):
    """Find the stage of many opportunities in the time of one.

    Core searches the stages again for every single opportunity that it creates or
    wins, and four times for one move. The stages change once in a while: what was
    found is kept in the registry cache, which every change of a stage clears.
    """

    __slots__ = ()

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        if not self.env["ir.rule"]._compute_domain("crm.stage").is_true():
            # Who asks matters: a rule of somebody else's addon decides.
            return super()._stage_find(team_id, domain, order, limit)
        teams = frozenset([*self.team_id.ids, *filter(None, [team_id])])
        found = self._stage_rule_found_stages(teams, domain, order, limit)
        return self.env["crm.stage"].browse(found)

    @ormcache(
        "teams",
        "repr(domain)",
        "order",
        "limit",
        "self.env.context.get('active_test', True)",
    )
    def _stage_rule_found_stages(self, teams, domain, order, limit):
        """Ids of what core finds for ``teams``: those of ``self`` and one more."""
        team_id = next(iter(teams - set(self.team_id.ids)), False)
        found = super()._stage_find(team_id, domain, order, limit)
        return tuple(found.ids)
