from datetime import timedelta
from unittest.mock import patch

from odoo.tests import new_test_user
from odoo.tools import SQL

from .mailing_common import SENT, MailingCase


class TestMailingLimits(MailingCase):
    """Who wants no mail is left alone; many at once; what is deleted stays known."""

    def _blacklist(self, email, moment):
        listed = self.env["mail.blacklist"].create({"email": email})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_blacklist SET create_date = %s WHERE id = %s",
                moment,
                listed.id,
            )
        )
        return listed

    def test_no_touch_after_someone_was_excluded(self):
        person = self._person("left")
        trace = self._trace(person, open=60, reply=600)
        self._click(trace, 90)
        self._blacklist(person.email, SENT + timedelta(seconds=70))
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_open", "email_sent"])

    def test_someone_who_came_back_is_touched(self):
        person = self._person("back")
        listed = self._blacklist(person.email, SENT - timedelta(days=1))
        listed.active = False
        trace = self._trace(person)
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_sent"])

    def test_no_touch_after_someone_left_the_lists(self):
        lists = self.env["mailing.list"].create([{"name": "One"}, {"name": "Two"}])
        mailing = self._mailing("Test Letter", contact_list_ids=lists.ids)
        person = self._person("reader")
        subscriber = self.env["mailing.contact"].create(
            {"name": "Test", "email": person.email, "list_ids": lists.ids}
        )
        trace = self._trace(subscriber, mailing=mailing, open=60, reply=600)
        first, second = subscriber.subscription_ids
        first.opt_out_datetime = SENT
        self._collect()
        self.assertEqual(len(self._of_trace(trace)), 3, "still on the other list")
        second.opt_out_datetime = SENT + timedelta(seconds=300)
        again = self._trace(subscriber, mailing=mailing, open=60, reply=600)
        self._collect()
        self.assertEqual(self._kinds_of(again), ["email_open", "email_sent"])

    def test_ten_thousand_at_once(self):
        person = self._person("many")
        first = self._trace(person)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailing_trace (
                    trace_type, model, res_id, email, mass_mailing_id, trace_status,
                    sent_datetime, open_datetime, create_date, write_date)
                SELECT 'mail', 'mailing.contact', n, %s, %s, 'open', %s, %s, %s, %s
                  FROM generate_series(1, 10000) n
                """,
                person.email,
                self.mailing.id,
                SENT,
                SENT + timedelta(minutes=5),
                SENT,
                SENT,
            )
        )
        counts = []
        model = type(self.env["crm.touchpoint"])
        original = model._record_many

        def counted(records, given):
            counts.append(original(records, given))
            return counts[-1]

        with patch.object(model, "_record_many", counted):
            self._collect()
        # One statement for the sent mails and one for the opened ones.
        self.assertEqual([n for n in sorted(counts) if n], [10000, 10001])
        self.assertEqual(self._kinds_of(first), ["email_sent"])

    def test_a_deleted_mailing_leaves_touches_and_names(self):
        person = self._person("keeper")
        trace = self._trace(person, open=60)
        click = self._click(trace, 90, mass_mailing_id=False)
        keys = [f"mailing.trace:{trace.id}:sent", f"mailing.trace:{trace.id}:open"]
        keys.append(f"link.tracker.click:{click.id}")
        source = self.mailing.source_id
        name = source.name
        self.mailing.unlink()
        source.unlink()
        self._collect()
        rows = self._touches("external_key = ANY(%s)", keys)
        self.assertEqual(len(rows), 3)
        for row in rows:
            self.assertEqual((row.campaign, row.source), ("Test Spring", name))

    def test_each_kind_can_be_switched_off(self):
        self._collect()
        harvest = self.env["crm.touch.harvest"].search(
            [("code", "=", "mailing.trace.sent")]
        )
        harvest.active = False
        trace = self._trace(self._person("quiet"), open=60)
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_open"])

    def test_a_marketer_counts_machines_but_reads_no_touch(self):
        marketer = new_test_user(
            self.env, "test_marketer", "mass_mailing.group_mass_mailing_user"
        )
        self._trace(self._person("seen"), open=1)
        self._collect()
        mailing = self.mailing.with_user(marketer)
        self.assertEqual(mailing.source_machine_count, 1)
        self.assertFalse(
            self.env["crm.touchpoint"].with_user(marketer).has_access("read")
        )
