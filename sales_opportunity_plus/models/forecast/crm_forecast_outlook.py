from odoo import api, models

from ...engine.board import PROJECTED
from ...engine.board_outlook import with_outlook
from .board_notes import bias, corrected
from .board_options import parsed
from .board_reading import OutlookReading


class CrmForecastBoard(models.AbstractModel):
    """What follows the first screen: it looks at the past as well and takes longer."""

    _name = "crm.forecast.board"
    _inherit = ["crm.forecast.board"]

    @api.model
    @api.readonly
    def read_outlook(self, options=None):
        """The projection of each row, and how past forecasts did.

        :param options: as for ``read_board``
        :return: ``rows`` as there; ``names`` of the values that a row adds where the
            board has it already; ``notes``
        """
        self._check_reader()
        reading = OutlookReading(self.env, parsed(self.env, options))
        kind = reading.asked.period.kind
        notes = [bias(self.env, kind), corrected(self.env, reading.correction)]
        return {
            "rows": self._rows_of(reading),
            "names": list(PROJECTED) if reading.is_projected else [],
            "notes": [note for note in notes if note],
        }

    @api.model
    def _read_whole(self, options):
        """The board with its outlook, as the screen has it in the end."""
        return with_outlook(self.read_board(options), self.read_outlook(options))
