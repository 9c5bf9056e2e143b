"""What the SQL reports of the addon share."""

from odoo.fields import Domain
from odoo.tools import SQL

#: What an opportunity ``lead`` is by now, one of ``STATUSES``.
STATUS = SQL(
    """CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status
            WHEN lead.active THEN 'open' ELSE 'archived' END"""
)
#: Columns of ``CHANNEL_JOINS``: records that are still there, and names that stay.
CHANNEL = SQL(
    """campaign.id AS campaign_id, medium.id AS medium_id, source.id AS source_id,
       channel.campaign_name, channel.medium_name, channel.source_name"""
)
#: Joins for a ``channel``, a row of ``crm_touch_channel``.
CHANNEL_JOINS = SQL(
    """LEFT JOIN utm_campaign campaign ON campaign.id = channel.campaign_id
       LEFT JOIN utm_medium medium ON medium.id = channel.medium_id
       LEFT JOIN utm_source source ON source.id = channel.source_id"""
)


def readable_leads(env, column):
    """A condition: ``column`` names an opportunity that the user may read.

    It asks ``crm.lead`` itself, so that every record rule on opportunities holds
    in the report too, those of other addons and of the customer included.
    """
    if env.su:
        return SQL("TRUE")
    leads = env["crm.lead"].with_context(active_test=False)._search(Domain.TRUE)
    return SQL("%s IN %s", column, leads.subselect())


def open_lead(record):
    """The action that opens the opportunity of a report line."""
    record.ensure_one()
    lead = record.lead_id
    lead.check_access("read")
    return {
        "type": "ir.actions.act_window",
        "res_model": "crm.lead",
        "res_id": lead.id,
        "views": [(False, "form")],
    }


def readable_deals(env, deal):
    """A condition: the user may read the opportunity of a row, or might have.

    The record rules of an opportunity that was deleted cannot be asked any more: who
    reads all opportunities sees it in his companies, others if it was theirs.

    :param deal: alias of a table with ``lead_id``, ``company_id`` and ``user_id``
    """
    if env.su:
        return SQL("TRUE")
    deal = SQL.identifier(deal)
    theirs = SQL("TRUE")
    if not env.user.has_group("sales_team.group_sale_salesman_all_leads"):
        theirs = SQL("%s.user_id = %s", deal, env.uid)
    theirs = SQL(
        "%(theirs)s AND COALESCE(%(deal)s.company_id = ANY(%(company_ids)s), TRUE)",
        theirs=theirs,
        deal=deal,
        company_ids=env.companies.ids,
    )
    alive = SQL("EXISTS (SELECT FROM crm_lead alive WHERE alive.id = %s.lead_id)", deal)
    if _reads_all_leads(env):
        # Most rows need no look at their opportunity then.
        return SQL("(%s OR %s)", theirs, alive)
    readable = readable_leads(env, SQL("%s.lead_id", deal))
    return SQL("(%s OR %s AND NOT %s)", readable, theirs, alive)


def _reads_all_leads(env):
    """Whether there is no opportunity that the user may not read."""
    query = env["crm.lead"].with_context(active_test=False)._search(Domain.TRUE)
    if query.is_empty() or query.from_clause != SQL.identifier(query.table):
        return False
    if not query.where_clause:
        return True
    [[is_limited]] = env.execute_query(
        SQL(
            "SELECT EXISTS (SELECT FROM %s WHERE (%s) IS NOT TRUE)",
            query.from_clause,
            query.where_clause,
        )
    )
    return not is_limited
