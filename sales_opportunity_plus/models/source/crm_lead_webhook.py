import logging

from odoo import SUPERUSER_ID, api
from odoo.fields import Domain

from ...engine.webhook import events_of
from ..lead_part import LeadPart
from . import webhook_sql

_logger = logging.getLogger(__name__)


class LeadWebhook(LeadPart):
    """Write down what happens to opportunities for the webhooks that listen.

    In the transaction of the move, by one statement: an event is there when the move
    is, and not when it is rolled back. Sending is left to a scheduled action.
    """

    __slots__ = ()

    def _stage_rule_moved(self, entries):
        # Before super: what a stage does by itself may move the opportunity on, and
        # events are told in the order in which things happened.
        if listeners := self.env["crm.webhook"]._listeners():
            self._source_tell_moves(entries, listeners)
        return super()._stage_rule_moved(entries)

    def _source_tell_moves(self, entries, listeners):
        heard = frozenset().union(*(listener.events for listener in listeners))
        happenings = [
            webhook_sql.Happening(
                event=event,
                lead_id=entry.lead_id,
                move=entry.move,
                stage_id=entry.stage_id,
                old_stage_id=entry.from_stage_id,
                user_id=entry.user_id,
                team_id=entry.team_id,
                company_id=entry.company_id,
                currency_id=entry.currency_id,
                amount=entry.amount,
                probability=entry.probability,
            )
            for entry in entries
            for event in events_of(
                entry.move,
                entry.status,
                entry.from_stage_id,
                entry.stage_id,
                entry.lead_type,
            )
            if event in heard
        ]
        self._source_tell(happenings, listeners)

    def _stage_rule_write_refusal(self, rows, now):
        super()._stage_rule_write_refusal(rows, now)
        listeners = self.env["crm.webhook"]._listeners()
        if not any("rule_blocked" in listener.events for listener in listeners):
            return
        try:
            with self.env.cr.savepoint():
                self._source_tell(self._source_refusals(rows), listeners)
        except Exception:  # pylint: disable=broad-exception-caught
            # The decision log of the same transaction must not be lost for it.
            _logger.exception("A refused move was not told to webhooks")

    def _source_refusals(self, rows):
        """What a rule held back; the opportunity stands where it stood before."""
        blocked = [row for row in rows if row.result == "blocked"]
        said = {row.lead_id: self._stage_rule_said(row) for row in blocked}
        return [
            webhook_sql.Happening(
                event="rule_blocked",
                lead_id=row.lead_id,
                move=row.move,
                stage_id=row.from_stage_id,
                old_stage_id=None,
                user_id=row.user_id,
                team_id=row.team_id,
                company_id=row.company_id,
                to_stage_id=row.to_stage_id,
                rules=said[row.lead_id],
            )
            for row in blocked
        ]

    def _source_tell(self, happenings, listeners):
        """Write events down for the webhooks that listen, set-based.

        :param happenings: list of ``webhook_sql.Happening``
        :param listeners: tuple of ``Listener``
        """
        events = {one.event for one in happenings}
        listeners = [one for one in listeners if one.events & events]
        if not listeners:
            return
        leads = self.sudo().with_context(active_test=False)
        columns = {name for one in listeners for name in one.columns}
        leads.flush_model([*webhook_sql.LEAD_FIELDS, *columns])
        among = Domain("id", "in", list({one.lead_id for one in happenings}))
        chosen = [
            (one, one.domain and leads._search(among & one.domain).subselect())
            for one in listeners
        ]
        statement = webhook_sql.record(
            happenings,
            chosen,
            self.env.cr.now(),
            self.env.uid,
            self.env["crm.webhook"]._first_company_id(),
        )
        self.env.execute_query(statement)
        self.env["crm.webhook.delivery"].invalidate_model(flush=False)
        self._source_wake_delivery()

    def _source_wake_delivery(self):
        """Have the events sent as soon as the transaction has committed.

        By a transaction of its own: the seller's writes nothing for it, and when it
        does not come to that the scheduled action finds the events by itself.
        """
        postcommit, registry = self.env.cr.postcommit, self.env.registry
        if postcommit.data.get("source.wake_delivery"):
            return
        postcommit.data["source.wake_delivery"] = True

        def wake():
            try:
                with registry.cursor() as own:
                    env = api.Environment(own, SUPERUSER_ID, {})
                    env["crm.webhook.delivery"]._wake()
            except Exception:  # pylint: disable=broad-exception-caught
                # What was saved is saved: the next regular run sends the events.
                _logger.warning("The sending of events was not woken", exc_info=True)

        postcommit.add(wake)
