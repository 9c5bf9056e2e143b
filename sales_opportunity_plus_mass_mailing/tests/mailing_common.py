from datetime import datetime, timedelta

from odoo.tools import SQL

from odoo.addons.sales_opportunity_plus.tests.touch_common import TouchCase

SENT = datetime(2024, 3, 4, 9, 0, 0)


class MailingCase(TouchCase):
    """A mailing, whom it went to and what they did, at moments of our choice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What touches nobody's opportunity stays so: these tests are on the mailings.
        adoption = [("code", "=like", "adoption.%")]
        cls.env["crm.touch.harvest"].search(adoption).active = False
        cls.mailing = cls._mailing("Test Spring Offer")
        cls.links = [cls._link(name) for name in ("one", "two")]

    @classmethod
    def _mailing(cls, subject, **values):
        return cls.env["mailing.mailing"].create(
            {
                "subject": subject,
                "name": f"{subject} Mailing",
                "campaign_id": cls.campaign.id,
                "mailing_model_id": cls.env["ir.model"]._get_id("res.partner"),
                **values,
            }
        )

    @classmethod
    def _link(cls, name):
        return cls.env["link.tracker"].create(
            {
                "url": f"https://test.example.com/{name}",
                "title": name,
                "mass_mailing_id": cls.mailing.id,
            }
        )

    @classmethod
    def _person(cls, name, **values):
        email = f"{name}@{name}.example.com"
        return cls.env["res.partner"].create({"name": name, "email": email, **values})

    def _deal(self, name, created=SENT - timedelta(days=30), **values):
        deal = self.env["crm.lead"].create(
            {"name": name, "type": "opportunity", "user_id": self.seller.id, **values}
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET create_date = %s WHERE id = %s", created, deal.id)
        )
        deal.invalidate_recordset()
        return deal

    def _trace(self, record, email=None, mailing=None, **values):
        """What Odoo keeps of a mail; moments are given in seconds after sending."""
        moments = {
            f"{name}_datetime": SENT + timedelta(seconds=values.pop(name))
            for name in ("open", "reply")
            if name in values
        }
        return self.env["mailing.trace"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "email": email or record.email_normalized,
                "mass_mailing_id": (mailing or self.mailing).id,
                "trace_status": "sent",
                "sent_datetime": SENT,
                **moments,
                **values,
            }
        )

    def _click(self, trace, seconds, link=None, **values):
        click = self.env["link.tracker.click"].create(
            {
                "link_id": (link or self.links[0]).id,
                "mailing_trace_id": trace.id,
                "mass_mailing_id": trace.mass_mailing_id.id,
                **values,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE link_tracker_click SET create_date = %s WHERE id = %s",
                SENT + timedelta(seconds=seconds),
                click.id,
            )
        )
        return click

    def _collect(self):
        """Run the harvest some time after everything was written."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_trace SET write_date = write_date - interval '1 minute'"
        )
        self._harvest()

    def _of_trace(self, trace):
        self.env.flush_all()
        keys = [
            f"mailing.trace:{trace.id}:{part}" for part in ("sent", "open", "reply")
        ]
        clicks = trace.links_click_ids.ids
        keys += [f"link.tracker.click:{click_id}" for click_id in clicks]
        return self._touches("external_key = ANY(%s)", keys)

    def _kinds_of(self, trace):
        return sorted(row.kind for row in self._of_trace(trace))
