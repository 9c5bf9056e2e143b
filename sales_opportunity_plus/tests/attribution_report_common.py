"""A firm with touches, credits of our own and costs, for the reports of attribution."""

from datetime import datetime

from odoo.tools import SQL

from ..models.source.touchpoint_sql import Touch
from .common import FirmCase

# Shares a deal out equally, or gives all to its first touch; the rest to the last one.
_CREDIT = """
    WITH journey AS (
        SELECT touch.id, touch.lead_id, lead.expected_revenue AS value,
               row_number() OVER w AS place,
               COUNT(*) OVER (PARTITION BY touch.lead_id) AS touches
          FROM crm_touchpoint touch
          JOIN crm_lead lead ON lead.id = touch.lead_id
         WHERE touch.lead_id = ANY(%(leads)s)
        WINDOW w AS (PARTITION BY touch.lead_id ORDER BY touch.happened_at, touch.id)
    ),
    share AS (
        SELECT journey.*, CASE WHEN %(linear)s THEN round(1.0 / touches, 9)
                               WHEN place = 1 THEN 1 ELSE 0 END AS part
          FROM journey
    )
    INSERT INTO crm_attribution_credit
        (model_id, version, lead_id, touchpoint_id, fraction, amount, currency_id)
    SELECT %(model)s, 3, lead_id, id,
           CASE WHEN %(linear)s AND place = touches
                THEN 1 - part * (touches - 1) ELSE part END,
           CASE WHEN %(linear)s AND place = touches
                THEN value - round(value * part, 2) * (touches - 1)
                ELSE round(value * part, 2) END,
           %(currency)s
      FROM share WHERE part > 0
"""


class AttributionReportMixin:
    """Builders; they work with every test class of the firm."""

    @classmethod
    def _build_attribution(cls):
        # Models that the database has for itself stay out of the numbers.
        cls.env["crm.attribution.model"].search([]).active = False
        cls.linear = cls._model("Test Linear", "linear", 10)
        cls.first = cls._model("Test First", "first", 20)
        cls.spring = cls._campaign("Test Spring")
        cls.autumn = cls._campaign("Test Autumn")
        cls.medium = cls.env["utm.medium"].create({"name": "Test Medium"})
        cls.source = cls.env["utm.source"].create({"name": "Test Source"})
        cls.both = cls._user("test_both", "sales_team.group_sale_manager", cls.company)
        cls.both.company_ids += cls.company_abroad

    @classmethod
    def _campaign(cls, name):
        return cls.env["utm.campaign"].create({"title": name})

    @classmethod
    def _model(cls, name, shape, sequence, computed=True, **values):
        model = cls.env["crm.attribution.model"].create(
            {"name": name, "shape": shape, "sequence": sequence, **values}
        )
        cls._set_computed(model, computed)
        return model

    @classmethod
    def _set_computed(cls, model, computed):
        moment = datetime(2024, 6, 1) if computed else None
        cls.env.cr.flush()
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_attribution_model SET computed_at = %s WHERE id = %s",
                moment,
                model.id,
            )
        )
        model.invalidate_recordset()

    @classmethod
    def _touch(cls, lead=None, campaign=None, when=(2024, 1, 10), **values):
        rows = cls.env["crm.touchpoint"]._record(
            [
                Touch(
                    kind="form",
                    happened_at=datetime(*when),
                    lead_id=lead and lead.id,
                    campaign_id=campaign and campaign.id,
                    **{"company_id": cls.company.id, "origin": "manual", **values},
                )
            ]
        )
        return rows[0][0]

    @classmethod
    def _credit(cls, leads, *models, currency=None):
        cls.env.cr.flush()
        for model in models:
            cls.env.cr.execute(
                SQL(
                    _CREDIT,
                    leads=leads.ids,
                    linear=model.shape == "linear",
                    model=model.id,
                    currency=(currency or cls.euro).id,
                )
            )

    @classmethod
    def _won(cls, closed=(2024, 3, 15), **values):
        lead = cls._lead(**values)
        lead.action_set_won()
        lead.date_closed = datetime(*closed)
        return lead

    @classmethod
    def _lost(cls, **values):
        """Lost without asking the stage rules that a database may have."""
        lead = cls._lead(**values)
        cls.env.cr.flush()
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET active = FALSE, probability = 0,"
                " won_status = 'lost', date_closed = '2024-03-20' WHERE id = %s",
                lead.id,
            )
        )
        cls.env.invalidate_all()
        return lead

    @classmethod
    def _abroad(cls, **values):
        return {
            "company_id": cls.company_abroad.id,
            "team_id": cls.team_abroad.id,
            "user_id": cls.seller_abroad.id,
            **values,
        }

    @classmethod
    def _cost(cls, amount, campaign=None, days=("2024-03-01", "2024-03-31"), **values):
        """A cost of the company; ``values`` override everything else."""
        return cls.env["crm.campaign.cost"].create(
            {
                "campaign_id": (campaign or cls.spring).id,
                "amount": amount,
                "date_from": days[0],
                "date_to": days[1],
                "company_id": cls.company.id,
                "currency_id": cls.euro.id,
                **values,
            }
        )


class AttributionReportCase(AttributionReportMixin, FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_attribution()

    def _report(self, user=None, companies=None, name="crm.attribution.report"):
        """The report as a person sees it in another request."""
        self.env.cr.flush()
        self.env.invalidate_all()
        companies = companies or self.company
        return (
            self.env[name]
            .with_user(user or self.manager)
            .with_context(allowed_company_ids=companies.ids)
        )

    def _sums(self, aggregates, domain=(), groupby=(), **report):
        """Aggregates of what belongs to the firm: a database may have more."""
        own = [("company_id", "in", (self.company | self.company_abroad).ids)]
        domain = [*own, *domain]
        rows = self._report(**report)._read_group(domain, groupby, aggregates)
        return rows[0] if not groupby else rows

    def _of(self, model, aggregates, *domain, **report):
        return self._sums(aggregates, [("model_id", "=", model.id), *domain], **report)
