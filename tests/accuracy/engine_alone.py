"""Makes `sales_opportunity_plus.engine` importable where there is no Odoo."""

import sys
from pathlib import Path
from types import ModuleType

ADDON = "sales_opportunity_plus"
FOLDER = Path(__file__).resolve().parents[2] / ADDON

if ADDON not in sys.modules:
    package = ModuleType(ADDON)
    package.__path__ = [str(FOLDER)]
    sys.modules[ADDON] = package
