from datetime import timedelta

from odoo import api, models

from ...engine.attribution import DATA_DRIVEN, OTHERS
from ...engine.attribution_data import (
    Sample,
    as_weights,
    fold,
    removal_effects,
    shapley,
)
from ..first_company import first_company
from . import attribution_data_sql

#: Days after which a model learns anew, and looks again for enough journeys.
LEARN_AGAIN = 30
LOOK_AGAIN = 1


class CrmAttributionModel(models.Model):
    """Data-driven models learn what channels weigh from the deals that closed.

    PostgreSQL counts the steps of all journeys; only these counts come here.
    """

    _name = "crm.attribution.model"
    _inherit = ["crm.attribution.model"]

    @api.model
    def _estimate_due(self):
        """Have the models learn whose turn it is."""
        for model in self.sudo().search([("shape", "in", DATA_DRIVEN)]):
            version = model._version()
            days = LEARN_AGAIN if version.weight_ids else LOOK_AGAIN
            before = self.env.cr.now() - timedelta(days=days)
            if not version.estimated_at or version.estimated_at <= before:
                model._estimate(version)
                self.env["ir.cron"]._commit_progress(remaining=1)

    def _estimate(self, version):
        """Learn, into this version or, if it has learnt before, into the next one."""
        self.ensure_one()
        company = first_company(self.env)
        rule = self._rule(version)
        query = attribution_data_sql.sample(rule, company.id)
        won, lost = self.env.execute_query(query)[0]
        weights = {}
        if Sample(rule.shape, won, lost).is_enough:
            weights = self._learn(rule, company.id)
        if version.weight_ids and weights:
            self._new_version(version.settings)
            version = self._version()
        version.write(
            {"estimated_at": self.env.cr.now(), "won_count": won, "lost_count": lost}
        )
        if weights:
            version.write({"computed_to": 0, "computed_at": False})
            self._keep_weights(version, rule.level, weights)

    @api.model
    def _learn(self, rule, company_id):
        """Weights by channel; ``OTHERS`` holds the channels that are not kept apart."""
        if rule.shape == "shapley":
            query = attribution_data_sql.conversions(rule, company_id)
            return as_weights(shapley(self.env.execute_query(query)))
        query = attribution_data_sql.steps(rule, company_id)
        counts = {
            (origin, target): count
            for origin, target, count in self.env.execute_query(query)
        }
        return as_weights(removal_effects(fold(counts)[0]))

    @api.model
    def _keep_weights(self, version, level, weights):
        names = self._channel_names(level, weights)
        self.env["crm.attribution.weight"].sudo().create(
            [
                {
                    "version_id": version.id,
                    "channel": channel,
                    "name": names.get(channel) or self.env._("None"),
                    "weight": weight,
                }
                for channel, weight in weights.items()
            ]
        )

    @api.model
    def _channel_names(self, level, channels):
        if level == "kind":
            kinds = self.env["crm.touch.kind"].sudo().browse(set(channels) - {OTHERS})
            names = {kind.id: kind.name for kind in kinds.exists()}
        else:
            query = attribution_data_sql.names(level, channels)
            names = dict(self.env.execute_query(query))
        return {**names, OTHERS: self.env._("All others")}
