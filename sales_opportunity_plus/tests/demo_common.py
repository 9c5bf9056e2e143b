from datetime import date

from odoo.tests import TransactionCase

from ..demo.generator import generate

DAY = date(2026, 3, 18)
MODULE = "sales_opportunity_plus"


class DemoCase(TransactionCase):
    """A demo company of its own, also where the database has one."""

    size = 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_aside_existing()
        cls._before()
        cls.firm = generate(DAY, opportunities=cls.size)
        cls.env["crm.demo.company"]._build(DAY, opportunities=cls.size)
        cls.env.flush_all()
        cls.companies = cls._ref("company_de") | cls._ref("company_uk")
        cls.leads = (
            cls.env["crm.lead"]
            .with_context(active_test=False)
            .search([("company_id", "in", cls.companies.ids)])
        )

    @classmethod
    def _before(cls):
        """Look at what is there before the company is built."""

    @classmethod
    def _set_aside_existing(cls):
        names = [("module", "=", MODULE), ("name", "=like", r"demo\_%")]
        xmlids = cls.env["ir.model.data"].search(names)
        for model, unique in (
            ("res.users", "login"),
            ("res.company", "name"),
            ("crm.tag", "name"),
        ):
            ids = xmlids.filtered(lambda x, m=model: x.model == m).mapped("res_id")
            for record in cls.env[model].browse(ids):
                record[unique] = f"before {record[unique]}"
        xmlids.unlink()
        for model in ("crm.stage.rule", "crm.stage.action", "crm.webhook"):
            cls.env[model].search([]).active = False

    @classmethod
    def _ref(cls, key):
        return cls.env.ref(f"{MODULE}.demo_{key}")
