import json
import logging

from odoo.http import request
from odoo.service.server import thread_local
from odoo.tools import json_default

from ...exceptions import StageRuleError
from ..lead_part import LeadPart
from . import stage_decision_sql
from .crm_lead_guard import AUTOMATIC

_logger = logging.getLogger(__name__)

#: So many opportunities are described in the error of a batch; all are counted.
DESCRIBED = 50
#: So many are named in its text.
NAMED = 10


class LeadRefusal(LeadPart):
    """What happens when a rule holds an opportunity back."""

    __slots__ = ()

    def _stage_rule_refuse(self, held, moved, moves, rows, replay):
        """Keep the decision, and say everything that is missing.

        :raises StageRuleError: always
        """
        refused = [row for row in rows if row.lead_id in held]
        self._stage_rule_log_refusal(refused)
        shown = self.browse(list(held)[:DESCRIBED]).sudo()
        described = shown._stage_rule_describe(held, moved, moves)
        context = {
            "moves": described,
            "held": len(held),
            "total": len(moved),
            "may_move_others": bool(replay) and len(held) < len(moved),
            # Dates and the like travel as text, as the client itself sends them.
            "replay": json.loads(json.dumps(replay, default=json_default)),
        }
        error = StageRuleError(
            self._stage_rule_refusal_text(described, len(held), len(moved)),
            context,
            held,
        )
        # What stays where it is was refused before anything was written.
        gone = {n: moved[n][1] for n in held if moved[n][0] != moved[n][1]}
        self._stage_rule_stand_by(error, gone)
        raise error

    def _stage_rule_describe(self, held, moved, moves):
        """The refused moves as the dialog shows them."""
        labels = (
            self.env["crm.stage.decision"]
            ._fields["move"]
            ._description_selection(self.env)
        )
        labels = dict(labels)
        stages = self.env["crm.stage"].sudo().with_context(active_test=False)
        described = []
        for lead in self:
            before, after = moved[lead.id]
            described.append(
                {
                    "lead_id": lead.id if before else None,
                    "lead_name": lead.name,
                    "from": _named(stages.browse(before and before.stage_id)),
                    "to": _named(stages.browse(after.stage_id)),
                    "move": moves[lead.id],
                    "move_label": labels[moves[lead.id]],
                    "rules": lead._stage_rule_describe_decisions(held[lead.id]),
                }
            )
        return described

    def _stage_rule_refusal_text(self, described, held, total):
        """The same in plain words, for imports, the API and the log."""
        lines = []
        for move in described[:NAMED]:
            lines.append(self._stage_rule_refused_move(move))
            for rule in move["rules"]:
                lines += [
                    f"– {failure['message']} ({rule['name']})"
                    for failure in rule["failures"]
                ]
                if rule["may_confirm"]:
                    lines.append(
                        self.env._("  To move all the same, give a reason for it.")
                    )
        if held > NAMED:
            lines.append(self.env._("… and %s more.", held - NAMED))
        if total > 1:
            lines.append(
                self.env._(
                    "%(held)s of %(total)s opportunities are held back; "
                    "none was moved.",
                    held=held,
                    total=total,
                )
            )
        return "\n".join(lines)

    def _stage_rule_refused_move(self, move):
        if move["move"] == "postponed":
            return self.env._(
                "The expected closing of “%(lead)s” has passed and is not moved on "
                "(%(stage)s):",
                lead=move["lead_name"],
                stage=move["to"]["name"] if move["to"] else "–",
            )
        return self.env._(
            "“%(lead)s” cannot go from %(before)s to %(after)s (%(move)s):",
            lead=move["lead_name"],
            before=move["from"]["name"] if move["from"] else "–",
            after=move["to"]["name"] if move["to"] else "–",
            move=move["move_label"],
        )

    def _stage_rule_stand_by(self, error, positions):
        """Let no commit happen as long as an opportunity is where it may not be.

        An error that code on the server catches would otherwise leave the refused
        write behind.
        """
        precommit = self.env.cr.precommit
        refused = precommit.data.setdefault("stage_rule.refused", {})
        if not refused:
            precommit.add(self.browse()._stage_rule_check_refused)
        refused.update({n: (error, after) for n, after in positions.items()})

    def _stage_rule_check_refused(self):
        refused = self.env.cr.precommit.data.get("stage_rule.refused") or {}
        self.env.invalidate_all()
        leads = self.sudo().browse(refused).exists()
        for lead_id, position in leads._stage_rule_positions().items():
            error, after = refused[lead_id]
            if position == after:
                raise error

    # ------------------------------------------------------------
    # The log
    # ------------------------------------------------------------

    def _stage_rule_log(self, rows):
        """Write the decisions of moves that happen."""
        if rows:
            self.env.cr.execute(stage_decision_sql.insert(rows, self.env.cr.now()))
            answers = self._stage_rule_answers()
            for row in rows:
                answers.pop(row.lead_id, None)

    def _stage_rule_log_refusal(self, rows):
        """Write the decisions of moves that do not happen.

        Their transaction is rolled back, or the part of it in which they were
        tried: they are written by one of their own as soon as it has ended.
        """
        cr, registry, now = self.env.cr, self.env.registry, self.env.cr.now()
        pending = [rows]

        def write():
            if not pending:
                return
            refused = pending.pop()
            try:
                with registry.cursor() as own:
                    leads = self.browse().with_env(self.env(cr=own))
                    leads._stage_rule_write_refusal(refused, now)
            except Exception:  # pylint: disable=broad-exception-caught
                # A log that cannot be written must not take the answer away.
                _logger.warning("A refused move was not logged", exc_info=True)

        cr.postrollback.add(write)
        cr.postcommit.add(write)

    def _stage_rule_write_refusal(self, rows, now):
        """Hook: write down moves that did not happen, in a transaction of their own.

        The opportunities are as they were before; those whose creation was refused
        do not exist. Override to tell others of it; call ``super`` first.

        :param rows: list of ``stage_decision_sql.Row``
        :param now: when it was refused (naive datetime, UTC)
        """
        self.env.cr.execute(stage_decision_sql.insert(rows, now))

    def _stage_rule_said(self, row):
        """What the rules said about a move in the decision log, with their names."""
        said = json.loads(row.rules)
        rules = self.env["crm.stage.rule"].sudo().with_context(lang=None)
        rules = rules.browse(one["rule"] for one in said).exists()
        names = dict(zip(rules.ids, rules.mapped("name"), strict=True))
        return [{**one, "name": names.get(one["rule"])} for one in said]

    def _stage_rule_path(self):
        """By which way the move came in, for the log; nothing depends on it."""
        context = self.env.context
        if context.get("stage_rule_automatic") is AUTOMATIC:
            return "automatic"
        if context.get("import_file"):
            return "import"
        if "cron_id" in context:
            return "cron"
        if not request:
            # XML-RPC and JSON-RPC hide their request; they say what they call.
            return "api" if getattr(thread_local, "rpc_model_method", "") else "server"
        path = request.httprequest.path
        return "screen" if path.startswith("/web/") else "api"


def _named(stage):
    return {"id": stage.id, "name": stage.name} if stage else None
