from odoo import api, models
from odoo.tools import SQL

from ...engine.attribution import DATA_DRIVEN
from ..first_company import first_company
from . import attribution_sql
from .attribution_journey_sql import among, in_range

#: Opportunities whose credits one transaction computes.
BATCH = 5000
#: Marks that one transaction takes from the queue.
TAKEN = 10000


class CrmAttributionModel(models.Model):
    """The job that computes credits, in PostgreSQL, in batches of bounded size.

    Marked opportunities come first: what is taken from the queue, and the credits
    that come of it, are committed together. Then each version that was not computed
    yet goes through all opportunities in the order of their ids, and keeps how far it
    came. Killed or out of time, the next run goes on; running twice changes nothing.
    """

    _name = "crm.attribution.model"
    _inherit = ["crm.attribution.model"]

    @api.model
    def _cron_compute(self):
        cron = self.env["ir.cron"]
        # How much there is to do is not known: 1 stands for "perhaps more".
        cron._commit_progress(remaining=1)
        self._estimate_due()
        versions, worked = self._versions_in_use(), False
        while taken := self._take_stale():
            self._compute_stale(versions, taken)
            worked = True
            if not cron._commit_progress(len(taken), remaining=1):
                return
        while (done := self._compute_next(versions)) is not None:
            worked = True
            if not cron._commit_progress(done, remaining=1):
                return
        if worked:
            self._stamp(versions)
        cron._commit_progress(remaining=0)

    @api.model
    def _compute_everything(self):
        """All of it in this transaction: for data that has just come with a demo."""
        self.env.cr.flush()
        versions = self._versions_in_use()
        while taken := self._take_stale():
            self._compute_stale(versions, taken)
        while self._compute_next(versions) is not None:
            pass
        self._stamp(versions)

    @api.model
    def _versions_in_use(self):
        """The current versions of the models that are not archived."""
        found = self.sudo().search([("active", "=", True)])
        return found.env["crm.attribution.version"].union(
            *(model._version() for model in found)
        )

    @api.model
    def _take_stale(self):
        """Ids of opportunities that are marked; the marks are gone with the commit."""
        return self.env["crm.attribution.stale"]._take(TAKEN)

    @api.model
    def _compute_stale(self, versions, lead_ids):
        """Compute marked opportunities, as far as each version has come.

        A version that has not come to an opportunity yet comes to it later.
        """
        for come_to, group in versions.grouped(self._come_to).items():
            ids = [i for i in lead_ids if come_to is None or i <= come_to]
            for start in range(0, len(ids), BATCH):
                self._compute(group, among(ids[start : start + BATCH]))

    @staticmethod
    def _come_to(version):
        return None if version.computed_at else version.computed_to

    @api.model
    def _compute_next(self, versions):
        """Compute the next opportunities under the versions that are behind most.

        Versions that meet on the way go on together.

        :return: how many opportunities, or ``None`` when all is computed
        """
        waiting = versions.filtered(lambda version: not version.computed_at)
        if not waiting:
            return None
        marks = sorted({version.computed_to for version in waiting})
        group = waiting.filtered(lambda version: version.computed_to == marks[0])
        ahead = marks[1] if len(marks) > 1 else None
        last, count = self._next_leads(marks[0], ahead)
        if count:
            self._compute(group, in_range(marks[0], last))
        if ahead and count < BATCH:
            last = ahead
        group.write({"computed_to": last})
        if count < BATCH and not ahead:
            group.write({"computed_at": self.env.cr.now()})
        self.env.flush_all()
        return count

    @api.model
    def _next_leads(self, after, upto):
        """Last id and number of the next opportunities after an id."""
        query = SQL(
            """
            SELECT COALESCE(max(id), %(after)s), count(*) FROM (
                SELECT id FROM crm_lead
                 WHERE id > %(after)s AND id <= COALESCE(%(upto)s, id)
                 ORDER BY id LIMIT %(batch)s) batch
            """,
            after=after,
            upto=upto,
            batch=BATCH,
        )
        return self.env.execute_query(query)[0]

    @api.model
    def _compute(self, versions, leads):
        """Replace the credits of some opportunities under some versions."""
        if not versions:
            return
        model_ids = versions.model_id.ids
        self.env.cr.execute(attribution_sql.forget(leads, model_ids))
        company_id = first_company(self.env).id
        learnt = [version for version in versions if version._is_learnt()]
        for by_data in (False, True):
            rules = [
                version.model_id._rule(version)
                for version in learnt
                if (version.settings["shape"] in DATA_DRIVEN) == by_data
            ]
            if rules:
                self.env.cr.execute(attribution_sql.credit(rules, leads, company_id))
        self.env["crm.attribution.credit"].invalidate_model(flush=False)

    @api.model
    def _stamp(self, versions):
        """Say when everything was up to date, on what nobody has changed meanwhile."""
        self.env.invalidate_all()
        versions &= self._versions_in_use()
        now = self.env.cr.now()
        versions.write({"computed_at": now})
        versions.model_id.write({"computed_at": now})
