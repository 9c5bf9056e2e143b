"""The waterfall as a workbook: its table, and the deals behind each bar to the cent."""

import io

from odoo.tools import SQL

from .crm_pipeline_waterfall_line import BARS

#: Above it the workbook has what changed, and opening and closing only in sums.
MOST_DEALS = 100_000
#: Rows of a sheet, without its headings.
_MOST_ROWS = 1_048_575

_DEALS = """
    WITH %(lines)s
    SELECT line.bar, line.lead_number, lead.name, person.name, line.team_id,
           company.name, line.category, line.month, line.deals, line.value
      FROM (SELECT bar, %(lead_number)s AS lead_number, user_id, team_id, company_id,
                   category, month, COUNT(DISTINCT lead_id) AS deals,
                   SUM(value) AS value
              FROM line
             GROUP BY 1, 2, 3, 4, 5, 6, 7) line
      LEFT JOIN crm_lead lead ON lead.id = line.lead_number
      LEFT JOIN res_company company ON company.id = line.company_id
      LEFT JOIN res_users owner ON owner.id = line.user_id
      LEFT JOIN res_partner person ON person.id = owner.partner_id
     ORDER BY array_position(%(bars)s, line.bar::text), line.value DESC,
              line.lead_number
     LIMIT %(limit)s
"""


def workbook(run):
    """The bytes of the workbook of a waterfall, with what its reader may read."""
    import xlsxwriter  # noqa: PLC0415  (as Odoo does: it is slow to import)

    run = run._as_asked()
    output = io.BytesIO()
    # A text that begins with = is a text, not a formula.
    texts = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(output, {"in_memory": True, **texts})
    digits = run.env.company.currency_id.decimal_places
    styles = {
        "bold": book.add_format({"bold": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "money": book.add_format({"num_format": f"#,##0.{'0' * digits}".rstrip(".")}),
    }
    parts = run._parts()
    _table(book.add_worksheet(run.env._("Waterfall")), run, parts, styles)
    if _may_export(run.env):
        query = _query(run, parts)
        _deals(book.add_worksheet(run.env._("Deals")), run, query, styles)
    book.close()
    return output.getvalue()


def _may_export(env):
    """Lists of records leave Odoo with this right only; sums do without it."""
    return env.user.has_group("base.group_allow_export")


def _row(sheet, number, values, styles, is_bold=False):
    for column, value in enumerate(values):
        if is_bold:
            sheet.write(number, column, value, styles["bold"])
        elif isinstance(value, float):
            sheet.write_number(number, column, value, styles["money"])
        elif hasattr(value, "isoformat"):
            sheet.write_datetime(number, column, value, styles["day"])
        elif value is not None and value is not False:
            sheet.write(number, column, value)


def _table(sheet, run, parts, styles):
    """What was asked, then a line per row and bar."""
    env = run.env
    shown = ("date_from", "date_to", "measure", "split", "category", "period_from")
    shown += ("period_to", "company_ids", "team_ids", "user_ids")
    number = 0
    for name in shown:
        if run[name]:
            _row(sheet, number, [_label(run, name), _said(run, name)], styles)
            number += 1
    _row(sheet, number, [env._("Currency"), run.env.company.currency_id.name], styles)
    number += 2
    heads = [env._("Rows"), env._("What Happened"), env._("Deals"), env._("Value")]
    _row(sheet, number, heads, styles, is_bold=True)
    for part in parts:
        for bar in part["bars"]:
            number += 1
            values = [part["label"], bar["label"], bar["deals"], float(bar["value"])]
            _row(sheet, number, values, styles)
    if not _may_export(run.env):
        missing = env._("The deals are left out: you have no access to Odoo's export.")
        _row(sheet, number + 2, [missing], styles)
    sheet.set_column(0, 3, 22)


def _label(run, name):
    return run._fields[name]._description_string(run.env)


def _said(run, name):
    """What was answered, in words."""
    value, field = run[name], run._fields[name]
    if field.relational:
        return ", ".join(value.sudo().mapped("display_name"))
    if field.type == "selection":
        return dict(field._description_selection(run.env))[value]
    return value


def _deals(sheet, run, query, styles):
    """A line per deal and bar."""
    env = run.env
    heads = [env._("What Happened"), env._("Opportunity ID"), env._("Opportunity")]
    heads += [env._("Salesperson"), env._("Sales Team"), env._("Company")]
    heads += [
        env._("Forecast Category"),
        env._("Month of Expected Closing"),
        env._("Deals"),
    ]
    _row(sheet, 0, [*heads, env._("Value")], styles, is_bold=True)
    lines = run.env["crm.pipeline.waterfall.line"]
    bars, categories = (
        dict(lines._fields[name]._description_selection(run.env))
        for name in ("bar", "forecast_category")
    )
    rows = run.env.execute_query(query)
    teams = run.env["crm.team"].sudo().browse({row[4] for row in rows if row[4]})
    teams = {team.id: team.display_name for team in teams.exists()}
    for number, row in enumerate(rows, 1):
        bar, lead, name, person, team, company, category, month, deals, value = row
        known = [bars[bar], lead, name, person, teams.get(team), company]
        known += [categories.get(category), month, deals, float(value)]
        _row(sheet, number, known, styles)
    sheet.set_column(0, 9, 18)
    sheet.set_column(2, 2, 40)
    sheet.freeze_panes(1, 0)


def _query(run, parts):
    ends = ("opening", "closing")
    deals = sum(bar["deals"] for bar in parts[0]["bars"] if bar["bar"] in ends)
    lead_number = SQL("lead_id")
    if deals > MOST_DEALS:
        lead_number = SQL("CASE WHEN bar <> ALL(%s) THEN lead_id END", list(ends))
    return SQL(
        _DEALS,
        lines=run._lines_sql(),
        lead_number=lead_number,
        bars=[bar for bar, _label in BARS],
        limit=_MOST_ROWS,
    )
