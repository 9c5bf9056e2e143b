"""The values of a record as a bundle has them, as they are stored, and back."""

from odoo import Command, fields

from . import bundle_domain
from .bundle_parts import child_field


def languages(env):
    return [code for code, _name in env["res.lang"].get_installed()]


def unit(part, record, names, archived=False):
    """A record and its children as a unit of a bundle.

    :param archived: whether children that are out of use are in it too
    """
    env = record.env
    result = {"key": names.of(record)}
    for field in part.carried(env):
        result[field.name] = _read(part, field, record, names)
    for child in part.children:
        records = record.with_context(active_test=not archived)[
            child_field(env, part, child)
        ]
        result[child.name] = [unit(child, rec, names, archived) for rec in records]
    return result


def _read(part, field, record, names):
    if field.translate:
        return _read_texts(field, record)
    value = record[field.name]
    if field.name in part.domains:
        return bundle_domain.to_json(value, names)
    if field.type == "many2one":
        return names.of(value) if value else ""
    if field.type == "many2many":
        records = record.with_context(active_test=False)[field.name]
        return sorted(names.of(rec) for rec in records)
    if field.type == "date":
        return fields.Date.to_string(value) or ""
    return value if field.type in ("integer", "float", "boolean") else value or ""


def _read_texts(field, record):
    """The text, or the texts by language where they differ."""
    texts = {
        lang: record.with_context(lang=lang)[field.name] or ""
        for lang in ["en_US", *languages(record.env)]
    }
    source = texts["en_US"]
    own = {lang: text for lang, text in texts.items() if text != source}
    return {"en_US": source, **own} if own else source


def values(part, data, names):
    """What to write for a unit, its texts in English.

    Names that mean nothing are left out: the caller has refused them before.
    """
    vals = {
        field.name: _write(part, field, data[field.name], names)
        for field in part.carried(names.env)
        if field.name in data
    }
    if vals.get("field_id"):
        # The technical name follows from the field, which may be another one here.
        vals.pop("field_name", None)
    return vals


def _write(part, field, value, names):
    if field.name in part.domains:
        return bundle_domain.to_text(value, names)
    if field.type == "many2one":
        return names.find(field.comodel_name, value).id if value else False
    if field.type == "many2many":
        found = [names.find(field.comodel_name, name).id for name in value]
        return [Command.set([id_ for id_ in found if id_])]
    if field.type == "integer":
        return int(value)
    if isinstance(value, dict):
        value = value.get("en_US", "")
    return False if value == "" else value


def write_texts(part, data, record):
    """Write the translations of a unit, of the languages that are installed."""
    texts = {
        field.name: data[field.name]
        for field in part.carried(record.env)
        if field.translate and isinstance(data.get(field.name), dict)
    }
    translate(record, texts)


def translate(record, texts):
    for lang in set(languages(record.env)) - {"en_US"}:
        vals = {name: text[lang] for name, text in texts.items() if lang in text}
        if vals:
            record.with_context(lang=lang).write(vals)


def stored(part, record):
    """The values of a record as its columns have them, for ``restore``."""
    result = {"process_key": record.process_key}
    for field in part.carried(record.env):
        value = record.with_context(active_test=False)[field.name]
        if field.translate:
            langs = ["en_US", *languages(record.env)]
            value = {
                lang: record.with_context(lang=lang)[field.name] or False
                for lang in langs
            }
        elif field.relational:
            value = sorted(value.ids)
        elif field.type == "date":
            value = fields.Date.to_string(value) or False
        result[field.name] = value
    return result


def restore(part, record, before):
    """Give a record back the values that ``stored`` kept."""
    env = record.env
    vals, texts = {"process_key": before["process_key"]}, {}
    for field in part.carried(env):
        if field.name not in before:
            continue
        value = before[field.name]
        if field.translate:
            vals[field.name] = value["en_US"]
            texts[field.name] = value
        elif field.relational:
            ids = env[field.comodel_name].sudo().browse(value).exists().ids
            many = field.type == "many2many"
            vals[field.name] = [Command.set(ids)] if many else (ids or [False])[0]
        else:
            vals[field.name] = value
    record.with_context(lang="en_US").write(vals)
    translate(record, texts)
