import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from . import touch_harvest

_logger = logging.getLogger(__name__)


class CrmTouchHarvest(models.Model):
    """How far the rows of another app were read and made into touches.

    Reading begins where it is certain that nothing earlier is still to come, so that
    some rows are read again: their external keys are known then, and nothing is
    recorded twice. A run that is killed goes on after its last batch.
    """

    _name = "crm.touch.harvest"
    _description = "Harvest of Touches"
    _order = "id"
    _rec_name = "code"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(
        "Rows Read", compute="_compute_name", help="What is read and made into touches."
    )
    active = fields.Boolean(
        default=True,
        help="Switched off, nothing is read; switched on again, reading goes on where "
        "it stopped.",
    )
    read_until = fields.Datetime(
        readonly=True,
        help="Everything that was recorded up to then has been read.",
    )
    last_run_at = fields.Datetime("Last Run", readonly=True)
    last_count = fields.Integer("Touches of the Last Run", readonly=True)
    touch_count = fields.Integer("Touches", readonly=True, help="Of all runs.")
    last_error = fields.Char(
        readonly=True, help="Why the last run stopped; the next one tries again."
    )

    _code_is_unique = models.Constraint(
        "UNIQUE(code)", "Each harvest remembers how far it came in one row."
    )

    def _compute_name(self):
        names = {known.code: known.name for known in self._known()}
        for harvest in self:
            harvest.name = names.get(harvest.code, harvest.code)

    @api.model
    def _known(self):
        """All harvests; what is done with touches comes after what brings them."""
        touchpoint = self.env["crm.touchpoint"]
        return [*touchpoint._harvests(), *touchpoint._adoptions()]

    @api.model
    def _cron_harvest(self):
        """Read what is new everywhere, in transactions of bounded size."""
        commit = self.env["ir.cron"]._commit_progress
        known = {harvest.code: harvest for harvest in self._known()}
        rows = self._rows(known)
        top = self.env.cr.now()
        # The horizon is only true for what a later transaction sees.
        settled = self.env.execute_query(touch_harvest.horizon())[0][0]
        in_time = commit(remaining=1)
        for row in rows:
            in_time = in_time and row._read(known[row.code], top, settled, commit)
        if in_time:
            commit(remaining=0)

    @api.model
    def _begin(self):
        """Read everything at once, in the transaction of the installation.

        Touches that are waiting for an opportunity come later, if at all.
        """
        known = {harvest.code: harvest for harvest in self._known()}
        top = self.env.cr.now()
        settled = self.env.execute_query(touch_harvest.horizon())[0][0]
        for row in self._rows(known):
            if known[row.code].take:
                row._keep(SQL("read_until = %s", settled))
            else:
                row._read(known[row.code], top, settled, lambda *args, **kwargs: True)

    @api.model
    def _rows(self, known):
        """The rows of all active harvests; new ones get theirs."""
        rows = self.with_context(active_test=False).search([("code", "in", [*known])])
        missing = known.keys() - set(rows.mapped("code"))
        rows += self.create([{"code": code} for code in sorted(missing)])
        order = {code: place for place, code in enumerate(known)}
        return rows.filtered("active").sorted(lambda row: order[row.code])

    def _read(self, harvest, top, settled, commit):
        """Read all rows up to ``top``; whether there was time for it.

        :param settled: the moment up to which everything is committed
        """
        self.env.flush_all()
        after, count, in_time = self._position(), 0, True
        self._keep(SQL("last_run_at = %s, last_count = 0, last_error = NULL", top))
        while after < top and in_time:
            try:
                with self.env.cr.savepoint():
                    end, new = self._read_batch(harvest, after, top)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:  # pylint: disable=broad-exception-caught
                _logger.exception("Harvest %s failed", harvest.code)
                reason = f"{type(error).__name__}: {error}".strip().splitlines()[0]
                self._keep(SQL("last_error = %s", reason))
                return True
            after, count = end, count + new
            self._keep(
                SQL(
                    "read_until = GREATEST(read_until, %s), last_count = %s, "
                    "touch_count = COALESCE(touch_count, 0) + %s",
                    min(end, settled),
                    count,
                    new,
                )
            )
            # How much is left is not known: 1 stands for "perhaps more".
            in_time = commit(1, remaining=1)
        return in_time

    def _read_batch(self, harvest, after, top):
        """Record the touches of one batch; where it ended and how many are new."""
        query = touch_harvest.until(harvest, after, top, touch_harvest.BATCH)
        found, end = self.env.execute_query(query)[0]
        if not found:
            return top, 0
        end = end or top
        rows = touch_harvest.items(harvest, after, end)
        touchpoint = self.env["crm.touchpoint"]
        if harvest.take:
            count = self.env.execute_query(harvest.take(rows))[0][0]
            touchpoint.invalidate_model(flush=False)
            return end, count
        return end, touchpoint._record_many(touch_harvest.touches(harvest, rows))

    def _position(self):
        """Where to go on: the exact moment, which the field shows without fractions."""
        query = SQL(
            "SELECT COALESCE(read_until, '1970-01-01') FROM crm_touch_harvest "
            "WHERE id = %s",
            self.id,
        )
        return self.env.execute_query(query)[0][0]

    def _keep(self, values):
        self.env.cr.execute(
            SQL("UPDATE crm_touch_harvest SET %s WHERE id = %s", values, self.id)
        )
        self.invalidate_recordset(flush=False)
