from datetime import timedelta

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import SQL

from . import machine, mailing_touch_sql

#: Where the picture and the links of a mail lead to.
_TRACKING = ("/mail/track/", "/r/")


class MailingTrace(models.Model):
    """Tells people from machines where Odoo notes that a mail was opened.

    Odoo keeps the first opening alone. When a machine was first, the one by the
    recipient would be lost: it has a moment of its own.
    """

    _name = "mailing.trace"
    _inherit = ["mailing.trace"]

    source_opened_at = fields.Datetime(
        "First Opened by a Person",
        readonly=True,
        copy=False,
        help="The first time that the mail was opened, but not by a machine.",
    )
    source_machine_opens = fields.Integer(
        "Opened by Machines",
        readonly=True,
        copy=False,
        help="How often a mail scanner, a preview or preloading opened it.",
    )
    source_by_machine = fields.Boolean(
        "By Machines",
        compute="_compute_source_by_machine",
        search="_search_source_by_machine",
        help="The mail was opened or clicked by a machine: too soon after it was "
        "sent, by a program that is known for it, or on two links within a second. "
        "That is no touch.",
    )

    _source_answered = models.Index(
        "(res_id) WHERE model = 'crm.lead' AND reply_datetime IS NOT NULL"
    )
    _source_changed = models.Index("((write_date + interval '2 seconds'))")

    def _compute_source_by_machine(self):
        found = self._search([("id", "in", self.ids), ("source_by_machine", "=", True)])
        ids = set(found)
        for trace in self:
            trace.source_by_machine = trace.id in ids

    def _search_source_by_machine(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model()
        self.env["link.tracker.click"].flush_model()
        query = mailing_touch_sql.traces_of_machines(machine.pause(self.env))
        return [("id", "in", SQL("(%s)", query))]

    def set_opened(self, domain=None):
        traces = super().set_opened(domain)
        traces._source_note_opening()
        return traces

    def _source_note_opening(self):
        """Keep whether it was a person that opened these, the first time it was."""
        now = fields.Datetime.now()
        by_machine = self._source_is_machine()
        pause = timedelta(seconds=machine.pause(self.env))
        for trace in self.filtered(lambda trace: not trace.source_opened_at):
            sent = trace.sent_datetime
            if by_machine or (sent and now <= sent + pause):
                trace.source_machine_opens += 1
            else:
                trace.source_opened_at = now

    @api.model
    def _source_is_machine(self):
        """Whether the mail's picture or link is being asked for by a machine."""
        if not request or not request.httprequest.path.startswith(_TRACKING):
            return False
        agent = request.httprequest.user_agent.string
        known = machine.is_machine(agent, machine.agents(self.env))
        return known or self.env["ir.http"].is_a_bot()
