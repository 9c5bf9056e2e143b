"""Random lives of a pipeline in Odoo's shell: each night is taken both ways.

What a mark lets be compared must leave the same history as comparing everything,
whoever changed the opportunities and however, and whatever became of the tables.
"""

import random
from contextlib import closing
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import db_connect

#: Later than any day that the database knows.
START = datetime(2030, 4, 1)
LEADS = 40
_ROWS = """
    SELECT lead_id, valid_from, valid_to, lead_type, stage_id, team_id, user_id,
           company_id, status, forecast_category, amount, recurring_amount, currency_id,
           rate, probability, date_deadline, date_closed
      FROM crm_pipeline_history
     ORDER BY lead_id, valid_from, id
"""


class Lives:
    def __init__(self, env, seed):
        self.env = env(context={"tracking_disable": True, "mail_create_nolog": True})
        self.rng = random.Random(seed)
        self.history = self.env["crm.pipeline.history"]
        self.day = self.env["crm.pipeline.day"]
        self.stages = self.env["crm.stage"].search([])
        self.teams = self.env["crm.team"].search([])
        self.under_way = []
        #: Nights on which a mark was good, and opportunities that it spared.
        self.marked = self.spared = 0
        self._found()

    def _found(self):
        main = self.env.company
        abroad = self.env["res.company"].create({"name": "Abroad"})
        abroad.partner_id.tz = "Pacific/Honolulu"
        self.companies = main | abroad
        self.now(START)
        for _number in range(LEADS):
            self.create()

    def now(self, moment):
        self.moment = moment
        self.env.cr.now = lambda: moment

    # ------------------------------------------------------------
    # What happens to opportunities
    # ------------------------------------------------------------

    def lead(self):
        leads = self.env["crm.lead"].with_context(active_test=False).search([])
        return self.rng.choice(leads)

    def sql(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(query, args)
        self.env.invalidate_all()

    def create(self):
        company = self.rng.choice([*self.companies, None])
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "user_id": False,
                "team_id": self.rng.choice(self.teams).id if not company else False,
                "expected_revenue": self.rng.randint(0, 999),
            }
        )
        # Saving computes another one.
        company_id = company and company.id
        query = "UPDATE crm_lead SET company_id = %s WHERE id = %s"
        self.sql(query, company_id, lead.id)

    def amount(self):
        with self.env.cr.savepoint():
            self.lead().expected_revenue = self.rng.randint(0, 999)

    def stage(self):
        self.lead().stage_id = self.rng.choice(self.stages)

    def deadline(self):
        self.lead().date_deadline = START.date() + timedelta(self.rng.randint(0, 99))

    def lose(self):
        self.lead().action_set_lost()

    def restore(self):
        self.lead().action_unarchive()

    def delete(self):
        self.lead().unlink()

    def merge(self):
        (self.lead() | self.lead() | self.lead()).merge_opportunity()

    def scoring(self):
        self.sql(
            "UPDATE crm_lead SET probability = %s, automated_probability = %s"
            " WHERE id = %s",
            *[self.rng.randint(1, 99)] * 2,
            self.lead().id,
        )

    def delete_by_sql(self):
        self.sql("DELETE FROM crm_lead WHERE id = %s", self.lead().id)

    def written_in_future(self):
        self.sql(
            "UPDATE crm_lead SET expected_revenue = %s, write_date = %s WHERE id = %s",
            self.rng.randint(0, 999),
            self.moment + timedelta(days=self.rng.randint(1, 4)),
            self.lead().id,
        )

    def by_hand(self):
        self.sql(
            "UPDATE crm_lead SET forecast_manual_user_id = %s,"
            " forecast_manual_probability = %s, forecast_manual_until = %s"
            " WHERE id = %s",
            self.env.uid,
            self.rng.randint(1, 99),
            self.moment.date() + timedelta(days=self.rng.randint(0, 4)),
            self.lead().id,
        )

    def other_company(self):
        self.sql(
            "UPDATE crm_lead SET company_id = %s WHERE id = %s",
            self.rng.choice(self.companies).id,
            self.lead().id,
        )

    def under_way_at_night(self):
        """A transaction that began before the night is taken, and ends afterwards."""
        lead_id = self.lead().id
        self.env.cr.commit()
        cr = db_connect(self.env.cr.dbname).cursor()
        self.under_way.append(cr)
        cr.execute("SET lock_timeout = '1s'")
        cr.execute(
            "UPDATE crm_lead SET expected_revenue = expected_revenue + 1 WHERE id = %s",
            [lead_id],
        )

    # ------------------------------------------------------------
    # What happens to what a row depends on, and to tables
    # ------------------------------------------------------------

    def fixed_probability(self):
        self.rng.choice(self.stages).forecast_probability = self.rng.randint(0, 99)

    def category(self):
        stage = self.rng.choice(self.stages.filtered(lambda one: not one.is_won))
        stage.forecast_category = self.rng.choice(["pipeline", "commit", "omitted"])

    def order(self):
        source = self.rng.choice(["stage", "odoo", "manual"])
        lines = [(5, 0, 0), (0, 0, {"source": source})]
        self.rng.choice(self.teams).forecast_probability_ids = lines

    def company_of_team(self):
        self.sql(
            "UPDATE crm_team SET company_id = %s WHERE id = %s",
            self.rng.choice(self.companies).id,
            self.rng.choice(self.teams).id,
        )

    def rewrite(self):
        self.maintain(self.rng.choice(["FREEZE", "FULL", "FULL, FREEZE"]))

    def maintain(self, how):
        self.env.cr.commit()
        with closing(db_connect(self.env.cr.dbname).cursor()) as cr:
            cr.connection.autocommit = True
            cr._cnx.autocommit = True
            cr._obj.execute(f"VACUUM ({how}) crm_lead")

    # ------------------------------------------------------------
    # Days and nights
    # ------------------------------------------------------------

    def live(self, days):
        often = [self.amount, self.stage, self.deadline, self.scoring, self.create]
        often += [self.lose, self.restore, self.by_hand, self.other_company]
        seldom = [self.delete, self.merge, self.delete_by_sql, self.written_in_future]
        seldom += [self.fixed_probability, self.category, self.order]
        seldom += [self.company_of_team, self.rewrite]
        for number in range(days):
            today = START + timedelta(days=number)
            for hour in (8, 10.2, 15, 24.2):
                self.now(today + timedelta(hours=hour))
                changes = self.rng.choices(often, k=self.rng.randint(0, 2))
                changes += self.rng.choices(seldom, k=self.rng.random() < 0.2)
                changes += [self.under_way_at_night] * (self.rng.random() < 0.2)
                for change in changes:
                    self.change(change)
                self.take(is_now=self.rng.random() < 0.1)

    def change(self, how):
        """What a rule refuses, a won one that is lost for example, changes nothing."""
        try:
            how()
            self.env.flush_all()
            self.env.cr.commit()
        except UserError:
            self.env.cr.rollback()
            self.env.invalidate_all()

    def take(self, is_now):
        """Take what has ended, or now, both ways; keep what the mark left."""
        self.now(self.moment + timedelta(minutes=10))
        with patch.object(
            fields.Date, "context_today", lambda *_args: self.moment.date()
        ):
            whole = self.rows(is_now, lambda *_args: (None, None))
            marked = self.rows(is_now)
        if whole != marked:
            both = {row[0] for row in set(whole) ^ set(marked)}
            raise AssertionError(f"{self.moment}: {both} of {whole} and {marked}")
        for cr in self.under_way:
            cr.commit()
            cr.close()
        self.under_way.clear()

    def rows(self, is_now, touched=None):
        found = type(self.day)._touched

        def count(day, *args):
            ids, digests = found(day, *args)
            if ids is not None:
                self.marked += 1
                self.spared += self.env["crm.lead"].search_count([]) - len(ids)
            return ids, digests

        with (
            self.env.cr.savepoint() as savepoint,
            patch.object(type(self.day), "_touched", touched or count),
        ):
            ended = self.day._ended(self.companies)
            if is_now:
                self.history._take_now(self.companies)
            elif ended:
                self.history._take(ended)
            self.env.cr.execute(_ROWS)
            rows = self.env.cr.fetchall()
            if touched:
                savepoint.rollback()
        self.env.invalidate_all()
        if not touched:
            self.env.cr.commit()
        return rows


def live(env, seed, days):
    lives = Lives(env, seed)
    lives.live(days)
    assert lives.marked > days / 4, f"a mark was good {lives.marked} times only"
    assert lives.spared > 10 * lives.marked, "marks spare nothing"
    print(f"marked {lives.marked}, spared {lives.spared}")
