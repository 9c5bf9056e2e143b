"""products.csv: what is sold, as tags of the opportunities."""

from ..reading import read_rows
from ..records import Record, Table
from .spelling import key

FILE = "products.csv"


def read_products(folder, findings):
    """Row by product."""
    products = {}
    for row, (name,) in read_rows(folder / FILE, ("product",), findings):
        if not name or name in products:
            reason = "the product is there twice" if name else "the product is missing"
            findings.bad(FILE, row, reason, "not loaded")
        else:
            products[name] = row
    return products


def table(products):
    records = [
        # Odoo has eleven colours for tags; the first means none.
        Record(key("product", name), (name, str(1 + place % 11)), row)
        for place, (name, row) in enumerate(products.items())
    ]
    return Table("Products, as tags", "crm.tag", ("name", "color"), records, FILE)
