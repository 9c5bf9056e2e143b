import json

from odoo.exceptions import UserError
from odoo.http import Controller, content_disposition, request, route
from odoo.tools import osutil

from . import forecast_board_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ForecastBoard(Controller):
    """Download of the forecast board, with the rights of its reader."""

    @route(
        "/sales_opportunity_plus/forecast_board/xlsx",
        type="http",
        auth="user",
        methods=["POST"],
        readonly=True,
    )
    def xlsx(self, board="{}", company_ids="[]"):
        asked, companies = _object(board, dict), _object(company_ids, list)
        if companies:
            # ``env.companies`` refuses those that the user does not have.
            request.update_context(allowed_company_ids=companies)
        env = request.env
        is_cumulative = asked.get("sums") != "category"
        content = env["crm.forecast.board"]._read_whole(asked.get("options"))
        name = env._("Forecast %s", content["period"]["label"])
        return request.make_response(
            forecast_board_xlsx.workbook(env, content, is_cumulative),
            [
                ("Content-Type", _XLSX),
                (
                    "Content-Disposition",
                    content_disposition(osutil.clean_filename(f"{name}.xlsx")),
                ),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )


def _object(text, kind):
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, kind):
        raise UserError(
            request.env._(
                "The forecast board cannot be exported for “%s”. Export it from "
                "the screen.",
                text,
            )
        )
    return found
