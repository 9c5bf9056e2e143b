"""Errors with a name of their own, so that callers need not read the text."""

from odoo.exceptions import UserError


class StageRuleError(UserError):
    """Stage rules hold a move back.

    ``context`` carries the structured decision: Odoo's web client hands it to the
    dialog that is registered for the dotted name of this class, RPC clients find
    it in the error's data. ``held_ids`` are the ids of all opportunities that are
    held back, for callers on the server that go on without them.
    """

    def __init__(self, message, context=None, held_ids=()):
        super().__init__(message)
        self.context = context or {}
        self.held_ids = frozenset(held_ids)
