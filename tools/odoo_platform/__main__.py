"""Entry of the platform's scripts; started isolated, so the path is set here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from odoo_platform.cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
