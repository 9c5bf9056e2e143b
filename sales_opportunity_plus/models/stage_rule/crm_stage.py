from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ...engine.stage_move import StageOrder


class CrmStage(models.Model):
    """Stages change once in a while and are asked for all the time.

    Their order and what ``crm.lead._stage_find`` finds are kept in the registry
    cache, which every change of a stage clears, in all processes.
    """

    _name = "crm.stage"
    _inherit = ["crm.stage"]

    active = fields.Boolean(
        default=True,
        help="An archived stage takes no more opportunities; the stage history and "
        "its reports keep it.",
    )

    @api.model
    @ormcache()
    def _stage_rule_order(self):
        """The order of all stages, archived ones too: an engine ``StageOrder``."""
        stages = (
            self.sudo().with_context(active_test=False, lang=None).search(Domain.TRUE)
        )
        return StageOrder(
            stages=tuple(stages.ids),
            teams={
                stage.id: frozenset(stage.team_ids.ids)
                for stage in stages
                if stage.team_ids
            },
        )

    @api.model
    @ormcache()
    def _stage_rule_archived_ids(self):
        """Ids of the archived stages."""
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM crm_stage WHERE active IS NOT TRUE",
                to_flush=self._fields["active"],
            )
        )
        return frozenset(stage_id for (stage_id,) in found)

    def _search(self, domain, *args, active_test=True, **kwargs):
        """Leave archived stages out only where there are any.

        Core searches stages four times for one move and once for each opportunity
        that it creates: a condition less is felt there.
        """
        active_test = active_test and bool(self._stage_rule_archived_ids())
        return super()._search(domain, *args, active_test=active_test, **kwargs)

    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Keep what is found by team and outcome: core asks it again and again."""
        if field_names or not _is_asked_often(domain):
            return super().search_fetch(domain, field_names, offset, limit, order)
        if not self.env["ir.rule"]._compute_domain(self._name).is_true():
            # Who asks matters: a rule of somebody else's addon decides.
            return super().search_fetch(domain, field_names, offset, limit, order)
        self.browse().check_access("read")
        found = self._stage_rule_searched(domain, offset, limit, order)
        return self.browse(found)

    @ormcache(
        "repr(domain)",
        "offset",
        "limit",
        "order",
        "self.env.context.get('active_test', True)",
        "self.env.lang",
    )
    def _stage_rule_searched(self, domain, offset, limit, order):
        return tuple(super().search_fetch(domain, [], offset, limit, order).ids)

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        if not vals.get("active", True):
            self._stage_rule_check_empty()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _stage_rule_check_empty(self):
        """Refuse to archive a stage that opportunities are in."""
        for stage, count in (
            self.env["crm.lead"]
            .sudo()
            ._read_group([("stage_id", "in", self.ids)], ["stage_id"], ["__count"])
        ):
            raise UserError(
                self.env._(
                    "The stage “%(stage)s” cannot be archived: %(count)s "
                    "opportunities are in it. Move them to another stage first.",
                    stage=stage.display_name,
                    count=count,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_history(self):
        """Keep the stages that the past names."""
        for stage in self:
            named = self.env.execute_query(
                SQL(
                    "SELECT 1 FROM crm_stage_history "
                    "WHERE %(id)s IN (stage_id, from_stage_id, to_stage_id) LIMIT 1",
                    id=stage.id,
                )
            )
            if named:
                raise UserError(
                    self.env._(
                        "The stage “%(stage)s” cannot be deleted: the stage history "
                        "names it and its reports would lose it. Archive the stage "
                        "instead.",
                        stage=stage.display_name,
                    )
                )


def _is_asked_often(domain):
    """Whether a domain asks for teams and outcomes only, in plain values."""
    return isinstance(domain, list) and all(
        term in ("|", "&", "!")
        or (isinstance(term, tuple) and term[0] in ("team_ids", "is_won"))
        for term in domain
    )
