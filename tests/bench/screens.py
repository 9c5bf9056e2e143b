"""The calls that the web client makes to open a view, built from the real view.

The client sends what the view's fields need; an addon that adds fields to a view
therefore costs here what it costs in the browser.
"""

import ast

from lxml import etree

# What the client's widgets ask for beside the field itself.
WIDGET_FIELDS = {
    "kanban_activity": (
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    )
}
PIPELINE_CONTEXT = {"default_type": "opportunity", "show_user_team_stages": 1}


def _arch(model, view_xmlid, kind):
    view = model.env.ref(view_xmlid) if view_xmlid else model.browse()
    return etree.fromstring(model.get_view(view.id or None, kind)["arch"])


def _read_specification(model, nodes):
    specification = {}
    for node in nodes:
        widget_fields = WIDGET_FIELDS.get(node.get("widget"), ())
        for name in (node.get("name"), *widget_fields):
            field = model._fields[name]
            entry = specification.setdefault(name, {})
            if field.type == "many2one":
                entry["fields"] = {"display_name": {}}
            elif node.get("widget") == "many2many_tags":
                color = ast.literal_eval(node.get("options", "{}")).get("color_field")
                entry["fields"] = {"display_name": {}} | ({color: {}} if color else {})
    return specification


def _aggregates(model, names):
    """Twin of the client's getAggregateSpecifications."""
    fields = [model._fields[name] for name in names]
    plain = [f"{field.name}:{field.aggregator}" for field in fields]
    currencies = {}
    for field in fields:
        if field.type == "monetary":
            currency = field.get_currency_field(model)
            currencies[f"{currency}:array_agg_distinct"] = None
            currencies[f"{field.name}:sum_currency"] = None
    return plain + list(currencies)


def open_pipeline(env, mine):
    """The kanban of the pipeline: its groups with their cards, then its bars."""
    leads = env["crm.lead"].with_context(**PIPELINE_CONTEXT)
    arch = _arch(leads, "crm.crm_case_kanban_view_leads", "kanban")
    bar = arch.find("progressbar")
    sums = [bar.get("sum_field"), bar.get("recurring_revenue_sum_field")]
    cards = _read_specification(leads, arch.iter("field"))
    aggregates = _aggregates(leads, sums)
    domain = [("type", "=", "opportunity")]
    if mine:
        domain.append(("user_id", "=", env.uid))
    progress = {
        "field": bar.get("field"),
        "colors": ast.literal_eval(bar.get("colors")),
        "help": bar.get("help"),
    }

    def call(env):
        model = env["crm.lead"].with_context(**PIPELINE_CONTEXT)
        model.with_context(read_group_expand=True).web_read_group(
            domain,
            ["stage_id"],
            aggregates,
            auto_unfold=True,
            opening_info=[],
            unfold_read_specification=cards,
            unfold_read_default_limit=40,
        )
        model.read_progress_bar(domain, "stage_id", progress)

    return call


def open_core_forecast(env, domain=()):
    """Core's pivot of the prorated revenue by month of closing and stage."""
    domain = [("type", "=", "opportunity"), *domain]
    return _open_pivot(env["crm.lead"], "crm.crm_lead_view_pivot_forecast", domain)


def open_forecast(env, upcoming):
    """Our forecast pivot; where the addon is not there, core's on the same leads."""
    if "crm.forecast.report" not in env:
        month = [("date_deadline", ">=", "=1d")] if upcoming else []
        return open_core_forecast(env, month)
    # Core leaves out what is archived, so lost opportunities too.
    domain = [("status", "in", ("open", "won"))]
    domain += [("date", ">=", "=1d")] if upcoming else []
    return _open_pivot(env["crm.forecast.report"], None, domain)


def _open_pivot(model, view_xmlid, domain):
    """A pivot as its view opens it: totals, rows, columns and cells in one call."""
    shown = {"row": [], "col": [], "measure": []}
    for node in _arch(model, view_xmlid, "pivot").iter("field"):
        if node.get("type") in shown and node.get("invisible") != "1":
            interval = node.get("interval")
            name = node.get("name")
            shown[node.get("type")].append(f"{name}:{interval}" if interval else name)
    row, column = shown["row"][:1], shown["col"][:1]
    grouping_sets = [[], row, column, row + column]
    aggregates = ["__count", *_aggregates(model, shown["measure"])]

    def call(env):
        env[model._name].formatted_read_grouping_sets(domain, grouping_sets, aggregates)

    return call
