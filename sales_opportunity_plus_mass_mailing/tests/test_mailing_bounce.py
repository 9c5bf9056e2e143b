from .mailing_common import MailingCase


class TestMailingBounce(MailingCase):
    """A mail that comes back later takes its touch back, once."""

    def _valid(self, trace):
        ids = [row.id for row in self._of_trace(trace)]
        touches = self.env["crm.touchpoint"].sudo()
        touches.invalidate_model()
        return touches.search([("id", "in", ids), ("reversed_by_id", "=", False)])

    def _reversals(self, trace):
        ids = [row.id for row in self._of_trace(trace)]
        touches = self.env["crm.touchpoint"].sudo()
        touches.invalidate_model()
        return touches.search([("reverses_id", "in", ids)])

    def _sent(self, name):
        deal = self._deal(f"Test {name}", email_from=f"{name}@{name}.example.com")
        trace = self._trace(deal)
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_sent"])
        return deal, trace

    def test_a_late_bounce_reverses_the_touch(self):
        deal, trace = self._sent("late")
        _other, stays = self._sent("stays")
        self.env.cr.execute("DELETE FROM crm_attribution_stale")
        trace.set_bounced()
        self._collect()
        reversal = self._reversals(trace)
        self.assertEqual(len(reversal), 1)
        self.assertEqual((reversal.lead_id, reversal.origin), (deal.id, "reversal"))
        self.assertIn("came back", reversal.note)
        self.assertFalse(self._valid(trace))
        self.assertEqual(len(self._valid(stays)), 1)
        self.assertIn(deal.id, self._stale())

    def test_a_bounce_is_told_once(self):
        _deal, trace = self._sent("once")
        trace.set_bounced()
        self._collect()
        before = self._reversals(trace).ids
        trace.failure_reason = "Written again"
        self._collect()
        self.assertEqual(self._reversals(trace).ids, before)

    def test_a_touch_that_a_person_reversed_stays_reversed_once(self):
        _deal, trace = self._sent("twice")
        (row,) = self._of_trace(trace)
        self.env["crm.touchpoint"]._reverse([row.id], "A mistake")
        trace.set_bounced()
        self._collect()
        self.assertEqual(self._reversals(trace).mapped("note"), ["A mistake"])

    def test_a_bounce_before_the_touch_leaves_nothing(self):
        deal = self._deal("Test Early", email_from="early@early.example.com")
        trace = self._trace(deal)
        trace.set_bounced()
        self._collect()
        self.assertFalse(self._of_trace(trace) or self._reversals(trace))

    def test_many_bounces_are_one_statement(self):
        traces = [self._sent(f"many{number}")[1] for number in range(5)]
        with self.assertQueryCount(1):
            self.env["crm.touchpoint"]._reverse_bounced_of(self.mailing.ids)
        for trace in traces:
            trace.set_bounced()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["crm.touchpoint"]._reverse_bounced_of(self.mailing.ids)
        for trace in traces:
            self.assertFalse(self._valid(trace))

    def test_a_mailing_that_is_deleted_takes_its_bounces_along(self):
        _deal, trace = self._sent("gone")
        trace.set_bounced()
        touch_ids = [row.id for row in self._of_trace(trace)]
        self.mailing.unlink()
        touches = self.env["crm.touchpoint"].sudo()
        reversals = touches.search([("reverses_id", "in", touch_ids)])
        self.assertEqual(len(reversals), 1)
