"""Since when it is: each clock, what sets it back, and stages that pause it."""

from datetime import datetime

from odoo.tests import tagged

from .limit_common import LimitCase


@tagged("post_install", "-at_install")
class TestStageLimitClock(LimitCase):
    def test_stage_clock_starts_with_the_stage(self):
        self._limit()
        lead = self._enter(4, 9, stage_id=self.stage_new.id)
        self.assertEqual(self._state(lead, 8, 9), (False, False))
        self._move(lead, self.stage_talk, 8, 10)
        self._message(lead, datetime(2024, 3, 8, 16), mail_activity_type_id=1)
        self.assert_due(lead, (11, 10))

    def test_done_activity_sets_its_clock_back(self):
        self._limit(clock="activity")
        lead = self._enter(4, 9)
        self.assertEqual(self._state(lead, 4, 10)[1], datetime(2024, 3, 4, 17))
        todo = self.env.ref("mail.mail_activity_data_todo")
        activity = lead.activity_schedule(
            activity_type_id=todo.id, user_id=self.seller.id
        )
        self.assertEqual(self._state(lead, 4, 10)[1], datetime(2024, 3, 4, 17))
        activity.action_feedback("Done")
        message = lead.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(len(message), 1)
        message.date = datetime(2024, 3, 5, 11)
        self.assert_due(lead, (6, 11))
        # Before it entered the stage it counts for nothing.
        self._move(lead, self.stage_new, 7, 9)
        self._move(lead, self.stage_talk, 8, 9)
        self.assertEqual(self._state(lead, 8, 9)[1], datetime(2024, 3, 8, 17))

    def test_customer_reply_sets_its_clock_back(self):
        self._limit(clock="reply")
        lead = self._enter(4, 9)
        customer = self.env["res.partner"].create({"name": "Test Customer"})
        colleague = self.seller_two.partner_id
        self._customer_mail(lead, datetime(2024, 3, 6, 9), author_id=colleague.id)
        self._message(lead, datetime(2024, 3, 6, 9), message_type="comment")
        self.assertEqual(self._state(lead, 4, 10)[1], datetime(2024, 3, 4, 17))
        self._customer_mail(lead, datetime(2024, 3, 4, 16), author_id=customer.id)
        self.assertEqual(self._state(lead, 4, 10)[1], datetime(2024, 3, 5, 16))
        self._customer_mail(lead, datetime(2024, 3, 5, 11))
        self.assert_due(lead, (6, 11))

    def test_reset_resolves_and_is_escalated_anew(self):
        self._limit(clock="activity")
        lead = self._enter(4, 9)
        self._check(4, 17)
        self._message(lead, datetime(2024, 3, 5, 10), mail_activity_type_id=1)
        self._check(5, 11)
        (breach,) = self._breaches(lead)
        self.assertEqual(breach["resolved_at"], datetime(2024, 3, 5, 10))
        self.assertEqual(self._state(lead, 5, 11)[0], "ok")
        self._check(6, 10)
        self.assertEqual(
            [
                (row["clock_start"].day, row["reached_at"])
                for row in self._breaches(lead)
            ],
            [(4, datetime(2024, 3, 4, 17)), (5, datetime(2024, 3, 6, 10))],
        )

    def test_leaving_resolves_and_a_second_visit_counts_anew(self):
        self._limit()
        lead = self._enter(4, 9)
        self._check(5, 9)
        self._move(lead, self.stage_offer, 6, 9)
        self._move(lead, self.stage_talk, 7, 9)
        self._check(7, 10)
        (breach,) = self._breaches(lead)
        self.assertEqual(breach["resolved_at"], datetime(2024, 3, 6, 9))
        self._check(8, 9)
        self.assertEqual(len(self._breaches(lead)), 2)
        lead.action_set_lost()
        self._check(8, 10)
        self.assertTrue(all(row["resolved_at"] for row in self._breaches(lead)))

    def test_deleted_opportunity_resolves(self):
        self._limit()
        lead = self._enter(4, 9)
        self._check(5, 9)
        lead.unlink()
        self._check(6, 9)
        self.assertEqual(
            self._breaches(lead)[0]["resolved_at"], datetime(2024, 3, 6, 9)
        )


@tagged("post_install", "-at_install")
class TestStageLimitPause(LimitCase):
    def test_paused_time_does_not_count(self):
        self._limit()
        lead = self._enter(4, 9)
        self._move(lead, self.stage_hold, 4, 12)
        self.assertEqual(self._state(lead, 5, 12), (False, False))
        self._check(6, 12)
        self.assertFalse(self._breaches(lead))
        self._move(lead, self.stage_talk, 7, 15)
        # Three hours before, two on Thursday, three on Friday.
        self.assert_due(lead, (8, 12))
        self.assertEqual(
            self._breaches(lead)[0]["clock_start"], datetime(2024, 3, 4, 9)
        )

    def test_two_pauses_in_two_stages(self):
        second = self._stage("Test Hold Two", -1024, pauses_limits=True)
        self._limit()
        lead = self._enter(4, 9)
        self._move(lead, self.stage_hold, 4, 12)
        self._move(lead, second, 5, 12)
        self._move(lead, self.stage_talk, 6, 12)
        self._move(lead, self.stage_hold, 6, 14)
        self._move(lead, self.stage_talk, 7, 14)
        self.assert_due(lead, (7, 17))

    def test_another_stage_in_between_starts_anew(self):
        self._limit()
        lead = self._enter(4, 9)
        self._move(lead, self.stage_offer, 4, 12)
        self._move(lead, self.stage_hold, 5, 9)
        self._move(lead, self.stage_talk, 6, 9)
        self.assert_due(lead, (6, 17))

    def test_losing_in_between_starts_anew(self):
        self._limit()
        lead = self._enter(4, 9)
        self._move(lead, self.stage_hold, 4, 12)
        with self._at(2024, 3, 5, 9):
            lead.action_set_lost()
            lead.action_restore()
            lead.active = True
        self._move(lead, self.stage_talk, 6, 9)
        self.assert_due(lead, (6, 17))

    def test_a_pause_resolves_nothing_and_escalates_nothing_twice(self):
        self._limit()
        lead = self._enter(4, 9)
        self._check(5, 9)
        self._move(lead, self.stage_hold, 5, 10)
        self._check(5, 11)
        self._move(lead, self.stage_talk, 6, 10)
        self._check(6, 11)
        (breach,) = self._breaches(lead)
        self.assertFalse(breach["resolved_at"])
        self.assertEqual(self._state(lead, 6, 11)[0], "late")
        self._move(lead, self.stage_hold, 6, 12)
        self._move(lead, self.stage_offer, 7, 12)
        self._check(7, 13)
        (breach,) = self._breaches(lead)
        self.assertEqual(breach["resolved_at"], datetime(2024, 3, 7, 12))

    def test_activity_during_a_pause(self):
        self._limit(clock="activity")
        lead = self._enter(4, 9)
        self._move(lead, self.stage_hold, 4, 12)
        self._message(lead, datetime(2024, 3, 5, 10), mail_activity_type_id=1)
        self._move(lead, self.stage_talk, 6, 11)
        # Since the activity; the pause ended on Wednesday at 11.
        self.assert_due(lead, (7, 11))

    def test_reached_before_the_pause(self):
        self._limit(({"percent": 50, "action": "record"},))
        lead = self._enter(4, 9)
        self._move(lead, self.stage_hold, 4, 14)
        self._move(lead, self.stage_talk, 6, 9)
        self._check(6, 10)
        (breach,) = self._breaches(lead)
        self.assertEqual(breach["reached_at"], datetime(2024, 3, 4, 13))

    def test_ladder_with_and_without_pauses_is_the_same(self):
        """The set-based way and the single one agree where no pause was."""
        self._limit(
            [{"percent": percent, "action": "record"} for percent in (80, 100, 150)]
        )
        lead, paused = self._enter(4, 9), self._enter(4, 9)
        self._move(paused, self.stage_hold, 4, 17)
        self._move(paused, self.stage_talk, 5, 9)
        for day in (4, 5, 6):
            for hour in (9, 12, 15, 17):
                self._check(day, hour)
                self.assertEqual(
                    *(
                        [
                            (row["percent"], row["reached_at"])
                            for row in self._breaches(each)
                        ]
                        for each in (lead, paused)
                    )
                )
        self.assertEqual(len(self._breaches(lead)), 3)
