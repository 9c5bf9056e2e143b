"""accounts.csv: companies with their industry, country and parent."""

from typing import NamedTuple

from babel import Locale

from ..reading import read_rows
from ..records import Record, Table
from .spelling import COUNTRIES, SECTORS, Corrector, key

FILE = "accounts.csv"
COLUMNS = (
    *("account", "sector", "year_established", "revenue", "employees"),
    *("office_location", "subsidiary_of"),
)
FIELDS = ("name", "is_company", "type", "industry_id/id", "country_id/id", "comment")
# Odoo has this industry; the others are made.
INDUSTRIES = {"entertainment": "base.res_partner_industry_R"}
# Odoo names a country by its code, but for this one.
CODES = {"gb": "uk"}


class Account(NamedTuple):
    row: int
    name: str
    sector: str
    founded: str
    revenue: str
    employees: str
    location: str
    parent: str


def read_accounts(folder, findings):
    """Accounts by name."""
    sector = Corrector(FILE, SECTORS, findings)
    country = Corrector(FILE, COUNTRIES, findings)
    accounts = {}
    for row, values in read_rows(folder / FILE, COLUMNS, findings):
        account = Account(row, *values)
        if not account.name:
            findings.bad(FILE, row, "the account has no name", "not loaded")
        elif account.name in accounts:
            first = accounts[account.name].row
            findings.bad(FILE, row, f"the account is in row {first} too", "not loaded")
        else:
            accounts[account.name] = account._replace(
                sector=sector(row, account.sector).lower(),
                location=country(row, account.location),
            )
    return _without_faulty_parents(accounts, findings)


def tables(accounts, findings):
    yield _industries(accounts)
    # A parent is there before its subsidiaries.
    depths = {name: _depth(name, accounts) for name in accounts}
    codes = {name: code for code, name in Locale("en").territories.items()}
    for depth in sorted({*depths.values()}):
        records = [
            _company(account, depth, codes, findings)
            for account in accounts.values()
            if depths[account.name] == depth
        ]
        label = "Subsidiaries" if depth else "Accounts"
        fields = (*FIELDS, "parent_id/id") if depth else FIELDS
        yield Table(label, "res.partner", fields, records, FILE)


def _industries(accounts):
    sectors = sorted({account.sector for account in accounts.values()} - {""})
    records = [
        Record(key("industry", sector), (sector.capitalize(),))
        for sector in sectors
        if sector not in INDUSTRIES
    ]
    return Table("Industries", "res.partner.industry", ("name",), records, FILE)


def _without_faulty_parents(accounts, findings):
    """A parent has to be another account, and nobody is above himself."""
    sound = {}
    for name, account in accounts.items():
        above = account.parent
        while above in sound:
            above = sound[above].parent
        if account.parent and (above == name or account.parent not in accounts):
            reason = f"the parent “{account.parent}” is no account that can be above"
            findings.bad(FILE, account.row, reason, "loaded without parent")
            account = account._replace(parent="")
        sound[name] = account
    return sound


def _depth(name, accounts):
    depth = 0
    while name := accounts[name].parent:
        depth += 1
    return depth


def _company(account, depth, codes, findings):
    industry = INDUSTRIES.get(account.sector) or key("industry", account.sector)
    values = (
        # An address of its own, that does not follow the parent's.
        *(account.name, "True", "other" if depth else "contact"),
        *(industry if account.sector else "", _country(account, codes, findings)),
        _comment(account),
    )
    if depth:
        values += (key("account", account.parent),)
    return Record(key("account", account.name), values, account.row)


def _country(account, codes, findings):
    if account.location not in codes:
        reason = f"unknown country “{account.location}”"
        findings.bad(FILE, account.row, reason, "loaded without country")
        return ""
    code = codes[account.location].lower()
    return f"base.{CODES.get(code, code)}"


def _comment(account):
    """What Odoo has no field for."""
    facts = [
        ("Founded in", account.founded, ""),
        ("Revenue:", account.revenue, " million USD a year"),
        ("Employees:", account.employees, ""),
    ]
    return "".join(
        f"<p>{label} {value}{unit}</p>" for label, value, unit in facts if value
    )
