"""Rejected items hold personal data: they go after the time the connector says."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..models.source import crm_connector_rejection_vacuum
from .connector_common import ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorRetention(ConnectorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector()

    def _rejected(self, *ages, connector=None, settle=None):
        """One rejected item for each number of days since it was last touched."""
        connector = connector or self.connector
        before = connector.rejection_ids
        items = [self._item(email=f"{age}@example.com", kind="?") for age in ages]
        self._take("touchpoints", *items, connector=connector)
        rejections = (connector.rejection_ids - before).sorted("id")
        self.assertEqual(len(rejections), len(ages))
        if settle:
            getattr(rejections.with_user(self.manager), settle)()
        self.env.flush_all()
        column = "settled_at" if settle else "write_date"
        for rejection, age in zip(rejections, ages, strict=True):
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_connector_rejection SET %s = %s WHERE id = %s",
                    SQL.identifier(column),
                    self.env.cr.now() - timedelta(days=age),
                    rejection.id,
                )
            )
        rejections.invalidate_recordset()
        return rejections

    def _vacuum(self):
        return self.env["crm.connector.rejection"]._gc_rejections()

    def test_items_nobody_settled_stay_longer(self):
        old, young = self._rejected(181, 179)
        self.assertEqual(self.connector.to_do_count, 2)
        self.assertEqual(self._vacuum(), (1, 0))
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())
        self.assertEqual(self.connector.rejection_ids, young)
        self.assertEqual(self.connector.to_do_count, 1)

    def test_settled_items_go_by_the_day_they_were_settled(self):
        old, young = self._rejected(31, 29, settle="action_source_dismiss")
        self._vacuum()
        self.assertEqual((old | young).exists(), young)

    def test_an_attempt_to_replay_starts_the_clock_again(self):
        (rejection,) = self._rejected(181)
        rejection.with_user(self.manager).action_source_replay()
        self.assertEqual(rejection.state, "new")
        self._vacuum()
        self.assertTrue(rejection.exists())

    def test_each_connector_has_its_own_days_and_zero_is_for_ever(self):
        forever = self._build_connector(
            name="Forever", keep_new_days=0, keep_settled_days=0
        )
        short = self._build_connector(name="Short", keep_new_days=1)
        short.active = False
        kept = self._rejected(5000, connector=forever)
        kept |= self._rejected(6000, connector=forever, settle="action_source_dismiss")
        gone = self._rejected(2, connector=short)
        self._vacuum()
        self.assertEqual((kept | gone).exists(), kept)

    def test_in_batches(self):
        rejections = self._rejected(201, 202, 203)
        with patch.object(crm_connector_rejection_vacuum, "BATCH", 2):
            self.assertEqual(self._vacuum(), (2, 2))
            self.assertEqual(self._vacuum(), (1, 0))
        self.assertFalse(rejections.exists())

    def test_days_that_are_none(self):
        for field in ("keep_new_days", "keep_settled_days"):
            for days in (-1, 40_000):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    self.connector[field] = days
                    self.connector.flush_recordset()
                self.connector.invalidate_recordset()
