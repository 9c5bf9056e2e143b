"""Touches of opportunities at moments of our own, and their credits."""

from datetime import datetime, timedelta

from odoo.tools import SQL

from ..models.source.touchpoint_sql import Touch
from .common import FirmCase

DAY0 = datetime(2024, 3, 1, 9)


def day(number):
    return DAY0 + timedelta(days=number)


class AttributionCase(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["crm.attribution.model"]
        cls.model.search([]).active = False
        cls.env["crm.stage.rule"].search([]).active = False
        cls._clear_queue()

    @classmethod
    def _clear_queue(cls):
        cls.env.cr.flush()
        cls.env.cr.execute(SQL("DELETE FROM crm_attribution_stale"))

    @classmethod
    def _queue(cls):
        cls.env.cr.flush()
        rows = cls.env.execute_query(SQL("SELECT lead_id FROM crm_attribution_stale"))
        return sorted(lead_id for (lead_id,) in rows)

    @classmethod
    def _model(cls, shape="linear", **values):
        return cls.model.create({"name": f"Test {shape}", "shape": shape, **values})

    @classmethod
    def _touch(cls, lead, *days, kind="visit", **values):
        """Touches of a lead on these days; their ids."""
        # One by one: the ids are in the order of the days.
        return [
            cls.env["crm.touchpoint"]._record(
                [Touch(kind=kind, happened_at=day(n), lead_id=lead.id, **values)]
            )[0][0]
            for n in days
        ]

    def _run_job(self):
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref(
                "sales_opportunity_plus.crm_attribution_cron"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _start_before(self, models, leads):
        """As if the models had come to the opportunity before these."""
        models.version_ids.write({"computed_to": leads[0].id - 1, "computed_at": False})
        self.env.cr.flush()

    @classmethod
    def _credits(cls, lead, model):
        """(touch id, fraction, amount) of a lead under a model, in order of touches."""
        cls.env.cr.flush()
        return cls.env.execute_query(
            SQL(
                """SELECT touchpoint_id, fraction, amount
                     FROM crm_attribution_credit
                     JOIN crm_touchpoint touch ON touch.id = touchpoint_id
                    WHERE crm_attribution_credit.lead_id = %s AND model_id = %s
                    ORDER BY touch.happened_at, touch.id""",
                lead.id,
                model.id,
            )
        )

    @classmethod
    def _amounts(cls, lead, model):
        return [float(amount) for _touch, _share, amount in cls._credits(lead, model)]

    @classmethod
    def _move_dates(cls, lead, **dates):
        """Give a lead the dates of a past of its own."""
        cls.env.cr.flush()
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET %s WHERE id = %s",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in dates.items()
                ),
                lead.id,
            )
        )
        lead.invalidate_recordset()
