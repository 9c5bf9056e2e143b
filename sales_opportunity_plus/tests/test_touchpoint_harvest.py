"""Reading what other apps record: everything, once, whatever happens meanwhile."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.source import touch_harvest
from ..models.source.touch_harvest import Harvest
from .touch_common import TouchCase

MODEL = "odoo.addons.sales_opportunity_plus.models.source.crm_touch_harvest"


def of_tags(code="test.tag", **changes):
    """A harvest whose rows are tags that name the opportunity they are for."""
    return Harvest(
        code=code,
        name="Test Tags",
        table="crm_tag",
        where=SQL("name->>'en_US' LIKE 'Touch %%'"),
        columns={
            "kind": SQL("'chat'"),
            "happened_at": SQL("item.write_date"),
            "lead_id": SQL("split_part(item.name->>'en_US', ' ', 2)::int"),
            "external_key": SQL("%s || item.id", f"{code}:"),
        },
    )._replace(**changes)


@tagged("post_install", "-at_install")
class TestTouchHarvest(TouchCase):
    def setUp(self):
        super().setUp()
        self.harvests = [of_tags()]
        model = type(self.env["crm.touchpoint"])
        self.startPatcher(patch.object(model, "_harvests", lambda _: self.harvests))
        self.lead = self._lead()

    def _tag(self, number, when=None):
        tag = self.env["crm.tag"].create({"name": f"Touch {self.lead.id} {number}"})
        tag.flush_recordset()
        if when:
            self.env.cr.execute(
                "UPDATE crm_tag SET write_date = %s WHERE id = %s", [when, tag.id]
            )
        return tag

    def _state(self, code="test.tag"):
        return self.env["crm.touch.harvest"].search([("code", "=", code)])

    def test_once(self):
        tag = self._tag(1)
        self._harvest()
        self._harvest()
        (row,) = self._of(self.lead)
        self.assertEqual(row.external_key, f"test.tag:{tag.id}")
        self.assertEqual((row.kind, row.origin), ("chat", "odoo"))
        state = self._state()
        self.assertEqual((state.touch_count, state.last_count), (1, 0))
        self.assertFalse(state.last_error)
        self.assertIn(self.lead.id, self._stale())

    def test_batches(self):
        start = datetime(2024, 1, 1)
        for number in range(7):
            self._tag(number, start + timedelta(days=number // 2))
        with patch.object(touch_harvest, "BATCH", 2):
            self._harvest()
        self.assertEqual(len(self._of(self.lead)), 7)
        self.assertEqual(self._state().last_count, 7)

    def test_committed_late(self):
        """A row whose key is before the end of the last run, but which came later."""
        self._tag(1)
        self._harvest()
        self._tag(2, self.env.cr.now() - timedelta(minutes=1))
        self._harvest()
        self.assertEqual(len(self._of(self.lead)), 2)

    def test_killed(self):
        """What was committed stays; the next run does the rest."""
        start = datetime(2024, 1, 1)
        for number in range(4):
            self._tag(number, start + timedelta(days=number))
        with patch.object(touch_harvest, "BATCH", 2):
            self._harvest(seconds=[60, 0])
        self.assertEqual(len(self._of(self.lead)), 2)
        self.assertEqual(self._state().read_until, start + timedelta(days=1))
        self._harvest()
        self.assertEqual(len(self._of(self.lead)), 4)

    def test_one_fails(self):
        """The others go on, and the reason can be read."""
        self.harvests.insert(0, of_tags("test.bad", joins=SQL("JOIN nothing ON TRUE")))
        self._tag(1)
        with mute_logger("odoo.sql_db", MODEL):
            self._harvest()
        self.assertEqual(len(self._of(self.lead)), 1)
        self.assertIn("nothing", self._state("test.bad").last_error)
        self.harvests[0] = of_tags("test.bad")
        self._harvest()
        self.assertFalse(self._state("test.bad").last_error)
        self.assertEqual(len(self._of(self.lead)), 2)

    def test_switched_off(self):
        self._harvest()
        self._state().with_user(self.manager).active = False
        self._tag(1)
        self._harvest()
        self.assertFalse(self._of(self.lead))
        state = self.env["crm.touch.harvest"].with_context(active_test=False)
        state.search([("code", "=", "test.tag")]).active = True
        self._harvest()
        self.assertEqual(len(self._of(self.lead)), 1)

    def test_unknown_column(self):
        with self.assertRaisesRegex(ValueError, "has no colour"):
            bad = of_tags(columns={"colour": SQL("1")})
            touch_harvest.touches(bad, SQL("(SELECT)"))

    def test_access(self):
        self._harvest()
        state = self._state()
        for user, values in ((self.seller, {"active": False}), (self.manager, None)):
            with self.assertRaises(AccessError):
                if values:
                    state.with_user(user).write(values)
                else:
                    state.with_user(user).unlink()
