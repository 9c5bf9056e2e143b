from odoo import api, models

from ...engine.attribution import DATA_DRIVEN, OTHERS
from .attribution_rule import MILESTONES, Rule


class CrmAttributionModel(models.Model):
    """Versions: what a model computed, it keeps saying.

    A version holds the settings that matter for the shape, with the kinds that count
    spelt out: a kind that starts to count makes a new version too.
    """

    _name = "crm.attribution.model"
    _inherit = ["crm.attribution.model"]

    def _settings(self):
        """What decides the credits of this model."""
        self.ensure_one()
        model = self.sudo()
        settings = {
            "shape": self.shape,
            "lookback": self.lookback_days,
            "kinds": sorted((model.kind_ids or self._kinds_by_default()).ids),
            "company": self.company_id.id or 0,
        }
        if self.shape == "decay":
            settings["half_life"] = self.half_life
        elif self.shape == "position":
            for name in MILESTONES:
                settings[name] = self._hundredths(f"{name}_weight")
        elif self.shape in DATA_DRIVEN:
            settings["level"] = self.channel_level
        return settings

    def _kinds_by_default(self):
        kinds = self.env["crm.touch.kind"].sudo().with_context(active_test=False)
        return kinds.search([("counts", "=", True)])

    @api.model
    def _source_models_by_default(self):
        """The models that count the kinds which count by default."""
        archived_too = self.sudo().with_context(active_test=False)
        return archived_too.search([("kind_ids", "=", False)])

    @api.model
    def _source_take_kinds_in(self):
        for model in self._source_models_by_default():
            model._version().settings = model._settings()

    @api.model
    def _source_compute_again(self):
        """Have every model go through all opportunities again."""
        versions = self._versions_in_use()
        versions.write({"computed_to": 0, "computed_at": False})
        self._trigger_soon()

    def _version(self):
        """The version that counts now."""
        self.ensure_one()
        return self.sudo().version_ids.filtered(
            lambda version: version.number == self.version
        )

    def _keep_version(self, again=()):
        """Make a new version of the models whose settings have changed.

        :param again: models that are to be computed anew even if nothing has
        """
        changed = False
        for model in self.sudo():
            version, settings = model._version(), model._settings()
            if not version or version.settings != settings:
                changed = model._new_version(settings)
            elif model in again:
                version.write({"computed_to": 0, "computed_at": False})
                changed = True
        if changed:
            self._trigger_soon()

    def _new_version(self, settings, **values):
        """The next version, not computed yet; numbers are never used twice."""
        self.ensure_one()
        number = max(self.version_ids.mapped("number"), default=0) + 1
        self.version_ids.create(
            {
                "model_id": self.id,
                "number": number,
                "settings": settings,
                "sentence": self._sentence(),
                **values,
            }
        )
        self.write({"version": number, "computed_at": False})
        return True

    def _rule(self, version):
        """A version, for the statement."""
        others = version.weight_ids.filtered(lambda row: row.channel == OTHERS)
        return Rule.from_settings(
            version.settings,
            model_id=self.id,
            version_id=version.id,
            version=version.number,
            others=int(others.weight),
        )

    def _trigger_soon(self):
        cron = self.env.ref("sales_opportunity_plus.crm_attribution_cron", False)
        if cron:
            cron.sudo()._trigger()

    def action_compute_now(self):
        """Have the job that computes credits start now."""
        self.check_access("write")
        self._trigger_soon()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Credits are computed in the background. Reload in a minute."
                ),
            },
        }

    def action_open_versions(self):
        """Open what the model said before, newest first."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions of %s", self.name),
            "res_model": "crm.attribution.version",
            "view_mode": "list,form",
            "domain": [("model_id", "=", self.id)],
        }
