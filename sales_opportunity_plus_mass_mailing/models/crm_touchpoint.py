from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_opportunity_plus.models.source import touch_harvest
from odoo.addons.sales_opportunity_plus.models.source.touch_harvest import Harvest
from odoo.addons.sales_opportunity_plus.models.source.touchpoint_sql import (
    LEAD_COMPANY,
)

from . import machine, mailing_touch_sql

_ITEM = SQL.identifier("item")
_TRACE = SQL.identifier("trace")
# Two clicks within a second make each other a machine's: both have to be there.
_TRACE_KEY = SQL("write_date + interval '2 seconds'")
_CLICK_KEY = SQL("create_date + interval '2 seconds'")
_NAMED = ("campaign_id", "medium_id", "source_id", "note")


def _is_message(touch):
    """Whether this is an incoming message, which has no campaign of its own."""
    key = touch.external_key or ""
    return touch.kind == "reply" and key.startswith("mail.message:")


class CrmTouchpoint(models.Model):
    """Mailings that were sent, opened, clicked and answered are touches.

    Each is a harvest of its own, so that a company can switch off what it does not
    want to keep, as the mails sent to people who never answer.
    """

    _name = "crm.touchpoint"
    _inherit = ["crm.touchpoint"]

    @api.model
    def _harvests(self):
        return [
            *super()._harvests(),
            *self._harvests_of_mailings(),
            self._harvest_of_bounces(),
        ]

    @api.model
    def _harvests_of_mailings(self):
        pause = machine.pause(self.env)
        by_machine = mailing_touch_sql.machine_opening(_ITEM, pause)
        return [
            self._harvest_of_traces(
                "sent", "email_sent", self.env._("Mailings sent"), "sent_datetime"
            ),
            self._harvest_of_traces(
                "open",
                "email_open",
                self.env._("Mailings opened"),
                "open_datetime",
                at=mailing_touch_sql.opened_at(_ITEM),
                condition=SQL("NOT %s", by_machine),
            ),
            self._harvest_of_traces(
                "reply",
                "reply",
                self.env._("Replies to mailings"),
                "reply_datetime",
                condition=mailing_touch_sql.is_no_message(),
            ),
            self._harvest_of_clicks(pause),
        ]

    @api.model
    def _harvest_of_traces(self, part, kind, name, field, at=None, condition=None):
        moment = SQL("item.%s", SQL.identifier(field))
        return Harvest(
            code=f"mailing.trace.{part}",
            name=name,
            table="mailing_trace",
            key=_TRACE_KEY,
            where=SQL("%s IS NOT NULL", SQL.identifier(field)),
            joins=mailing_touch_sql.recipient(
                _ITEM, at or moment, condition or SQL("TRUE")
            ),
            columns={
                **self._columns_of_mailing(),
                "kind": SQL("%s", kind),
                "external_key": SQL("'mailing.trace:' || item.id || %s", f":{part}"),
            },
        )

    @api.model
    def _harvest_of_clicks(self, pause):
        by_machine = mailing_touch_sql.machine_click(_TRACE, _ITEM, pause)
        joins = SQL(
            "JOIN mailing_trace trace ON trace.id = item.mailing_trace_id "
            "JOIN link_tracker link ON link.id = item.link_id %s",
            mailing_touch_sql.recipient(
                _TRACE, SQL("item.create_date"), SQL("NOT %s", by_machine)
            ),
        )
        return Harvest(
            code="link.tracker.click",
            name=self.env._("Clicks in mailings"),
            table="link_tracker_click",
            key=_CLICK_KEY,
            where=SQL("mailing_trace_id IS NOT NULL"),
            joins=joins,
            columns={
                **self._columns_of_mailing(),
                "kind": SQL("'email_click'"),
                "external_key": SQL("'link.tracker.click:' || item.id"),
                "landing_page": SQL("link.url"),
            },
        )

    @api.model
    def _harvest_of_bounces(self):
        """A mail that comes back after its touch was recorded reached nobody.

        Servers say so minutes or days later: the touch gets a reversal, once. It is
        read after the mailings sent: what is to be reversed is recorded by then.
        """
        return Harvest(
            code="mailing.trace.bounce",
            name=self.env._("Mailings that came back: their touch is reversed"),
            table="mailing_trace",
            key=_TRACE_KEY,
            where=SQL("trace_status = 'bounce'"),
            take=self._reversal_of_bounced,
        )

    @api.model
    def _reversal_of_bounced(self, traces):
        """A statement that reverses what was sent; says of how many touches."""
        reason = self.env._("The mail came back: it reached nobody.")
        return self._reversal(
            mailing_touch_sql.is_sent_to(traces), reason, SQL("COUNT(*)")
        )

    @api.model
    def _columns_of_mailing(self):
        return {
            "happened_at": SQL("event.at"),
            "lead_id": SQL("lead.id"),
            "partner_id": SQL("COALESCE(person.id, lead.partner_id)"),
            "campaign_id": SQL("mailing.campaign_id"),
            "medium_id": SQL("mailing.medium_id"),
            "source_id": SQL("mailing.source_id"),
            "company_id": SQL("COALESCE(%s, person.company_id)", LEAD_COMPANY),
            "note": SQL("mailing.subject"),
            "matched_by": SQL(
                """CASE WHEN named.id IS NOT NULL THEN 'given'
                        WHEN lead.id IS NULL THEN 'none'
                        WHEN lead.partner_id = person.id THEN 'contact'
                        ELSE 'email' END"""
            ),
        }

    @api.model
    def _record(self, touches):
        return super()._record(self._name_mailings(touches))

    @api.model
    def _name_mailings(self, touches):
        """Give replies that arrive the campaign, medium and source they answer.

        Odoo notes on the trace that it was answered before it posts the message, and
        the message does not say what it answers.
        """
        lead_ids = {touch.lead_id for touch in touches if _is_message(touch)}
        if not lead_ids:
            return touches
        self.env["mailing.trace"].flush_model(["reply_datetime"])
        now = self.env.cr.now().replace(microsecond=0)
        query = mailing_touch_sql.answered(list(lead_ids), now)
        mailings = {
            lead_id: values for lead_id, *values in self.env.execute_query(query)
        }
        return [
            touch._replace(**dict(zip(_NAMED, mailings[touch.lead_id], strict=True)))
            if _is_message(touch) and touch.lead_id in mailings
            else touch
            for touch in touches
        ]

    @api.model
    def _harvest_mailings(self, mailing_ids):
        """Record what is not recorded yet of mailings that are about to go."""
        self.env.flush_all()
        traces = SQL(
            "SELECT id FROM mailing_trace WHERE mass_mailing_id = ANY(%s)", mailing_ids
        )
        for harvest in self._harvests_of_mailings():
            column = "id" if harvest.table == "mailing_trace" else "mailing_trace_id"
            rows = SQL(
                "(SELECT * FROM %s WHERE %s AND %s IN (%s))",
                SQL.identifier(harvest.table),
                harvest.where,
                SQL.identifier(column),
                traces,
            )
            self._record_many(touch_harvest.touches(harvest, rows))
        self._reverse_bounced_of(mailing_ids)

    @api.model
    def _reverse_bounced_of(self, mailing_ids):
        """The same at once, for mailings that are about to go."""
        traces = SQL(
            "(SELECT id FROM mailing_trace"
            " WHERE mass_mailing_id = ANY(%s) AND trace_status = 'bounce')",
            list(mailing_ids),
        )
        self.env.execute_query(self._reversal_of_bounced(traces))
        self.invalidate_model(flush=False)
