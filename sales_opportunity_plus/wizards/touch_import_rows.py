"""The lines of a file of touches, and what they mean in this database."""

from odoo.tools import SQL, email_normalize

from ..engine.csv_table import Problem
from ..models.selections import TOUCH_CONSENTS
from ..models.source.touchpoint_sql import Touch
from ..models.source.utm_lookup import clean, utm_ids

ORIGIN = "import"
_UTM = {"campaign_id": "campaign", "medium_id": "medium", "source_id": "source"}
_TEXTS = {"landing_page": 2000, "referrer": 2000, "click_id": 500, "note": 1000}


class TouchImportRows:
    """Rows with their opportunities, kinds and so on; a query for each of these.

    Everything is looked up as the user: what he cannot see he cannot name.
    """

    def __init__(self, env, rows):
        self.env = env
        self.rows = rows
        self._kinds = self._find_kinds()
        self._leads = self._find_leads()
        self._by_email = self._find_by_email()
        self._currencies = {
            currency.name.lower(): currency.id
            for currency in env["res.currency"].search([])
        }
        self._consents = {
            name.lower(): code
            for code, label in TOUCH_CONSENTS
            for name in (code, label)
        }
        for row in rows:
            self._judge(row)
        self.wrong = [row for row in rows if row.problems]
        self.ready, self.known_count = self._leave_out_known()

    # ------------------------------------------------------------
    # Look-ups
    # ------------------------------------------------------------

    def _values(self, name):
        return {row.values[name] for row in self.rows if name in row.values}

    def _find_kinds(self):
        """Code of each kind by its code and its name."""
        kinds = self.env["crm.touch.kind"].search([])
        found = {kind.name.lower(): kind.code for kind in kinds}
        return found | {kind.code.lower(): kind.code for kind in kinds}

    def _find_leads(self):
        """Opportunity by what names it: its number or its external id."""
        ids = {}
        xml_ids = {}
        for text in self._values("lead"):
            if text.isascii() and text.isdigit() and len(text) < 10:
                ids[text] = int(text)
            elif "." in text:
                xml_ids[text] = tuple(text.split(".", 1))
        if xml_ids:
            found = self.env["ir.model.data"].sudo()
            found = found.search_read(
                [
                    ("model", "=", "crm.lead"),
                    ("module", "in", [module for module, _name in xml_ids.values()]),
                    ("name", "in", [name for _module, name in xml_ids.values()]),
                ],
                ["module", "name", "res_id"],
            )
            by_name = {(row["module"], row["name"]): row["res_id"] for row in found}
            ids |= {text: by_name.get(key, 0) for text, key in xml_ids.items()}
        leads = self._search("crm.lead", [("id", "in", list(set(ids.values())))])
        readable = {lead.id: lead for lead in leads}
        return {text: readable[id_] for text, id_ in ids.items() if id_ in readable}

    def _find_by_email(self):
        """(opportunity or contact, how it was found) by address."""
        emails = {email_normalize(text) for text in self._values("email")} - {False}
        if not emails:
            return {}
        domain = [("email_normalized", "in", list(emails))]
        partners = self._search("res.partner", domain)
        is_open = ("won_status", "=", "pending")
        of_contacts = self._search(
            "crm.lead", [("partner_id", "in", partners.ids), is_open]
        )
        found = {
            partner.email_normalized: (partner, "none")
            for partner in reversed(partners)
        }
        # The latest opportunity that is open, the one with this very address first.
        for lead in of_contacts:
            found[lead.partner_id.email_normalized] = (lead, "contact")
        for lead in self._search("crm.lead", [*domain, is_open]):
            found[lead.email_normalized] = (lead, "email")
        return found

    def _search(self, model, domain):
        records = self.env[model]
        if model == "crm.lead":
            records = records.with_context(active_test=False)
        return records.search(domain, order="id")

    # ------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------

    def _judge(self, row):
        """Name what this database does not know."""
        values = row.values
        checks = (
            ("kind", lambda text: text.lower() in self._kinds),
            ("lead", lambda text: text in self._leads),
            ("currency", lambda text: text.lower() in self._currencies),
            ("consent", lambda text: text.lower() in self._consents),
        )
        named = {problem.column for problem in row.problems}
        for column, is_known in checks:
            if column in values and column not in named:
                if not is_known(values[column]):
                    row.problems.append(Problem(column, column, values[column][:60]))
        if "email" in values and "lead" not in values:
            email = email_normalize(values["email"])
            if not email:
                row.problems.append(Problem("address", "email", values["email"][:60]))
            elif email not in self._by_email:
                row.problems.append(Problem("email", "email", values["email"][:60]))

    def _key(self, row):
        """Two companies may use the same key of their own."""
        key = clean(row.values.get("external_key", "")) or row.fingerprint
        return f"{self.env.company.id}/{key}"

    def _leave_out_known(self):
        right = {}
        for row in self.rows:
            if not row.problems:
                right.setdefault(self._key(row), row)
        known = {
            key
            for (key,) in self.env.execute_query(
                SQL(
                    "SELECT external_key FROM crm_touchpoint "
                    "WHERE origin = %s AND external_key = ANY(%s)",
                    ORIGIN,
                    list(right),
                )
            )
        }
        ready = [row for key, row in right.items() if key not in known]
        return ready, len(self.rows) - len(self.wrong) - len(ready)

    # ------------------------------------------------------------
    # What is written
    # ------------------------------------------------------------

    def _names(self, rows, field):
        names = {row.values.get(_UTM[field]) for row in rows}
        return sorted(name for name in names if name)

    def new_names(self):
        """Names by field that do not exist yet."""
        new = {}
        for field in _UTM:
            names = self._names(self.ready, field)
            there = utm_ids(self.env, field, names, create=False)
            absent = {clean(name) for name in names if name not in there} - {""}
            new[field] = sorted(absent)
        return new

    def touches(self, rows):
        """The ``Touch`` of each row; creates campaigns, mediums and sources."""
        utm = {
            field: utm_ids(self.env, field, self._names(rows, field)) for field in _UTM
        }
        return [self._touch(row, utm) for row in rows]

    def _touch(self, row, utm):
        values = row.values
        record, matched_by = self._leads.get(values.get("lead")), "given"
        if not record:
            found = self._by_email[email_normalize(values["email"])]
            record, matched_by = found
        is_lead = record._name == "crm.lead"
        record = record.sudo()
        company = record._source_company() if is_lead else record.company_id
        company = company or self.env.company
        currency_id = None
        if row.cost is not None:
            currency_id = self._currencies.get(values.get("currency", "").lower())
            currency_id = currency_id or company.currency_id.id
        return Touch(
            kind=self._kinds[values["kind"].lower()],
            happened_at=row.happened_at,
            lead_id=record.id if is_lead else None,
            partner_id=record.partner_id.id if is_lead else record.id,
            **{field: utm[field].get(values.get(_UTM[field])) for field in _UTM},
            **{
                name: clean(values[name], longest)
                for name, longest in _TEXTS.items()
                if name in values
            },
            cost=row.cost,
            currency_id=currency_id,
            origin=ORIGIN,
            external_key=self._key(row),
            company_id=company.id,
            consent=self._consents.get(values.get("consent", "").lower()),
            matched_by=matched_by,
        )
