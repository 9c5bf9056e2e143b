"""Odoo's configuration file of this checkout."""

CONTENT = """\
[options]
addons_path = {addons_path}
data_dir = {data_dir}
http_interface = 127.0.0.1
"""


def path(layout):
    return layout.cache / "rc" / f"{layout.key}.conf"


def write(layout, odoo):
    paths = list(odoo.addons_paths)
    # Odoo refuses a folder that holds no addon.
    if any(layout.root.glob("*/__manifest__.py")):
        paths.append(layout.root)
    content = CONTENT.format(
        addons_path=",".join(str(folder) for folder in paths),
        data_dir=data_folder(layout),
    )
    target = path(layout)
    if target.exists() and target.read_text() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content)


def data_folder(layout):
    return layout.cache / "data"
