"""Entry of tools/lint; started isolated, so the path is set here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from linting.cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
