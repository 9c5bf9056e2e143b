"""What people enter and take back: who may, and what is refused."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .touch_screen_common import DAY, TouchCase


@tagged("post_install", "-at_install")
class TestTouchEntry(TouchCase):
    def _enter(self, user, lead=None, **values):
        wizard = self.env["crm.touch.entry"].with_user(user)
        wizard = wizard.create(
            {"lead_id": (lead or self.lead).id, "happened_at": DAY, **values}
        )
        wizard.action_add()
        return wizard

    def test_seller_enters_on_his_own(self):
        self._forget_stale()
        wizard = self._enter(
            self.seller,
            kind_id=self.env.ref("sales_opportunity_plus.touch_kind_event").id,
            source_id=self.source.id,
            note="Met\x07 at \u202ethe\n fair",
            consent="consent",
        )
        [touch] = self._ledger(self.lead)
        self.assertEqual(touch["kind"], "event")
        self.assertEqual(touch["source_id"], self.source.id)
        self.assertEqual(touch["partner_id"], self.partner.id)
        self.assertEqual(touch["company_id"], self.company.id)
        self.assertEqual(touch["recorded_by_id"], self.seller.id)
        self.assertEqual((touch["origin"], touch["consent"]), ("manual", "consent"))
        self.assertEqual(touch["note"], "Met at the fair")
        self.assertEqual(touch["happened_at"], DAY)
        self.assertEqual(self._stale(), {self.lead.id})
        self.assertEqual(self.lead.touch_count, 1)
        wizard.action_add()
        self.assertEqual(len(self._ledger(self.lead)), 1, "saved twice is one touch")

    def test_dialog_opens_with_now_and_makes_sources(self):
        action = self.lead.with_user(self.seller).action_source_add_touch()
        wizards = self.env[action["res_model"]].with_user(self.seller)
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual(form.lead_id, self.lead)
        self.assertEqual(form.kind_id.code, "manual")
        self.assertLess(abs(form.happened_at - fields.Datetime.now()).seconds, 60)
        name = "100%_of_spring"
        made = self.env["utm.source"].with_user(self.seller).name_create(name)
        form.source_id = self.env["utm.source"].browse(made[0])
        form.save().action_add()
        self.assertEqual(self._ledger(self.lead)[0]["source_name"], name)

    def test_not_on_anothers_opportunity(self):
        for lead in (self.others, self.abroad):
            with self.assert_refused(AccessError, "."):
                self._enter(self.seller, lead)
            with self.assert_refused(AccessError, "."):
                lead.with_user(self.seller).action_source_add_touch()
        self.assertFalse(self._ledger(self.others))

    def test_context_of_the_timeline_opens_no_door(self):
        report = self.env["crm.touchpoint.report"].with_user(self.seller)
        report.with_context(source_lead_id=self.lead.id).action_add_touch()
        with self.assert_refused(AccessError, "."):
            report.with_context(source_lead_id=self.others.id).action_add_touch()

    def test_moments_that_cannot_be(self):
        now = fields.Datetime.now()
        for moment, text in (
            (now + timedelta(days=2), "plan an activity"),
            (datetime(9999, 12, 31), "plan an activity"),
            (datetime(1989, 12, 31), "after 1989"),
            (datetime(1, 1, 1), "after 1989"),
        ):
            with self.subTest(moment=moment), self.assert_refused(UserError, text):
                self._enter(self.seller, happened_at=moment)
        self._enter(self.seller, happened_at=now + timedelta(hours=20))
        self.assertEqual(len(self._ledger(self.lead)), 1)

    def test_cost_is_for_managers(self):
        with self.assert_refused(AccessError, "."):
            self._enter(self.seller, cost=5)
        self._enter(self.manager, cost=12.5, currency_id=self.crown.id)
        [touch] = self._ledger(self.lead)
        self.assertEqual(float(touch["cost"]), 12.5)
        self.assertEqual(touch["currency_id"], self.crown.id)
        for cost in (-1, 1e15):
            with self.assert_refused(UserError, "zero or more"):
                self._enter(self.manager, cost=cost)
        # Odoo itself cannot round these.
        for cost in (float("inf"), float("nan")):
            with self.assert_refused(Exception, "."):
                self._enter(self.manager, cost=cost)
        self.assertEqual(len(self._ledger(self.lead)), 1)


@tagged("post_install", "-at_install")
class TestTouchReversal(TouchCase):
    def _reverse(self, user, touch_id, reason="Wrong opportunity"):
        wizard = self.env["crm.touch.reversal"].with_user(user)
        wizard.create({"touchpoint_id": touch_id, "reason": reason}).action_reverse()

    def _line(self, touch_id, user):
        self.env.invalidate_all()
        return self.env["crm.touchpoint.report"].with_user(user).browse(touch_id)

    def test_reversal_is_a_row_of_its_own(self):
        touch_id = self._touch(
            self.lead, origin="manual", cost=3.5, source_id=self.source.id
        )
        self._forget_stale()
        line = self._line(touch_id, self.seller)
        self.assertTrue(line.can_reverse)
        action = line.action_reverse()
        self.assertEqual(action["context"]["default_touchpoint_id"], touch_id)
        self._reverse(self.seller, touch_id, " Wrong\x07 deal ")
        original, reversal = self._ledger(self.lead)
        self.assertEqual(original["reversed_by_id"], reversal["id"])
        self.assertEqual(reversal["reverses_id"], original["id"])
        self.assertEqual(reversal["note"], "Wrong deal")
        self.assertEqual(reversal["recorded_by_id"], self.seller.id)
        same = ("kind", "happened_at", "cost", "channel_id", "company_id")
        self.assertEqual([original[n] for n in same], [reversal[n] for n in same])
        self.assertEqual(self._stale(), {self.lead.id})
        self.assertEqual(self.lead.touch_count, 0)
        self.assertFalse(self.lead.first_touch_id)
        self.assertFalse(self._line(original["id"], self.manager).can_reverse)
        self.assertFalse(self._line(reversal["id"], self.manager).can_reverse)

    def test_only_once(self):
        touch_id = self._touch(self.lead, origin="manual")
        self._reverse(self.seller, touch_id)
        _original, reversal = self._ledger(self.lead)
        for again in (touch_id, reversal["id"]):
            with self.assert_refused(UserError, "reversed already"):
                self._reverse(self.manager, again)
        self.assertFalse(self.env["crm.touchpoint"]._reverse([touch_id], "Again"))
        self.assertEqual(len(self._ledger(self.lead)), 2)

    def test_who_may(self):
        by_odoo = self._touch(self.lead)
        with self.assert_refused(AccessError, "ask your sales manager"):
            self._reverse(self.seller, by_odoo)
        self.assertFalse(self._line(by_odoo, self.seller).can_reverse)
        self._reverse(self.manager, by_odoo)
        others = self._touch(self.others, origin="manual")
        with self.assert_refused(UserError, "not one of your opportunities"):
            self._reverse(self.seller, others)
        self._reverse(self.manager, others)
        abroad = self._touch(self.abroad, origin="manual")
        with self.assert_refused(UserError, "not one of your opportunities"):
            self._reverse(self.manager, abroad)

    def test_contact_only_touch(self):
        touch_id = self._touch(
            partner_id=self.partner.id, origin="manual", company_id=self.company.id
        )
        with self.assert_refused(AccessError, "ask your sales manager"):
            self._reverse(self.all_leads, touch_id)
        self._reverse(self.manager, touch_id)
        self.assertTrue(self._line(touch_id, self.manager).is_reversed)

    def test_reason_is_needed(self):
        touch_id = self._touch(self.lead, origin="manual")
        with self.assert_refused(UserError, "enter a reason"):
            self._reverse(self.seller, touch_id, " \u202e\x07 ")
