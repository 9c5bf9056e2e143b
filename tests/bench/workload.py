"""The operations that are measured; each runs inside a worker's Odoo."""

import gc
from contextlib import contextmanager

import ingest
import process
import screens
from meter import Meter

from odoo import api

OFF = {"tracking_disable": True}
MANAGER = "bench_manager"
SALESPERSON = "bench_sales_1"


class Workload:
    """Runs one operation at a time, each in a transaction of its own.

    A transaction is flushed with its precommit hooks (that is where Odoo posts the
    tracking messages) and then rolled back: every round meets the same database.
    """

    def __init__(self, registry):
        self.registry = registry
        self._has_learned = False
        with self._environment(MANAGER) as env:
            self._leads = self._movable_leads(env)
            self._target = env["crm.stage"].search([("is_won", "=", False)])[-1].id
            self._new = self._new_leads(env)
            self._origin = self._origin_of_leads(env)
            self.calls = self._calls(env)
            connector = ingest.connector(env)
            team = env["crm.team"].search([], limit=1).id
            self.calls["ingest_500"] = (MANAGER, OFF, ingest.leads(connector, team))
            env.cr.commit()
        self._rules, self._active_rules = self._make_rules(), None
        with self._environment(SALESPERSON) as env:
            kanban = screens.open_pipeline(env, mine=True)
        self.calls["kanban_salesperson"] = (SALESPERSON, {}, kanban)
        # Collecting the garbage before each call would else walk all of Odoo.
        gc.collect()
        gc.freeze()

    def _calls(self, env):
        """Name of the operation → who calls, context, call."""
        first, leads = self._leads[:1], self._leads
        kanban = screens.open_pipeline(env, mine=False)
        return {
            "kanban_manager": (MANAGER, {}, kanban),
            "pivot": (MANAGER, {}, screens.open_forecast(env, upcoming=False)),
            "pivot_upcoming": (MANAGER, {}, screens.open_forecast(env, upcoming=True)),
            "pivot_core": (MANAGER, {}, screens.open_core_forecast(env)),
            "write_1_tracked": (MANAGER, {}, self._move(first)),
            "save_1_tracked": (MANAGER, {}, self._save(first)),
            "write_1": (MANAGER, OFF, self._move(first)),
            "write_1000_tracked": (MANAGER, {}, self._move(leads)),
            "write_1000": (MANAGER, OFF, self._move(leads)),
            "create_1000_tracked": (MANAGER, {}, self._create),
            "create_1000": (MANAGER, OFF, self._create),
            "create_1000_source": (MANAGER, OFF, self._create_with_source(1000)),
            "create_1_source": (MANAGER, OFF, self._create_with_source(1)),
        }

    @contextmanager
    def _environment(self, login, **context):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            user = env["res.users"].search([("login", "=", login)])
            context = dict(
                user.context_get(), allowed_company_ids=user.company_ids.ids, **context
            )
            env.transaction.clear()
            yield api.Environment(cr, user.id, context)
            cr.rollback()

    def measure(self, name, repeat):
        name, _colon, rules = name.partition(":")
        if rules == "learned":
            rules = ""
            self._learn()
        self._switch_rules(rules or None)
        login, context, call = self.calls[name]
        return [self._once(login, context, call) for _turn in range(repeat)]

    def _make_rules(self):
        """Stage rules by name of the set; plain Odoo has none."""
        if "crm.stage.rule" not in self.registry:
            return {}
        with self._environment(MANAGER) as env:
            rules = process.create(env, self._target)
            env.cr.commit()
        return rules

    def _switch_rules(self, name):
        if self._rules and name != self._active_rules:
            with self._environment(MANAGER) as env:
                process.switch(env, self._rules, name)
                env.cr.commit()
            self._active_rules = name
            # What the cleared registry cache held is there again for the meter.
            for warm in ("write_1", "write_1_tracked"):
                self._once(*self.calls[warm])

    def _learn(self):
        """Let a calibration be in use, with a score of each open opportunity."""
        if self._has_learned or "crm.forecast.calibration" not in self.registry:
            return
        with self._environment(MANAGER) as env:
            version = env["crm.forecast.calibration"].sudo()._learn()
            version.state = "counts"
            for _done in version._score_open():
                pass
            env.cr.commit()
        self._has_learned = True

    def _once(self, login, context, call):
        gc.collect()
        with self._environment(login, **context) as env:
            meter = Meter(env.cr)
            call(env)
            env.cr.flush()
            return meter.stop()

    def _move(self, lead_ids):
        def call(env):
            env["crm.lead"].browse(lead_ids).write({"stage_id": self._target})

        return call

    def _save(self, lead_ids):
        def call(env):
            env["crm.lead"].browse(lead_ids).write({"expected_revenue": 4321.5})

        return call

    def _create(self, env):
        env["crm.lead"].create([dict(values) for values in self._new])

    def _create_with_source(self, count):
        def call(env):
            new = [{**values, **self._origin} for values in self._new[:count]]
            env["crm.lead"].create(new)

        return call

    @staticmethod
    def _origin_of_leads(env):
        """A campaign, medium and source, as a form or an advertisement brings them."""
        return {
            "campaign_id": env["utm.campaign"].sudo().search([], limit=1).id,
            "medium_id": env["utm.medium"].sudo().search([], limit=1).id,
            "source_id": env["utm.source"].sudo().search([], limit=1).id,
        }

    @staticmethod
    def _movable_leads(env):
        early = env["crm.stage"].search([("is_won", "=", False)], limit=3)
        domain = [("stage_id", "in", early.ids), ("type", "=", "opportunity")]
        leads = env["crm.lead"].search(domain, limit=1000, order="id")
        if len(leads) < 1000:
            raise SystemExit(f"Only {len(leads)} open leads to move: fill more.")
        return leads.ids

    @staticmethod
    def _new_leads(env):
        members = env["crm.team.member"].search([], order="id")
        partners = env["res.partner"].search(
            [("is_company", "=", True)], limit=1000, order="id desc"
        )
        return [
            {
                "name": f"New opportunity {number}",
                "type": "opportunity",
                "partner_id": partners[number % len(partners)].id,
                "user_id": members[number % len(members)].user_id.id,
                "team_id": members[number % len(members)].crm_team_id.id,
                "expected_revenue": 1000 + number,
            }
            for number in range(1000)
        ]
