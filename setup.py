"""Builds the wheel odoo-addon-sales_opportunity_plus.

The folder lies at the root of the checkout but is installed under odoo/addons/, where
Odoo finds it without addons_path. `odoo` and `odoo.addons` are namespace packages of
Odoo's own: the wheel must not bring an __init__.py for them.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent
ADDON = "sales_opportunity_plus"
PACKAGE = f"odoo.addons.{ADDON}"


def read_manifest():
    text = (ROOT / ADDON / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


def addon_packages():
    return [PACKAGE, *(f"{PACKAGE}.{name}" for name in find_packages(ADDON))]


def addon_files():
    """Every file, data and Python alike: Odoo reads folders that are no packages."""
    folder = ROOT / ADDON
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
    package_dir={PACKAGE: ADDON},
    packages=addon_packages(),
    package_data={PACKAGE: addon_files()},
    include_package_data=False,
    zip_safe=False,
)
