from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .mailing_common import MailingCase


class TestMailingCount(MailingCase):
    """The touches of a mailing, counted for people who may read touches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mailer = "mass_mailing.group_mass_mailing_user"
        cls.mailer = new_test_user(cls.env, "test_mailer", groups=mailer)
        cls.env.ref(mailer).user_ids += cls.seller | cls.manager
        cls.mailings = cls.mailing | cls._mailing("Test Two") | cls._mailing("Test 3")

    def _mine(self, user, mailings=None):
        mailings = (self.mailings if mailings is None else mailings).with_user(user)
        mailings.invalidate_recordset()
        return mailings

    def test_each_sees_the_touches_of_the_deals_he_sees(self):
        own = self._deal("Test Own", email_from="own@own.example.com")
        other = self._deal(
            "Test Other", email_from="other@other.example.com", user_id=self.manager.id
        )
        for deal in (own, other):
            self._trace(deal, open=60)
        bounced = self._trace(own, mailing=self.mailings[1])
        self._collect()
        counts = self._mine(self.manager).mapped("source_touch_count")
        self.assertEqual(counts, [4, 1, 0])
        self.assertEqual(self._mine(self.seller, self.mailing).source_touch_count, 2)
        bounced.set_bounced()
        self._collect()
        counts = self._mine(self.manager).mapped("source_touch_count")
        self.assertEqual(counts, [4, 0, 0])

    def test_many_mailings_take_one_query(self):
        self.env.flush_all()
        self._mine(self.manager, self.mailing).mapped("source_touch_count")
        one, many = [], []
        for found, taken in ((self.mailing, one), (self.mailings, many)):
            found = self._mine(self.manager, found)
            found.mapped("source_id")
            before = self.env.cr.sql_log_count
            found.mapped("source_touch_count")
            taken.append(self.env.cr.sql_log_count - before)
        self.assertEqual(one, many)

    def test_the_button_opens_what_was_counted(self):
        deal = self._deal("Test Open", email_from="open@open.example.com")
        self._trace(deal)
        self._collect()
        action = self._mine(self.seller, self.mailing).action_source_view_touches()
        found = self.env[action["res_model"]].with_user(self.seller)
        self.assertEqual(found.search(action["domain"]).lead_id, deal)

    def test_who_may_not_read_touches_has_no_button(self):
        mailing = self._mine(self.mailer, self.mailing)
        with self.assertRaises(AccessError):
            mailing.read(["source_touch_count"])
        arch = mailing.get_view(view_type="form")["arch"]
        self.assertNotIn("action_source_view_touches", arch)
        arch = self._mine(self.seller, self.mailing).get_view(view_type="form")["arch"]
        self.assertIn("action_source_view_touches", arch)
