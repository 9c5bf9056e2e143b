from odoo.fields import Domain
from odoo.tools import SQL

from ..lead_part import LeadPart

# Touches after the closing did not bring it about; and a first touch is one of a kind
# that attribution counts, as everywhere else.
_JOURNEYS = """
    WITH deal AS (
        SELECT * FROM unnest(%(ids)s, %(closings)s::timestamp[]) AS deal(id, closed_at)
    ),
    journey AS (
        SELECT deal.id, COUNT(touch.id) AS touches,
               (array_agg(touch.id ORDER BY touch.happened_at, touch.id)
                   FILTER (WHERE %(counted)s))[1] AS first_id,
               (array_agg(touch.id ORDER BY touch.happened_at DESC, touch.id DESC)
                   FILTER (WHERE %(counted)s))[1] AS last_id
          FROM deal
          JOIN crm_touchpoint touch ON touch.lead_id = deal.id
          JOIN crm_touch_kind kind ON kind.id = touch.kind_id
         WHERE touch.reverses_id IS NULL AND touch.reversed_by_id IS NULL
         GROUP BY deal.id
    )
    SELECT journey.id, journey.touches, journey.first_id, journey.last_id,
           campaign.id, medium.id, source.id
      FROM journey
      LEFT JOIN crm_touchpoint first ON first.id = journey.first_id
      LEFT JOIN crm_touch_channel channel ON channel.id = first.channel_id
      LEFT JOIN utm_campaign campaign ON campaign.id = channel.campaign_id
      LEFT JOIN utm_medium medium ON medium.id = channel.medium_id
      LEFT JOIN utm_source source ON source.id = channel.source_id
"""
_COUNTED = SQL(
    "kind.counts AND (deal.closed_at IS NULL OR touch.happened_at <= deal.closed_at)"
)
_LIVE = SQL("touch.reverses_id IS NULL AND touch.reversed_by_id IS NULL")
# The other way round than the journeys: from the few channels to their touches, and
# only then whether one of them was the first.
_FIRST_BY = """
    %(lead)s IN (
        SELECT touch.lead_id
          FROM crm_touch_channel channel
          JOIN crm_touchpoint touch ON touch.channel_id = channel.id
          JOIN crm_touch_kind kind ON kind.id = touch.kind_id
          JOIN crm_lead deal ON deal.id = touch.lead_id
         WHERE channel.%(field)s = ANY(%(ids)s) AND %(counted)s AND %(live)s
           AND NOT EXISTS (
               SELECT FROM crm_touchpoint earlier
                 JOIN crm_touch_kind earlier_kind
                   ON earlier_kind.id = earlier.kind_id AND earlier_kind.counts
                WHERE earlier.lead_id = touch.lead_id
                  AND earlier.reverses_id IS NULL AND earlier.reversed_by_id IS NULL
                  AND (earlier.happened_at, earlier.id)
                      < (touch.happened_at, touch.id)
           )
    )
"""
_FIRST_FIELDS = ("campaign_id", "medium_id", "source_id")


class LeadTouchScreen(LeadPart):
    """What the opportunity shows of its touches: computed, nothing is stored."""

    __slots__ = ()

    def _compute_touches(self):
        closings = {
            lead._origin.id: lead._source_closing() for lead in self if lead._origin.id
        }
        rows = []
        if closings:
            rows = self.env.execute_query(
                SQL(
                    _JOURNEYS,
                    ids=list(closings),
                    closings=list(closings.values()),
                    counted=_COUNTED,
                )
            )
        journeys = {row[0]: row[1:] for row in rows}
        for lead in self:
            found = journeys.get(lead._origin.id, (0, None, None, None, None, None))
            lead.touch_count = found[0]
            lead.first_touch_id, lead.last_touch_id = found[1] or False, found[2]
            for name, utm_id in zip(_FIRST_FIELDS, found[3:], strict=True):
                lead[f"first_touch_{name}"] = utm_id

    def _source_closing(self):
        """When a deal that is won or lost was closed."""
        is_closed = self.won_status in ("won", "lost")
        return self.date_closed if is_closed and self.date_closed else None

    def _source_forget_touches(self):
        """Have the screen ask the ledger again within this transaction."""
        names = [f"first_touch_{name}" for name in _FIRST_FIELDS]
        names += [
            "touch_count",
            "first_touch_id",
            "last_touch_id",
            "source_credit_table",
        ]
        self.invalidate_recordset(names, flush=False)

    # ------------------------------------------------------------
    # Search
    # ------------------------------------------------------------

    def _search_touch_count(self, operator, value):
        if operator not in ("in", "<", ">", "<=", ">="):
            return NotImplemented
        if operator == "in" and not any(value):
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "NOT EXISTS (SELECT FROM crm_touchpoint touch WHERE "
                    "touch.lead_id = %s AND %s)",
                    SQL.identifier(alias, "id"),
                    _LIVE,
                ),
                predicate=lambda lead: not lead.touch_count,
            )
        given = tuple(value) if operator == "in" else value
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(SELECT COUNT(*) FROM crm_touchpoint touch WHERE touch.lead_id = %s "
                "AND %s) %s %s",
                SQL.identifier(alias, "id"),
                _LIVE,
                SQL(operator),
                given,
            ),
        )

    def _search_first_touch_campaign_id(self, operator, value):
        return self._source_search_first("campaign_id", operator, value)

    def _search_first_touch_medium_id(self, operator, value):
        return self._source_search_first("medium_id", operator, value)

    def _search_first_touch_source_id(self, operator, value):
        return self._source_search_first("source_id", operator, value)

    def _source_search_first(self, field, operator, value):
        """Opportunities whose first touch had one of these campaigns, mediums, …"""
        name = f"first_touch_{field}"
        if operator in ("any", "like", "ilike", "=like", "=ilike"):
            model = self.env[self._fields[name].comodel_name]
            domain = Domain("display_name", operator, value)
            value = model.search(value if operator == "any" else domain).ids
        elif operator != "in":
            return NotImplemented
        ids = [one for one in value if one]
        if len(ids) < len(value):
            # Empty: no touch, or a first touch without one. Asked from the other side.
            have = self.env[self._fields[name].comodel_name].with_context(
                active_test=False
            )
            others = have.search([("id", "not in", ids)]).ids
            return ~self._source_search_first(field, "in", others)
        closed = SQL(
            "(deal.won_status NOT IN ('won', 'lost') OR deal.date_closed IS NULL"
            " OR touch.happened_at <= deal.date_closed)"
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                _FIRST_BY,
                lead=SQL.identifier(alias, "id"),
                field=SQL.identifier(field),
                ids=ids,
                counted=SQL("kind.counts AND %s", closed),
                live=_LIVE,
            ),
            predicate=lambda lead: lead[name].id in ids,
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_source_open_touches(self):
        """Open the timeline of this opportunity; its record rules apply there."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_touchpoint_report_action_timeline"
        )
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {"source_timeline": "lead", "source_lead_id": self.id}
        action["display_name"] = self.env._("Touches of %s", self.display_name)
        return action

    def action_source_add_touch(self):
        """Open the dialog for what happened outside Odoo."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a Touch"),
            "res_model": "crm.touch.entry",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_id": self.id},
        }
