from ..lead_part import LeadPart
from . import touchpoint_life_sql
from .touchpoint_sql import Touch

_UTM = ("campaign_id", "medium_id", "source_id")


class _NoTouch:
    """Opportunities whose campaign, medium and source come from other opportunities.

    An object in the context: no client can send it, so no client can silence the
    ledger.
    """

    def __init__(self, leads):
        self.lead_ids = frozenset(leads.ids)


class LeadTouch(LeadPart):
    """Touches that come from creating, writing, merging, deleting opportunities."""

    __slots__ = ()

    # ------------------------------------------------------------
    # Hooks called by the one override of create, write and unlink
    # ------------------------------------------------------------

    def _source_after_create(self):
        """Record what brought new opportunities here.

        Nothing brought a duplicate: it was already here.
        """
        if isinstance(self.env.context.get("source_copies"), _NoTouch):
            return
        touches = []
        kind = self._source_kind_of_creation()
        for lead in self.sudo():
            touches += lead._source_touches_of_creation(kind)
        self.env["crm.touchpoint"]._record(touches)

    def _source_before_write(self, vals):
        """What the write may change of the source, by lead id, or ``None``."""
        if "type" not in vals and not vals.keys() & set(_UTM):
            return None
        return {lead.id: lead._source_standing() for lead in self.sudo()}

    def _source_after_write(self, before, vals):
        if not before:
            return
        merged = self.env.context.get("source_merged")
        merged_ids = merged.lead_ids if isinstance(merged, _NoTouch) else ()
        touches = []
        for lead in self.sudo().browse(before):
            old = before[lead.id]
            if lead.id in merged_ids:
                # What a merge brings was recorded when it happened.
                old = (old[0], *lead._source_standing()[1:])
            touches += lead._source_touches_of_write(old)
        self.env["crm.touchpoint"]._record(touches)

    def _source_before_unlink(self):
        """Contacts of opportunities that are about to be deleted, by lead id."""
        return {lead.id: lead.partner_id.id or None for lead in self.sudo()}

    def _source_after_unlink(self, before):
        """Their touches stay, as the history of the contact."""
        if before:
            self.env.cr.execute(touchpoint_life_sql.detach(before))
            self.env["crm.touchpoint"].invalidate_model(flush=False)

    # ------------------------------------------------------------
    # Odoo's own actions
    # ------------------------------------------------------------

    def copy(self, default=None):
        leads = self.with_context(source_copies=_NoTouch(self))
        copies = super(LeadTouch, leads).copy(default)
        return copies.with_env(self.env)

    def _merge_opportunity(self, *args, **kwargs):
        leads = self.with_context(source_merged=_NoTouch(self))
        head = super(LeadTouch, leads)._merge_opportunity(*args, **kwargs)
        return head.with_env(self.env)

    def _merge_dependences(self, opportunities):
        """The touches of the merged ones are touches of this one from now on."""
        result = super()._merge_dependences(opportunities)
        self.env.cr.execute(touchpoint_life_sql.adopt(opportunities.ids, self.id))
        self.env["crm.touchpoint"].invalidate_model(flush=False)
        return result

    # ------------------------------------------------------------
    # Touches
    # ------------------------------------------------------------

    def _source_standing(self):
        return (self.type, *(self[name].id for name in _UTM))

    def _source_kind_of_creation(self):
        if not self.env.user._is_internal():
            return "form"
        return "import" if self.env.context.get("import_file") else "created"

    def _source_touches_of_creation(self, kind):
        """The touches of a new opportunity; override to add what is known of it."""
        if not any(self[name] for name in _UTM):
            return []
        return [self._source_touch(kind, external_key=f"crm.lead:{self.id}:created")]

    def _source_touches_of_write(self, before):
        touches = []
        after = self._source_standing()
        if after[1:] != before[1:] and any(after[1:]):
            touches.append(self._source_touch("source_change"))
        if (before[0], after[0]) == ("lead", "opportunity"):
            key = f"crm.lead:{self.id}:conversion"
            touches.append(self._source_touch("conversion", external_key=key))
        return touches

    def _source_touch(self, kind, **values):
        """A ``Touch`` of this opportunity, now, with its campaign, medium, source."""
        return Touch(
            kind=kind,
            **{
                "happened_at": self.env.cr.now(),
                "lead_id": self.id,
                "partner_id": self.partner_id.id,
                "company_id": self._source_company().id,
                "matched_by": "given",
                **{name: self[name].id for name in _UTM},
                **values,
            },
        )

    def _source_company(self):
        return self.company_id or self.team_id.company_id or self.user_id.company_id
