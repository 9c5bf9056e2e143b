"""What records are called in a bundle, and which records those names mean here."""

#: Fields that people know a record by; anything else goes by external id or name.
_KNOWN_BY = {
    "res.users": "login",
    "ir.model.fields": "name",
    "crm.team": "name",
    "res.company": "name",
}
#: Nobody's secret, but tables that a sales manager cannot read.
_OPEN = {"ir.model.fields", "res.groups"}
#: Addons whose external ids were made up in one database.
_LOCAL = {"__export__", "__import__", "__custom__", "__cloc_exclude__"}


class BundleNames:
    """Names of records in one environment.

    :param links: ids that a person chose for a name, by (model, name)
    """

    def __init__(self, env, links=()):
        self.env = env(context=dict(env.context, lang="en_US", active_test=False))
        self._ids = {}
        self._keys = {}
        for (model, name), record_id in dict(links).items():
            self.learn(model, name, record_id)

    def learn(self, model, key, record_id):
        """A key of the bundle means this record from now on."""
        self._ids[model, key] = record_id
        self._keys[model, record_id] = key

    def of(self, record):
        """The name of a record in a bundle."""
        known = (record._name, record.id)
        if known not in self._keys:
            self._keys[known] = self._name(record)
        return self._keys[known]

    def _name(self, record):
        record = record.with_env(self.env).sudo()
        if "process_key" in record._fields:
            return record.process_key
        if known_by := _KNOWN_BY.get(record._name):
            return self._unique(record, known_by)
        external = record.get_external_id()[record.id]
        if external and external.split(".")[0] not in _LOCAL:
            return external
        return self._unique(record, record._rec_name or "display_name")

    def _unique(self, record, known_by):
        name = record[known_by] or ""
        others = (
            self.env[record._name]
            .sudo()
            .search_count([*self._scope(record._name), (known_by, "=", name)], limit=2)
        )
        company = record["company_id"] if "company_id" in record._fields else None
        return f"{name} ({company.name})" if company and others > 1 else name

    def _scope(self, model):
        return [("model", "=", "crm.lead")] if model == "ir.model.fields" else []

    def find(self, model, name):
        """The record that a name means; empty where none or several do."""
        records = self.env[model]
        if (model, name) not in self._ids:
            self._ids[model, name] = self._look_up(records, name).id
        return records.browse(self._ids[model, name] or ())

    def _look_up(self, records, name):
        """Search as the user: nobody links by name what he could not choose."""
        if records._name in _OPEN:
            records = records.sudo()
        elif not records.has_access("read"):
            return records
        if "process_key" in records._fields:
            return records.search([("process_key", "=", name)])
        known_by = _KNOWN_BY.get(records._name)
        if not known_by:
            known_by = records._rec_name or "name"
            if "." in name and " " not in name:
                found = self.env.ref(name, raise_if_not_found=False)
                if found and found._name == records._name:
                    return found.with_env(records.env)._filtered_access("read")
        scope = self._scope(records._name)
        found = records.search([*scope, (known_by, "=", name)], limit=2)
        if not found and name.endswith(")") and " (" in name:
            name, company = name[:-1].rsplit(" (", 1)
            found = records.search(
                [*scope, (known_by, "=", name), ("company_id.name", "=", company)]
            )
        return found if len(found) == 1 else records.browse()
