from odoo.tools import SQL

from ...engine.stage_move import Position, classify
from ..lead_part import LeadPart
from . import stage_history_past_sql, stage_history_sql

#: Writing one of these may move an opportunity there and then. A new team,
#: salesperson or type moves it when Odoo recomputes its stage.
_MOVING_FIELDS = {"stage_id", "active", "probability"}
_RECOMPUTING_FIELDS = {"team_id", "user_id", "type"}


class _OneMove:
    """Opportunities whose next writes are one move, recorded when they are done.

    An object in the context: no client can send it, so no client can silence the
    history; and it names the opportunities, so that what an automation does to
    others meanwhile is recorded as ever.
    """

    def __init__(self, leads):
        self.lead_ids = frozenset(leads.ids)


class LeadHistory(LeadPart):
    __slots__ = ()

    def _compute_stage_history_count(self):
        query = SQL(
            "SELECT lead_id, COUNT(*) FROM crm_stage_history "
            "WHERE lead_id = ANY(%s) GROUP BY lead_id",
            self.ids,
        )
        counts = dict(self.env.execute_query(query)) if self.ids else {}
        for lead in self:
            lead.stage_history_count = counts.get(lead._origin.id, 0)

    def action_open_stage_history(self):
        """Open the timeline of this opportunity; its record rules apply there."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_stage_history_report_action_timeline"
        )
        action["domain"] = [("lead_id", "=", self.id)]
        action["display_name"] = self.env._("Stage history of %s", self.display_name)
        return action

    # ------------------------------------------------------------
    # Hooks called by the one override of create, write and unlink
    # ------------------------------------------------------------

    def _stage_rule_position(self):
        """Where the opportunity stands, as an engine ``Position``."""
        self.ensure_one()
        status = self.won_status
        if status not in ("won", "lost"):
            status = "open" if self.active else "archived"
        return Position(self.stage_id.id or None, status, self.type)

    def _stage_rule_positions(self):
        return {lead.id: lead._stage_rule_position() for lead in self.sudo()}

    def _stage_rule_after_create(self, answers):
        """Record the stays that new opportunities begin, if the rules let them.

        :param answers: an ``Answer`` or ``None`` for each, in order
        """
        for lead, answer in zip(self, answers, strict=True):
            if answer:
                self._stage_rule_answers()[lead.id] = answer
        self._stage_rule_record({})

    def _stage_rule_before_write(self, vals):
        """Positions by lead id, or ``None`` where the write itself moves nothing."""
        if not _MOVING_FIELDS & vals.keys():
            if "type" in vals:
                for lead in self.filtered(lambda lead: lead.type != vals["type"]):
                    lead._stage_rule_note(lead.stage_id.id, lead.type)
            return None
        self._stage_rule_record_noted()
        held = self.env.context.get("stage_rule_one_move")
        if not isinstance(held, _OneMove):
            return self._stage_rule_positions()
        others = self.filtered(lambda lead: lead.id not in held.lead_ids)
        return others._stage_rule_positions()

    def _stage_rule_after_write(self, before, vals):
        replay = {"ids": self.ids, "method": "write", "values": vals}
        if before:
            self.browse(before)._stage_rule_record(before, replay=replay)
        elif before is None and _RECOMPUTING_FIELDS & vals.keys():
            self._stage_rule_guard_recompute(replay)

    def _stage_rule_guard_recompute(self, replay):
        """Let the rules answer there and then when Odoo recomputes the stage.

        Without rules nobody waits for an answer, and Odoo computes later.
        """
        if self.env["crm.stage.rule"]._rule_set().guards:
            self.sudo().mapped("stage_id")
            self._stage_rule_record_noted(replay)

    def _stage_rule_settle(self, vals=None):
        """Hook: these opportunities were created or written, their moves recorded.

        :param vals: what was written; ``None`` when they were just created
        """

    def _stage_rule_before_recompute(self):
        """Stage ids before Odoo recomputes them, of the saved opportunities."""
        return {lead.id: lead.stage_id.id for lead in self if isinstance(lead.id, int)}

    def _stage_rule_after_recompute(self, before):
        for lead in self:
            if before.get(lead.id, lead.stage_id.id) != lead.stage_id.id:
                lead._stage_rule_note(before[lead.id])

    def _stage_rule_note(self, stage_id, lead_type=None):
        """Note where an opportunity stood before Odoo recomputes its stage.

        The move is recorded before the next one, or before the transaction
        commits: looking earlier would make Odoo compute now, one by one, what it
        computes for all at once later.
        """
        precommit = self.env.cr.precommit
        if not precommit.data.get("stage_rule.noted"):
            precommit.data["stage_rule.noted"] = {}
            precommit.add(self.browse()._stage_rule_record_noted)
        noted = precommit.data["stage_rule.noted"]
        if self.id in noted:
            stage_id, earlier_type = noted[self.id]
            lead_type = earlier_type or lead_type
        noted[self.id] = (stage_id, lead_type)

    def _stage_rule_record_noted(self, replay=None):
        noted = self.env.cr.precommit.data.get("stage_rule.noted")
        if not noted:
            return
        leads = self.browse(noted).exists()
        before = {
            lead_id: now._replace(
                stage_id=noted[lead_id][0] or None,
                lead_type=noted[lead_id][1] or now.lead_type,
            )
            for lead_id, now in leads._stage_rule_positions().items()
        }
        noted.clear()
        leads._stage_rule_record(before, "recomputed", replay)

    def _stage_rule_after_unlink(self, lead_ids):
        self.env.cr.execute(
            stage_history_sql.close(lead_ids, self.env.cr.now(), "deleted")
        )

    def _stage_rule_record(self, before, cause="set", replay=None):
        """Ask the rules, and write the stays that these opportunities entered.

        :param before: engine ``Position`` by lead id; a lead that is not in it
            was just created
        :param cause: ``"set"`` by somebody, or ``"recomputed"`` by Odoo
        :param replay: how to try the same again, for the dialog
        :raises StageRuleError: when a rule holds an opportunity back
        """
        order = self.env["crm.stage"]._stage_rule_order()
        entries, moves, currencies, moved = [], {}, {}, {}
        # A salesperson who gives his opportunity away can no longer read it.
        for lead in self.sudo():
            old, new = before.get(lead.id), lead._stage_rule_position()
            key = (old, new, lead.team_id.id)
            if key not in moves:
                moves[key] = classify(old, new, order, key[-1], cause)
            if move := moves[key]:
                entries.append(lead._stage_rule_entry(old, new, move, currencies))
                moved[lead.id] = (old, new)
        # What is recorded now needs no second look before the commit.
        noted = self.env.cr.precommit.data.get("stage_rule.noted", {})
        for entry in entries:
            noted.pop(entry.lead_id, None)
        if entries:
            decided = self._stage_rule_guard(moved, entries, cause, replay)
            self._stage_rule_write_entries(entries)
            self._stage_rule_log(decided)
            # What moves now may make Odoo flush: nothing recorded is noted by then.
            self._stage_rule_moved(entries)

    def _stage_rule_moved(self, entries):
        """Hook: these opportunities moved, and the history knows.

        Override to act on entering or leaving a stage; call ``super`` first.

        :param entries: list of ``stage_history_sql.Entry``
        """

    def _stage_rule_write_entries(self, entries):
        cr, now = self.env.cr, self.env.cr.now()
        left = None
        entry = entries[0] if len(entries) == 1 else None
        if entry and entry.move == "created":
            cr.execute(stage_history_sql.begin(entry, now, self.env.uid))
        elif entry:
            cr.execute(stage_history_sql.leave(entry, now))
            left = cr.fetchone()
        if left:
            entry = entry._replace(from_stage_id=left[0])
            cr.execute(stage_history_sql.enter(entry, left[1], self.env.uid))
        elif not entry or entry.move != "created":
            cr.execute(stage_history_sql.record(entries, now, self.env.uid))
        self.env["crm.stage.history"].invalidate_model(flush=False)

    def _stage_rule_entry(self, old, new, move, currencies):
        """The row of a move.

        :param currencies: currency ids found so far, by what decides them
        """
        origin = (self.company_id.id, self.team_id.id, self.user_id.id)
        if origin not in currencies:
            currencies[origin] = self._forecast_currency().id
        company_id, team_id, user_id = origin
        return stage_history_sql.Entry(
            lead_id=self.id,
            lead_type=new.lead_type,
            stage_id=new.stage_id,
            from_stage_id=old and old.stage_id,
            status=new.status,
            move=move,
            user_id=user_id or None,
            team_id=team_id or None,
            company_id=company_id or None,
            currency_id=currencies[origin],
            amount=self.expected_revenue or 0.0,
            probability=self.probability,
        )

    # ------------------------------------------------------------
    # Odoo's own actions
    # ------------------------------------------------------------

    def action_set_lost(self, **additional_values):
        """Losing takes Odoo two writes; it is one move."""
        before = self._stage_rule_positions()
        additional_values = self._stage_rule_keep_answer(additional_values)
        leads = self.with_context(stage_rule_one_move=_OneMove(self))
        result = super(LeadHistory, leads).action_set_lost(**additional_values)
        replay = {"ids": self.ids, "method": "action_set_lost"}
        replay["values"] = additional_values
        self._stage_rule_record(before, replay=replay)
        return result

    def action_set_won(self):
        """Winning a lost opportunity takes Odoo two writes; it is one move."""
        before = self._stage_rule_positions()
        leads = self.with_context(stage_rule_one_move=_OneMove(self))
        result = super(LeadHistory, leads).action_set_won()
        replay = {"ids": self.ids, "method": "action_set_won", "values": {}}
        self._stage_rule_record(before, replay=replay)
        return result

    def _merge_dependences(self, opportunities):
        """Keep both histories: the stays of the merged ones are marked."""
        result = super()._merge_dependences(opportunities)
        self.env.cr.execute(
            stage_history_sql.adopt(opportunities.ids, self.id, self.env.cr.now())
        )
        self.env["crm.stage.checklist.tick"]._adopt(opportunities.ids, self.id)
        return result

    def _stage_history_backdate(self, rows):
        """Give imported opportunities the dates of their past, set-based.

        :param rows: list of dicts: ``lead_id`` and any of ``create_date``,
            ``date_open``, ``date_closed``, ``date_last_stage_update`` and
            ``date_conversion`` (naive datetimes, UTC); a missing one is kept
        """
        self.env.flush_all()
        self.env.cr.execute(stage_history_past_sql.backdate(rows))
        self.env["crm.lead"].invalidate_model(flush=False)
