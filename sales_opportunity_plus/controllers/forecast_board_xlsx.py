"""The forecast board as a workbook: the numbers of the screen, as values."""

import io

from ..models.selections import FORECAST_MEASURES

#: A column of the screen that is several in a workbook, and their labels.
_PARTS = {
    "range": (("p10", "P10"), ("p50", "P50"), ("p90", "P90")),
}
_WIDE, _NARROW = 32, 15


def workbook(env, board, is_cumulative):
    """The bytes of the workbook of what ``_read_whole`` gave."""
    import xlsxwriter  # noqa: PLC0415  (as Odoo does: it is slow to import)

    output = io.BytesIO()
    # A text that begins with = is a text, not a formula.
    texts = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(output, {"in_memory": True, **texts})
    _Sheet(env, book, board, is_cumulative).fill()
    book.close()
    return output.getvalue()


class _Sheet:
    def __init__(self, env, book, board, is_cumulative):
        self.env = env
        self.book = book
        self.board = board
        self.is_cumulative = is_cumulative
        self.sheet = book.add_worksheet(env._("Forecast")[:31])
        self.columns = list(self._columns())
        self.styles = {}

    def _columns(self):
        """(label, type, name) of each column of the workbook."""
        for column in self.board["columns"]:
            name = column["name"]
            for part, label in _PARTS.get(name, ((name, column["label"]),)):
                yield label, column["type"], part
            if name == "projection":
                yield self.env._("Year Before"), "amount", "naive_last"
                yield self.env._("Run-Rate"), "amount", "naive_run_rate"

    def fill(self):
        bold = self.book.add_format({"bold": True, "text_wrap": True})
        self.sheet.write_row(
            0, 0, [self.board["period"]["label"], *self._about()], bold
        )
        titles = [self.env._("Team"), self.env._("Salesperson")]
        titles += [label for label, _type, _name in self.columns]
        self.sheet.write_row(1, 0, titles, bold)
        self.sheet.set_column(0, 1, _WIDE)
        self.sheet.set_column(2, len(titles) - 1, _NARROW)
        self.sheet.freeze_panes(2, 2)
        for number, row in enumerate(self.board["rows"], 2):
            self._row(number, row)
        last = len(self.board["rows"]) + 3
        for number, note in enumerate(self.board["notes"], last):
            self.sheet.write_string(number, 0, note["text"])

    def _about(self):
        measure = self.board["options"]["measure"]
        sums = self.env._("Cumulative"), self.env._("By category")
        return [
            dict(FORECAST_MEASURES)[measure],
            self.board["currency"] if measure != "count" else "",
            sums[not self.is_cumulative],
        ]

    def _row(self, number, row):
        is_person = row["kind"] == "person"
        indent = self._style(row, indent=max(row["depth"] - 1, 0))
        team = row["label"] if not is_person else self._team(row)
        self.sheet.write_string(number, 0, team, indent if not is_person else None)
        self.sheet.write_string(number, 1, row["label"] if is_person else "")
        for place, (_label, type_, name) in enumerate(self.columns, 2):
            value = self._value(row["values"], type_, name)
            if value is not None:
                style = self._style(row, num_format=self._format(type_))
                self.sheet.write_number(number, place, value, style)

    def _team(self, row):
        names = {one["key"]: one["label"] for one in self.board["rows"]}
        return names[row["parent"]]

    def _value(self, values, type_, name):
        if type_ == "category":
            return values["cumulative" if self.is_cumulative else "category"][name]
        value = values.get(name)
        if type_ == "weighted" and self.is_cumulative:
            return value + values["closed"]
        if type_ == "range" and not self.is_cumulative:
            return value - values["closed"]
        return value

    def _format(self, type_):
        if type_ == "percent":
            return "0.0%"
        if type_ == "ratio":
            return "0.0"
        if self.board["options"]["measure"] == "count":
            return "#,##0.##"
        digits = self.env.company.currency_id.decimal_places
        return f"#,##0.{'0' * digits}".rstrip(".")

    def _style(self, row, **options):
        key = (row["kind"] != "person", *sorted(options.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({"bold": key[0], **options})
        return self.styles[key]
