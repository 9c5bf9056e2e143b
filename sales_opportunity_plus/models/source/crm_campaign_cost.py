import math
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .touch_channel_sql import channel_ids

_UTM = ("campaign_id", "medium_id", "source_id")


class CrmCampaignCost(models.Model):
    """What a campaign, a medium or a source cost in some days.

    The amount is spread evenly over the days, see ``report/campaign_cost_sql.py``.
    The channel row keeps the names when a campaign, medium or source is deleted.
    """

    _name = "crm.campaign.cost"
    _description = "Campaign Cost"
    _order = "date_from desc, id desc"
    _rec_names_search = ["reference", "note", "campaign_id.title"]

    campaign_id = fields.Many2one(
        "utm.campaign",
        index="btree_not_null",
        ondelete="set null",
        help="The campaign that the money was spent on.",
    )
    medium_id = fields.Many2one(
        "utm.medium",
        ondelete="set null",
        help="The medium that the money was spent on. Leave it empty when the cost is "
        "the whole campaign's.",
    )
    source_id = fields.Many2one(
        "utm.source",
        ondelete="set null",
        help="The source that the money was spent on. Leave it empty when the cost is "
        "the whole campaign's.",
    )
    channel_id = fields.Integer(
        "Channel ID",
        compute="_compute_channel_id",
        store=True,
        aggregator=None,
        help="Keeps the names when the campaign, medium or source is deleted.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        index=True,
        help="First day of the spending. The amount is spread evenly over the days.",
    )
    date_to = fields.Date(
        "To", required=True, help="Last day of the spending, at most ten years later."
    )
    amount = fields.Monetary(required=True, help="Zero or more, all days together.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="The currency of the amount; reports convert it at today's rate.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The company that paid; its people see the cost.",
    )
    reference = fields.Char(
        copy=False,
        help="Invoice number, or the key in the system that the cost comes from. An "
        "import updates the cost of the company that has the same reference.",
    )
    note = fields.Char(help="What the money was spent on.")
    active = fields.Boolean(
        default=True, help="Archive a cost that is not to count; it is never deleted."
    )

    _amount_is_an_amount = models.Constraint(
        "CHECK (amount >= 0 AND amount < 'Infinity'::numeric)",
        "The cost of a campaign is an amount of zero or more.",
    )
    _dates_are_ordered = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A cost ends before it begins: set “To” to the day of “From” or a later one.",
    )
    _dates_are_near = models.Constraint(
        "CHECK (date_to - date_from <= 3653)",
        "A cost runs for more than ten years: enter one cost per year.",
    )
    _dates_are_plausible = models.Constraint(
        "CHECK (date_from >= '1970-01-01' AND date_to <= '2199-12-31')",
        "The days of a cost lie between 1970 and 2199.",
    )
    _one_per_reference = models.UniqueIndex(
        "(company_id, reference) WHERE reference IS NOT NULL AND reference <> ''",
        "The company has a cost with this reference already: change that one, or enter "
        "another reference. Look among the archived costs too.",
    )

    @api.depends(*_UTM)
    def _compute_channel_id(self):
        combinations = {
            cost: tuple(cost[name]._origin.id or 0 for name in _UTM) for cost in self
        }
        known = channel_ids(self.env, combinations.values())
        for cost, combination in combinations.items():
            cost.channel_id = known[combination]

    @api.depends("channel_id", "date_from", "date_to")
    def _compute_display_name(self):
        channels = self.env["crm.touch.channel"].sudo()
        for cost in self:
            channel = channels.browse(cost.channel_id or ())
            names = [
                channel.campaign_name,
                channel.medium_name,
                channel.source_name,
                cost.date_from and format_date(self.env, cost.date_from),
            ]
            cost.display_name = ", ".join(filter(None, names)) or self.env._("New cost")

    @api.constrains(*_UTM)
    def _check_channel(self):
        for cost in self:
            if not any(cost[name] for name in _UTM):
                raise ValidationError(
                    self.env._(
                        "The cost from %(day)s is for nothing: choose a campaign, a "
                        "medium or a source.",
                        day=format_date(self.env, cost.date_from),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._checked(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._checked(vals))

    @api.model
    def _checked(self, vals):
        """The values, when they can be those of a cost; a blank reference is none.

        Rounding to the currency fails on what is not a number, before PostgreSQL
        could refuse it.
        """
        amount = vals.get("amount") or 0
        if not math.isfinite(amount) or amount < 0:
            raise ValidationError(
                self.env._("The cost of a campaign is an amount of zero or more.")
            )
        for name in ("date_from", "date_to"):
            day = fields.Date.to_date(vals.get(name))
            if day and not date(1970, 1, 1) <= day <= date(2199, 12, 31):
                raise ValidationError(
                    self.env._(
                        "%(day)s is not a day of a cost: enter one between 1970 and "
                        "2199.",
                        day=day.isoformat(),
                    )
                )
        if "reference" in vals:
            vals = {**vals, "reference": (vals["reference"] or "").strip() or False}
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise ValidationError(
            self.env._(
                "The cost “%s” is not deleted: archive it, and it counts no more.",
                self[:1].display_name,
            )
        )

    @api.model
    def _load_records(self, data_list, update=False):
        """Update costs whose reference is known: the same file twice counts once.

        A line of the file that names its cost by an external or a database id is
        left as it is.
        """
        lines = [data["values"] for data in data_list if not data.get("xml_id")]
        keys = {
            id(vals): (
                vals.get("company_id") or self.env.company.id,
                (vals.get("reference") or "").strip(),
            )
            for vals in lines
            if not vals.get("id")
        }
        costs = self.with_context(active_test=False).search_fetch(
            [("reference", "in", [ref for _company, ref in keys.values() if ref])],
            ["company_id", "reference"],
        )
        known = {(cost.company_id.id, cost.reference): cost.id for cost in costs}
        for vals in lines:
            if cost_id := known.get(keys.get(id(vals))):
                vals["id"] = cost_id
        return super()._load_records(data_list, update)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Campaign Costs"),
                "template": "/sales_opportunity_plus/static/csv/crm_campaign_cost.csv",
            }
        ]
