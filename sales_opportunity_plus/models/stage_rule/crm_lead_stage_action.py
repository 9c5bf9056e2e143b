from collections import defaultdict

from markupsafe import Markup

from odoo.fields import Domain

from ...engine.stage_action import due, events_of
from ..lead_domain import parse_lead_domain
from ..lead_part import LeadPart
from .crm_stage_action_runner import RunError
from .stage_hops import HOPS_PARAMETER, hops_at_work, stage_hops


class LeadStageAction(LeadPart):
    """Run the actions of the stages when opportunities move."""

    __slots__ = ()

    def _stage_rule_moved(self, entries):
        result = super()._stage_rule_moved(entries)
        if hops := hops_at_work(self.env.cr):
            hops.count.update(entry.lead_id for entry in entries)
        actions = self.env["crm.stage.action"]._action_set()
        if actions:
            runs = self._stage_rule_due_actions(entries, actions)
            self._stage_rule_run_actions(runs, stage_hops(self.env))
        return result

    def _stage_rule_due_actions(self, entries, actions):
        """What is to run, in order: a list of (engine action, {lead id: run}).

        A run is the row of the log, before it is known how it ended.
        """
        known, runs = {}, defaultdict(dict)
        by_company = any(action.company_ids for action in actions)
        for entry in entries:
            key = (
                events_of(
                    entry.move, entry.status, entry.from_stage_id, entry.stage_id
                ),
                entry.team_id,
                by_company
                and self.browse(entry.lead_id).sudo()._stage_rule_company_id(),
            )
            if key not in known:
                known[key] = due(actions, *key)
            for action in known[key]:
                runs[action][entry.lead_id] = {
                    "action_id": action.id,
                    "lead_id": entry.lead_id,
                    "trigger": action.trigger,
                    "stage_id": dict(key[0])[action.trigger],
                    "move": entry.move,
                    "error": None,
                }
        return self._stage_rule_wanted_actions(runs)

    def _stage_rule_wanted_actions(self, runs):
        """Leave out what was done before and what a domain excludes."""
        once = [action.id for action in runs if not action.repeat]
        lead_ids = {lead_id for of_action in runs.values() for lead_id in of_action}
        done = self.env["crm.stage.action.run"]._done_for(once, lead_ids)
        wanted = []
        # A move has its leaving before its entering, whoever else moves with it.
        for action in sorted(
            runs, key=lambda action: (action.trigger != "leave", action.sequence)
        ):
            of_action = {
                lead_id: run
                for lead_id, run in runs[action].items()
                if action.repeat or (action.id, lead_id) not in done
            }
            if action.has_domain and of_action:
                domain = self._stage_rule_action_domain(action, of_action)
                # As the superuser: what a user may not read changes no decision.
                found = self.sudo().with_context(active_test=False).search(domain)
                of_action = {lead_id: of_action[lead_id] for lead_id in found.ids}
            if of_action:
                wanted.append((action, of_action))
        return wanted

    def _stage_rule_action_domain(self, action, lead_ids):
        record = self.env["crm.stage.action"].sudo().browse(action.id)
        domain = parse_lead_domain(record, "domain") or Domain.TRUE
        return domain & Domain("id", "in", list(lead_ids))

    def _stage_rule_run_actions(self, runs, hops):
        """Run each action on its opportunities, then write what came of it.

        :param runs: as ``_stage_rule_due_actions`` returns them
        """
        log = self.env["crm.stage.action.run"]
        for action, of_action in runs:
            record = self.env["crm.stage.action"].sudo().browse(action.id)
            leads = self.browse(of_action).exists()
            tired = leads.filtered(lambda lead: hops.exhausted(lead.id))
            failures = dict.fromkeys(tired.ids, self._stage_rule_hops_error(hops))
            if ready := leads - tired:
                with hops.inside(self.env.cr):
                    failures |= record._run_on(ready)
            remaining = leads.exists()
            for lead_id in remaining.ids:
                if error := failures.get(lead_id):
                    of_action[lead_id]["error"] = error.text
            if remaining:
                log._log([of_action[lead_id] for lead_id in remaining.ids])
            remaining._stage_rule_say_failed(record, failures)

    def _stage_rule_hops_error(self, hops):
        text = self.env._(
            "It was not run: the opportunity moved on by itself %(limit)s times in one "
            "go. Actions and rules seem to move it in a circle; an administrator may "
            "raise the system parameter %(parameter)s.",
            limit=hops.limit,
            parameter=HOPS_PARAMETER,
        )
        return RunError(text, True)

    def _stage_rule_say_failed(self, action, failures):
        """Tell the readers of those for which an action failed.

        :param failures: a ``RunError`` by lead id
        """
        failed = self.filtered(lambda lead: lead.id in failures)
        if not failed:
            return
        title = self.env._(
            "“%(action)s” failed. The opportunity moved all the same.",
            action=action.name,
        )
        hidden = self.env._(
            "The action itself is broken: a sales manager finds the error under "
            "Configuration, Sales Process, Runs of Stage Actions."
        )
        bodies = {}
        for lead in failed:
            error = failures[lead.id]
            shown = error.text if error.for_users else hidden
            bodies[lead.id] = Markup("<p><b>%s</b></p><p>%s</p>") % (title, shown)
        author = self.env.ref("base.partner_root")
        failed.sudo()._message_log_batch(bodies, author_id=author.id)

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self.env["crm.stage.action.run"]._adopt(opportunities.ids, self.id)
        return result
