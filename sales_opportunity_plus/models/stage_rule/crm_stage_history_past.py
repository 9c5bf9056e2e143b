from itertools import chain, pairwise

from odoo import models
from odoo.exceptions import ValidationError

from ...engine.stage_move import Position, classify, direction
from . import stage_history_backfill_sql, stage_history_past_sql

_TRACKED = ("stage_id", "active", "won_status", "user_id", "expected_revenue")


class CrmStageHistory(models.Model):
    """The past: reconstructed at installation, or brought along by an import."""

    _name = "crm.stage.history"
    _inherit = ["crm.stage.history"]

    def _backfill(self):
        """Rebuild the history of opportunities that are older than the addon.

        Stages, archiving, salesperson and expected revenue come from Odoo's
        tracking values, the rest from the opportunity as it is today. What was
        changed without tracking is dated by the last stage update. Set-based,
        in one statement whatever the number of opportunities.
        """
        self.env.flush_all()
        fields = self.env["ir.model.fields"]
        tracked = {name: fields._get("crm.lead", name).id for name in _TRACKED}
        order = self.env["crm.stage"]._stage_rule_order()
        own_team_ids = frozenset(chain.from_iterable(order.teams.values()))
        kinds = [
            (team_id or 0, before or 0, after or 0, move)
            for team_id in (None, *own_team_ids)
            for before in (None, *order.stages)
            for after in (None, *order.stages)
            if (move := direction(order, team_id, before, after))
        ]
        self.env.cr.execute(
            stage_history_backfill_sql.backfill(
                tracked,
                self.env.ref("crm.mt_lead_lost").id,
                kinds,
                own_team_ids,
                self.env["crm.lead"]._forecast_default_currency().id,
            )
        )
        self.env.cr.execute("ANALYZE crm_stage_history")

    def _import_past(self, stays):
        """Replace the history of opportunities by the one they had elsewhere.

        :param stays: list of dicts, one per stay; ``lead_id``, ``stage_id`` and
            ``entered_at`` (naive datetime, UTC) are required; ``status``
            (``"open"``), ``lead_type``, ``user_id``, ``team_id``, ``company_id``,
            ``currency_id``, ``amount``, ``probability`` (percent) and
            ``moved_by_id`` default to the opportunity as it is; what is given as
            ``None`` was nobody or is not known. Each stay ends where the next of
            the same opportunity begins; the last is left open.
        :raises ValidationError: when an opportunity does not exist, a stay has no
            time, or the last stay is not where the opportunity stands
        """
        by_lead = {}
        for stay in stays:
            by_lead.setdefault(stay["lead_id"], []).append(stay)
        leads = self.env["crm.lead"].with_context(active_test=False).sudo()
        leads = leads.search_fetch([("id", "in", list(by_lead))])
        if missing := by_lead.keys() - set(leads.ids):
            raise ValidationError(
                self.env._(
                    "The stage history of opportunity %(lead)s cannot be imported: "
                    "there is no such opportunity. Import it first.",
                    lead=min(missing),
                )
            )
        rows = []
        for lead in leads:
            rows += self._chain_stays(lead, by_lead[lead.id])
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_stage_history WHERE lead_id = ANY(%s)", [leads.ids]
        )
        if rows:
            self.env.cr.execute(stage_history_past_sql.insert_stays(rows))
        self.invalidate_model(flush=False)

    def _chain_stays(self, lead, stays):
        """The rows of one opportunity: defaults filled, moves named, ends set."""
        if not all(stay.get("entered_at") for stay in stays):
            raise ValidationError(
                self.env._(
                    "The stage history of “%(lead)s” cannot be imported: a stay has "
                    "no time of entry.",
                    lead=lead.display_name,
                )
            )
        defaults = lead._stage_rule_entry(
            None, lead._stage_rule_position(), "created", {}
        )._asdict()
        defaults.update(status="open", moved_by_id=lead.user_id.id or self.env.uid)
        order = self.env["crm.stage"]._stage_rule_order()
        rows, before = [], None
        for stay in sorted(stays, key=lambda stay: stay["entered_at"]):
            row = defaults | stay
            row["stage_id"] = stay["stage_id"] or None
            after = Position(row["stage_id"], row["status"], row["lead_type"])
            move = classify(before, after, order, row["team_id"])
            if move is None:
                continue
            row["from_stage_id"] = before and before.stage_id
            row["move"] = move
            rows.append(row)
            before = after
        for row, following in pairwise(rows):
            row["left_at"] = following["entered_at"]
            row["to_stage_id"] = following["stage_id"]
            row["exit_move"] = following["move"]
        self._check_last_stay(lead, before)
        return rows

    def _check_last_stay(self, lead, last):
        standing = lead._stage_rule_position()
        if last != standing:
            raise ValidationError(
                self.env._(
                    "The stage history of “%(lead)s” cannot be imported: it ends in "
                    "stage %(last)s (%(last_status)s), but the opportunity stands in "
                    "%(stage)s (%(status)s).",
                    lead=lead.display_name,
                    last=last.stage_id,
                    last_status=last.status,
                    stage=standing.stage_id,
                    status=standing.status,
                )
            )
