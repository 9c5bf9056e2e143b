"""Builds the wheel odoo-addon-sales_opportunity_plus, with the glue addons beside it.

The folders lie at the root of the checkout but are installed under odoo/addons/, where
Odoo finds them without addons_path. `odoo` and `odoo.addons` are namespace packages of
Odoo's own: the wheel must not bring an __init__.py for them.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent
ADDON = "sales_opportunity_plus"
# The addon itself and its glue to others, by the name of their package.
FOLDERS = {
    f"odoo.addons.{manifest.parent.name}": manifest.parent.name
    for manifest in sorted(ROOT.glob(f"{ADDON}*/__manifest__.py"))
}


def read_manifest():
    text = (ROOT / ADDON / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


def addon_packages(package, folder):
    return [package, *(f"{package}.{name}" for name in find_packages(folder))]


def addon_files(name):
    """Every file, data and Python alike: Odoo reads folders that are no packages."""
    folder = ROOT / name
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


manifest = read_manifest()

setup(
    name=f"odoo-addon-{ADDON}",
    version=manifest["version"],
    description=manifest["summary"],
    long_description=(ROOT / "README.rst").read_text(encoding="utf-8"),
    long_description_content_type="text/x-rst",
    author=manifest["author"],
    license=manifest["license"],
    classifiers=[
        "Environment :: Web Environment",
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Programming Language :: Python :: 3",
    ],
    python_requires=">=3.10",
    install_requires=["odoo==19.0.*"],
    package_dir=FOLDERS,
    packages=[name for item in FOLDERS.items() for name in addon_packages(*item)],
    package_data={package: addon_files(name) for package, name in FOLDERS.items()},
    include_package_data=False,
    zip_safe=False,
)
