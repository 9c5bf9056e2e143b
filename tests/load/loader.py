"""Runs the loader as a person does, and looks at what it left in the database."""

import csv
import os
import subprocess
from dataclasses import dataclass

from testing import databases, odoo_log
from testing.paths import ROOT, logs

RUN = ROOT / "tools" / "load" / "run"
# Everything that a load may touch, but for the tables of the sessions and crons.
TABLES = (
    *("crm_lead", "crm_stage", "crm_stage_history", "crm_lost_reason", "crm_tag"),
    *("crm_team", "crm_team_member", "res_company", "res_partner", "res_users"),
    *("res_partner_industry", "mail_message", "mail_mail", "ir_model_data"),
    *("crm_lead_scoring_frequency", "ir_config_parameter", "real_data_ledger"),
)


@dataclass
class Outcome:
    code: int
    report: str
    progress: str
    bad_rows: list

    def counts(self, label):
        """(loaded, changed, unchanged, refused) of the records with this label."""
        for line in self.report.splitlines():
            if line.endswith(f"  {label}"):
                return tuple(int(n.replace(",", "")) for n in line.split()[:4])
        raise AssertionError(f"no line {label} in\n{self.report}")

    def faults(self, file):
        """(row, reason, outcome) of the bad rows of a file."""
        return [(int(b[1]), b[2], b[3]) for b in self.bad_rows if b[0] == file]


def command(folder, database, report, *options):
    return [
        *(RUN, folder, "--database", database, "--report", report, *options),
    ]


def load(folder, database, *options):
    report = folder / f"bad-rows-{database}.csv"
    done = subprocess.run(
        command(folder, database, report, *options),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SOP_TEST_LOGS": str(logs())},
    )
    bad_rows = []
    if report.exists():
        with report.open(newline="") as lines:
            bad_rows = list(csv.reader(lines))[1:]
        report.unlink()
    return Outcome(done.returncode, done.stdout, done.stderr, bad_rows)


def expect_errors(database, pattern):
    """Tell the runner of errors in Odoo's log that a test has provoked on purpose."""
    odoo_log.expect(logs() / f"load-{database}.log", pattern)


def load_well(folder, database, *options):
    outcome = load(folder, database, *options)
    assert outcome.code == 0, outcome.progress
    return outcome


def contents(database):
    """A digest by table of every column of every row."""
    digests = {}
    for table in TABLES:
        sql = (
            "SELECT count(*), md5(string_agg(row_text, '|' ORDER BY row_text)) "
            f"FROM (SELECT t::text AS row_text FROM {table} t) rows"
        )
        digests[table] = databases.query(database, sql)[0]
    return digests


def opportunities(database):
    """What was loaded of each opportunity, by external id and without database ids."""
    rows = databases.query(
        database,
        """
        SELECT data.name, lead.name, lead.expected_revenue::numeric, lead.active,
               lead.won_status, stage.name->>'en_US', person.login,
               team.name->>'en_US', lead.create_date, lead.date_open, lead.date_closed,
               lead.date_last_stage_update, reason.name->>'en_US', partner.name,
               (SELECT string_agg(
                           concat_ws(' ', entered.name->>'en_US', h.status, h.move,
                                     h.entered_at, h.left_at, h.exit_move, h.origin),
                           ', ' ORDER BY h.id)
                  FROM crm_stage_history h
                  JOIN crm_stage entered ON entered.id = h.stage_id
                 WHERE h.lead_id = lead.id),
               (SELECT string_agg(
                           concat_ws(' ', m.date, m.body, author.name), ', '
                           ORDER BY m.message_id)
                  FROM mail_message m
                  JOIN res_partner author ON author.id = m.author_id
                 WHERE m.model = 'crm.lead' AND m.res_id = lead.id)
          FROM crm_lead lead
          JOIN ir_model_data data ON data.model = 'crm.lead' AND data.res_id = lead.id
          JOIN crm_stage stage ON stage.id = lead.stage_id
          LEFT JOIN res_users person ON person.id = lead.user_id
          LEFT JOIN crm_team team ON team.id = lead.team_id
          LEFT JOIN crm_lost_reason reason ON reason.id = lead.lost_reason_id
          LEFT JOIN res_partner partner ON partner.id = lead.partner_id
        """,
    )
    return {row[0]: row[1:] for row in rows}
