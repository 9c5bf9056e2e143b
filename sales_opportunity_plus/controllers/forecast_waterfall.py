from odoo.exceptions import MissingError
from odoo.http import Controller, content_disposition, request, route

from ..wizards.waterfall_xlsx import workbook

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ForecastWaterfall(Controller):
    """Download of a pipeline waterfall: one's own, with the rights of its reader."""

    @route("/crm_pipeline_waterfall/<int:run_id>/xlsx", type="http", auth="user")
    def xlsx(self, run_id):
        run = request.env["crm.pipeline.waterfall"].browse(run_id)
        try:
            run.check_access("read")
        except MissingError as gone:
            raise request.not_found() from gone
        if not run.exists():
            raise request.not_found()
        # In a folder, days of any language are in their order.
        name = run.env._(
            "Pipeline %(before)s – %(after)s", before=run.date_from, after=run.date_to
        )
        headers = [
            ("Content-Type", _XLSX),
            ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(workbook(run), headers)
