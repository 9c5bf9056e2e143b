"""Errors with a name of their own, so that callers need not read the text."""

from odoo.exceptions import UserError


class StageRuleError(UserError):
    """Stage rules hold a move back.

    ``context`` carries the structured decision: Odoo's web client hands it to the
    dialog that is registered for the dotted name of this class, RPC clients find
    it in the error's data.
    """

    def __init__(self, message, context=None):
        super().__init__(message)
        self.context = context or {}
