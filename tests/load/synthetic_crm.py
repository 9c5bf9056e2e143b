"""A small sales department of our own making, in the shape of Maven's CRM data."""

import csv

FILES = {
    "accounts.csv": [
        (
            *("account", "sector", "year_established", "revenue", "employees"),
            *("office_location", "subsidiary_of"),
        ),
        ("Nordlicht", "technolgy", "1990", "10.5", "70", "Germany", ""),
        ("Sudwind", "retail", "2001", "3.2", "12", "Philipines", "Westwerk"),
        ("Westwerk", "entertainment", "1985", "99", "900", "United Kingdom", ""),
        ("Ostheim", "retail", "", "", "", "Atlantis", "Nobody"),
    ],
    "products.csv": [
        ("product", "series", "sales_price"),
        ("GTX Pro", "GTX", "4000"),
        ("Cube", "C", "50"),
    ],
    "sales_teams.csv": [
        ("sales_agent", "manager", "regional_office"),
        ("Ann One", "Max Lead", "North"),
        ("Bob Two", "Max Lead", "North"),
        ("Cat Three", "Eva Lead", "South"),
    ],
    "sales_pipeline.csv": [
        (
            *("opportunity_id", "sales_agent", "product", "account"),
            *("deal_stage", "engage_date", "close_date", "close_value"),
        ),
        ("W1", "Ann One", "Cube", "Nordlicht", "Won", "2020-01-02", "2020-02-03", "48"),
        ("L1", "Ann One", "GTXPro", "Sudwind", "Lost", "2020-01-05", "2020-01-05", "0"),
        ("E1", "Cat Three", "GTX Pro", "", "Engaging", "2020-03-01", "", ""),
        ("P1", "Bob Two", "Cube", "Westwerk", "Prospecting", "", "", ""),
    ],
}


def write(folder, changes=None, more=()):
    """Write the files; `changes` replaces whole files, `more` are further deals."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {**FILES, **(changes or {})}.items():
        if name == "sales_pipeline.csv":
            rows = [*rows, *more]
        with (folder / name).open("w", newline="") as output:
            csv.writer(output).writerows(rows)
    return folder
