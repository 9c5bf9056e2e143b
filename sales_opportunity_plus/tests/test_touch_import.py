"""Touches from a file: what is right goes in once, what is wrong is explained."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, file_open

from ..engine.touch_csv import COLUMNS
from .touch_screen_common import TouchCase

HEAD = "kind;happened_at;lead;email;campaign;source;cost;currency;external_key;note"


@tagged("post_install", "-at_install")
class TestTouchImport(TouchCase):
    def _import(self, *lines, head=HEAD, user=None, data=None, act=True):
        text = "\n".join([head, *lines])
        data = text.encode() if data is None else data
        wizards = self.env["crm.touch.import"].with_user(user or self.manager)
        wizard = wizards.create(
            {"file": base64.b64encode(data), "file_name": "touches.csv"}
        )
        wizard.action_check()
        if act and wizard.ready_count:
            wizard.action_import()
        return wizard

    def _line(self, **values):
        values = {
            "kind": "event",
            "happened_at": "2024-05-01 10:30",
            "lead": str(self.lead.id),
            **values,
        }
        return ";".join(values.get(name, "") for name in HEAD.split(";"))

    def test_rows_become_touches(self):
        self._forget_stale()
        self.manager.tz = "Europe/Brussels"
        wizard = self._import(
            self._line(
                campaign="Test 100%_new",
                source="test fair",
                cost="12,50",
                currency="tkr",
                external_key="k1",
                note="Stand 12",
            )
        )
        self.assertEqual((wizard.state, wizard.imported_count), ("done", 1))
        self.assertIn("Test 100%_new", wizard.new_names)
        self.assertNotIn("fair", wizard.new_names)
        [touch] = self._ledger(self.lead)
        self.assertEqual(str(touch["happened_at"]), "2024-05-01 08:30:00")
        self.assertEqual(touch["campaign_name"], "Test 100%_new")
        self.assertEqual(touch["source_id"], self.source.id)
        self.assertEqual(float(touch["cost"]), 12.5)
        self.assertEqual(touch["currency_id"], self.crown.id)
        self.assertEqual((touch["kind"], touch["origin"]), ("event", "import"))
        self.assertEqual(touch["partner_id"], self.partner.id)
        self.assertEqual(touch["company_id"], self.company.id)
        self.assertEqual(self._stale(), {self.lead.id})

    def test_same_file_twice(self):
        lines = [self._line(external_key="k1"), self._line(), self._line(note="b")]
        self.assertEqual(self._import(*lines).imported_count, 3)
        wizard = self._import(*lines, self._line(note="new"), self._line(note="new"))
        self.assertEqual(wizard.imported_count, 1)
        self.assertEqual(wizard.known_count, 4)
        self.assertEqual(len(self._ledger(self.lead)), 4)

    def test_key_of_another_company(self):
        manager = self._user(
            "test_manager_abroad", "sales_team.group_sale_manager", self.company_abroad
        )
        line = self._line(external_key="1")
        abroad = self._line(lead=str(self.abroad.id), external_key="1")
        self.assertEqual(self._import(line).imported_count, 1)
        self.assertEqual(self._import(abroad, user=manager).imported_count, 1)

    def _forget_address(self, lead):
        """Odoo keeps the address of a deal in line with its contact's."""
        self.env.flush_all()
        query = "UPDATE crm_lead SET email_normalized = NULL WHERE id = %s"
        self.env.cr.execute(SQL(query, lead.id))
        self.env.invalidate_all()

    def test_ways_to_name_the_opportunity(self):
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "test.deal",
                "model": "crm.lead",
                "res_id": self.lead.id,
            }
        )
        by_mail = self._lead(email_from="Ben <BEN@test.example>")
        without = self.env["res.partner"].create(
            {"name": "Test Dan", "email": "dan@test.example"}
        )
        of_contact = self._lead(partner_id=without.id)
        self._forget_address(of_contact)
        alone = self.env["res.partner"].create(
            {"name": "Test Cara", "email": "cara@test.example"}
        )
        wizard = self._import(
            self._line(lead="__import__.test.deal"),
            self._line(lead="", email="ben@TEST.example"),
            self._line(lead="", email="anna@test.example"),
            self._line(lead="", email="dan@test.example"),
            self._line(lead="", email="cara@test.example"),
        )
        self.assertFalse(wizard.line_ids)
        self.assertEqual(wizard.imported_count, 5)
        found = [touch["matched_by"] for touch in self._ledger(self.lead)]
        self.assertEqual(sorted(found), ["email", "given"])
        self.assertEqual(self._ledger(of_contact)[0]["matched_by"], "contact")
        self.assertEqual(self._ledger(by_mail)[0]["matched_by"], "email")
        line = self.env["crm.touchpoint.report"].search([("partner_id", "=", alone.id)])
        self.assertEqual((line.lead_id.id, line.matched_by), (False, "none"))

    def _bad_lines(self):
        """Column that is complained about, and the values, by what is wrong."""
        return {
            "no kind": ("kind", {"kind": "nonsense"}),
            "empty kind": ("kind", {"kind": ""}),
            "NaN": ("cost", {"cost": "NaN"}),
            "negative": ("cost", {"cost": "-1"}),
            "infinite": ("cost", {"cost": "1e400"}),
            "thousands": ("cost", {"cost": "1,234"}),
            "year 1": ("happened_at", {"happened_at": "0001-01-01"}),
            "future": ("happened_at", {"happened_at": "2999-01-01"}),
            "no date": ("happened_at", {"happened_at": "yesterday"}),
            "other order": ("happened_at", {"happened_at": "01.05.2024"}),
            "10 kB": ("campaign", {"campaign": "x" * 10_000}),
            "other company": ("lead", {"lead": str(self.abroad.id)}),
            "no lead": ("lead", {"lead": "987654321"}),
            "huge lead": ("lead", {"lead": "9" * 30}),
            "no external id": ("lead", {"lead": "no.such"}),
            "nobody": ("lead", {"lead": ""}),
            "no mail": ("email", {"lead": "", "email": "not a mail"}),
            "unknown mail": ("email", {"lead": "", "email": "x@nowhere.example"}),
            "currency": ("currency", {"cost": "1", "currency": "XXQ"}),
        }

    def test_problems_are_named_and_the_others_go_in(self):
        bad = self._bad_lines()
        lines = [self._line(**values) for _column, values in bad.values()]
        wizard = self._import(*lines, self._line(note="fine"))
        self.assertEqual(wizard.problem_count, len(bad))
        self.assertEqual(wizard.imported_count, 1)
        for number, (name, (column, _values)) in enumerate(bad.items(), start=2):
            with self.subTest(case=name):
                line = wizard.line_ids.filtered(lambda x, n=number: x.number == n)
                self.assertEqual(line.mapped("column"), [column])
                self.assertTrue(line.problem and line.remedy)
        self.assertEqual([t["note"] for t in self._ledger(self.lead)], ["fine"])

    def test_odd_characters(self):
        name = "مرحبا 100%\x07_x\x00\u202e"
        wizard = self._import(self._line(campaign=name, note="a\x01b"))
        self.assertEqual(wizard.imported_count, 1)
        [touch] = self._ledger(self.lead)
        self.assertEqual(touch["campaign_name"], "مرحبا 100% _x")
        self.assertEqual(touch["note"], "a b")

    def test_shapes_of_files(self):
        line = f"2024-05-01T10:00:00Z,call,{self.lead.id}"
        comma = f"happened_at,Kind,LEAD\r\n{line}\r\n"
        self.assertEqual(self._import(data=comma.encode()).imported_count, 1)
        with_bom = comma.replace("05-01", "05-02").encode("utf-8-sig")
        self.assertEqual(self._import(data=with_bom).imported_count, 1)
        quoted = HEAD + "\n" + self._line(note='"a; ""b""\nc"')
        self.assertEqual(self._import(data=quoted.encode()).imported_count, 1)
        self.assertIn('a; "b" c', [t["note"] for t in self._ledger(self.lead)])

    def test_files_that_are_none(self):
        for data, text in (
            (b"", "empty|No file"),
            (b"\n\n", "empty"),
            (HEAD.encode("utf-16"), "UTF-8"),
            (b"kind;note\n", "no column happened_at"),
            (b"kind;happened_at;lead;phone\n", "not known: phone"),
            (b"kind;happened_at;kind\n", "twice"),
            (b"\x89PNG\r\n\x1a\n\x00\xff", "UTF-8"),
        ):
            with self.subTest(data=data[:20]), self.assert_refused(UserError, text):
                self._import(data=data)

    def test_quotation_mark_that_is_missing(self):
        lines = [
            self._line(note='"open'),
            *[self._line(note=str(n)) for n in range(99)],
        ]
        wizard = self._import(*lines)
        self.assertEqual(wizard.row_count, 1)
        self.assertIn("quotation mark", wizard.line_ids.remedy)

    def test_template_is_true(self):
        path = "sales_opportunity_plus/static/touch_import_template.csv"
        with file_open(path, "rb") as handle:
            data = handle.read()
        self.assertEqual(data.decode().splitlines()[0].split(";"), list(COLUMNS))
        wizard = self._import(data=data, act=False)
        self.assertLessEqual(
            set(wizard.line_ids.mapped("column")), {"email", "currency"}
        )

    def test_sellers_do_not_import(self):
        with self.assert_refused(AccessError, "."):
            self._import(self._line(), user=self.seller)

    def test_queries_do_not_grow_with_the_file(self):
        def queries(count, mark):
            lines = [self._line(note=f"{mark}{n}") for n in range(count)]
            before = self.env.cr.sql_log_count
            self._import(*lines)
            return self.env.cr.sql_log_count - before

        queries(2, "a")
        self.assertLessEqual(queries(400, "b"), queries(4, "c") + 2)
