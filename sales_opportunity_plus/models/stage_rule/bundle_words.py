"""Say in words what a plan found."""

import json

from ...engine.bundle import Problem


def problem_text(env, problem: Problem):
    """What is wrong, where, and what to do about it."""
    texts = _file_texts(env) | _unit_texts(env)
    return texts[problem.code] % problem._asdict()


def _file_texts(env):
    return {
        "json": env._(
            "The file is not a bundle: it cannot be read as JSON (%(value)s). Export "
            "it again, or choose another file."
        ),
        "format": env._(
            "The file is JSON, but not a sales process: “format” is not “%(allowed)s”."
            " Choose a file that was exported with CRM > Configuration > Sales Process."
        ),
        "version": env._(
            "The bundle has the version %(value)s; this database reads up to "
            "version %(allowed)s. Update Sales Opportunity Plus here, or export the "
            "process again there."
        ),
        "shape": env._("“%(where)s”: “%(name)s” must be a list of objects."),
        "key": env._(
            "“%(where)s”: an entry has no key (%(value)s). Give it a text that no "
            "other entry has."
        ),
        "twice": env._(
            "“%(where)s” is there twice in “%(name)s”. Give one of them another key."
        ),
    }


def _unit_texts(env):
    return {
        "unknown": env._(
            "“%(where)s”: the field “%(name)s” is not known here. Install or update "
            "the addon that brings it, or take it out of the file. Known: %(allowed)s."
        ),
        "type": env._(
            "“%(where)s”: the value of “%(name)s” is not of the right type: %(value)s "
            "(wanted: %(allowed)s)."
        ),
        "choice": env._(
            "“%(where)s”: “%(name)s” cannot be “%(value)s” here. Install or update the "
            "addon that brings it, or choose one of: %(allowed)s."
        ),
        "domain": env._(
            "“%(where)s”: “%(name)s” is not a condition on opportunities: %(value)s "
            "(%(allowed)s). Correct it in the file, or install the addon whose fields "
            "it uses."
        ),
        "hidden": env._(
            "“%(where)s” is here already, in a company that you are not working in. "
            "Tick the company in the company menu and compare again."
        ),
        "elsewhere": env._(
            "“%(where)s” belongs to another rule here. Give it another key in the file."
        ),
    }


def missing_text(env, model, name):
    """A name that means nothing here, and what to do about it."""
    if model == "ir.model.fields":
        return env._(
            "The field “%s” does not exist on the opportunity here. Install the addon "
            "that brings it, or take it out of the file.",
            name,
        )
    return env._(
        "%(model)s “%(name)s” does not exist here, or several do. Create it, or choose "
        "another one under “Missing Here”.",
        model=model_label(env, model),
        name=name,
    )


def model_label(env, model):
    """What people call the records of a model."""
    labels = {
        "crm.stage": env._("Stage"),
        "crm.stage.reason": env._("Reason"),
        "ir.model.fields": env._("Field"),
        "res.groups": env._("Group"),
    }
    if model in labels:
        return labels[model]
    return env["ir.model"].sudo()._get(model).name


def difference_text(env, part, difference):
    """A line for each value that would change, children below their rule."""
    return "\n".join(_difference_lines(env, part, difference, 0))


def _difference_lines(env, part, difference, depth):
    indent = "    " * depth
    model = env[part.model]
    for name, old, new in difference.changes:
        if difference.state == "new" and not depth and name in ("name", "sequence"):
            continue
        field = model._fields[name]
        label = field._description_string(env) or name
        new_text = value_text(env, field, new)
        if difference.state == "new":
            if new not in ("", 0, False, None, [], {}):
                yield f"{indent}{label}: {new_text}"
        else:
            yield f"{indent}{label}: {value_text(env, field, old)} → {new_text}"
    for child in difference.children:
        child_part = next(p for p in part.children if p.name == child.section)
        title = model_label(env, child_part.model)
        yield f"{indent}{title} “{_child_label(child)}”: {state_text(env, child.state)}"
        yield from _difference_lines(env, child_part, child, depth + 1)


def _child_label(difference):
    """What a child is called: its text where that is in the bundle, or its key."""
    for name, old, new in difference.changes:
        if name in ("name", "message") and isinstance(old or new, str) and (old or new):
            return old or new
    return difference.key


def state_text(env, state):
    return {
        "new": env._("new"),
        "changed": env._("changed"),
        "unchanged": env._("unchanged"),
        "removed": env._("not in the bundle, archived"),
    }[state]


def value_text(env, field, value):
    """A value of a bundle as people read it."""
    if field.type == "boolean":
        return env._("Yes") if value else env._("No")
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, value or "")
    if isinstance(value, dict):
        return " / ".join(f"{lang}: {text}" for lang, text in value.items())
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value) and field.relational:
            return ", ".join(value) or "–"
        return json.dumps(value, ensure_ascii=False) if value else "–"
    return "–" if value in (None, False, "") else str(value)
