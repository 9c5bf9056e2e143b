import logging
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..first_company import first_company
from ..lead_domain import parse_lead_domain
from ..selections import WEBHOOK_EVENTS

_logger = logging.getLogger(__name__)
_EVENTS = [event for event, _label in WEBHOOK_EVENTS if event != "test"]
_PARTS = ("amount", "people", "contact", "source", "personal")


class Listener(NamedTuple):
    """An active webhook as the registry keeps it: plain values, no record."""

    webhook_id: int
    company_id: int
    events: frozenset[str]
    #: A ``Domain`` on opportunities, or ``None`` for all.
    domain: Any
    #: Which parts of the payload are sent, see ``webhook_sql``.
    parts: tuple[str, ...]
    #: Names of further columns of the opportunity.
    columns: tuple[str, ...]


class CrmWebhook(models.Model):
    """Who listens to what, in the registry cache: a move asks without a query."""

    _name = "crm.webhook"
    _inherit = ["crm.webhook"]

    @api.model
    @ormcache()
    def _listeners(self):
        """The active webhooks of all companies; every change of one clears it."""
        webhooks = self.sudo().with_context(active_test=True, lang=None)
        found = [one._listener() for one in webhooks.search(Domain.TRUE, order="id")]
        return tuple(listener for listener in found if listener)

    def _listener(self):
        self.ensure_one()
        try:
            domain = parse_lead_domain(self, "domain")
        except ValidationError as error:
            # A field that is gone must not keep anybody from moving opportunities;
            # the form of the webhook says what is wrong.
            _logger.error("The webhook %s tells nothing: %s", self.id, error)
            return None
        return Listener(
            webhook_id=self.id,
            company_id=self.company_id.id,
            events=frozenset(event for event in _EVENTS if self[f"on_{event}"]),
            domain=domain,
            parts=tuple(part for part in _PARTS if self[f"send_{part}"]),
            columns=tuple(filter(self._sendable, self._column_names())),
        )

    @api.model
    @ormcache()
    def _first_company_id(self):
        """The company of opportunities that belong to nobody."""
        return first_company(self.env).id
