from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...engine.learning import Learned
from ..lead_part import LeadPart

#: Features that are no field of the opportunity.
_OF_STAGE = {"stage", "stage and days", "days"}


class LeadMaths(LeadPart):
    """The maths behind the probability by history, in words."""

    __slots__ = ()

    def action_forecast_maths(self):
        """Show what each property of this opportunity adds to its probability."""
        self.ensure_one()
        self.check_access("read")
        version = self.env["crm.forecast.calibration"]._standing()
        self.flush_recordset()
        rows = version._open_rows(self.ids)
        learned = version and version._learned()
        if not (learned and learned.calibration.scorecard and rows):
            raise UserError(self._forecast_no_maths(version))
        values = self._forecast_maths(learned, rows[0][1:])
        maths = self.env["crm.forecast.maths"].create(
            {"lead_id": self.id, "summary": version.summary, **values}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("See the Maths"),
            "res_model": maths._name,
            "res_id": maths.id,
            "view_mode": "form",
            "target": "new",
        }

    def _forecast_no_maths(self, version):
        if not version:
            return self.env._(
                "Nothing is learnt from closed opportunities yet; the job does it once "
                "a day. A sales manager can start it under Learnt Probabilities."
            )
        return self.env._(
            "There is no maths to show for “%s”: it is not open, or nothing could be "
            "learnt.",
            self.display_name,
        )

    def _forecast_maths(self, learned: Learned, row):
        reading = learned.calibration.scorecard.reading(row)
        chance = learned.chance(row)
        lines = [
            {
                "feature": self._forecast_feature(line.feature),
                "case": self._forecast_case(line.feature, line.case),
                "closed_count": line.seen,
                "rate": 100 * (line.rate or 0),
                "points": line.points,
            }
            for line in reading.lines
        ]
        if learned.calibration.clock_share:
            lines.append(
                {
                    "feature": self.env._("Time in the stage"),
                    "case": self.env._("%s days", row[1]),
                    "points": 100 * (chance - reading.probability),
                }
            )
        return {
            "start": 100 * reading.start,
            "probability": 100 * chance,
            "line_ids": [(0, 0, line) for line in lines],
        }

    def _forecast_feature(self, name):
        if name == "stage and days":
            return self.env._("Stage and days in it")
        if name == "days":
            return self.env._("Days in the stage")
        field = {"stage": "stage_id", "amount": "expected_revenue"}.get(name, name)
        return self._fields[field]._description_string(self.env)

    def _forecast_case(self, name, case):
        """A case in words: a name, a range, both, or that it was never seen."""
        if not case.seen:
            return self.env._("Never seen before")
        said = []
        if case.category is not None:
            said.append(self._forecast_category_name(name, case.category))
        if name not in ("stage",) and case.category is None or name == "stage and days":
            said.append(self._forecast_span(case))
        return ", ".join(said)

    def _forecast_category_name(self, name, category):
        if category == "":
            return self.env._("None")
        field = self._fields["stage_id" if name in _OF_STAGE else name]
        if field.type == "many2one":
            record = self.env[field.comodel_name].sudo().browse(int(category)).exists()
            return record.display_name or self.env._("Deleted")
        return dict(field._description_selection(self.env)).get(category, category)

    def _forecast_span(self, case):
        low, high = (
            None if edge is None else formatLang(self.env, edge, digits=0)
            for edge in (case.low, case.high)
        )
        if not case.has_number:
            return self.env._("None")
        if low and high:
            return self.env._("from %(low)s to under %(high)s", low=low, high=high)
        if low:
            return self.env._("%s or more", low)
        return self.env._("under %s", high) if high else self.env._("Any")
