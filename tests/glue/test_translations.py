"""The translation templates of the glue say what the glue says."""

import pytest

from testing import translations
from testing.paths import GLUE_DIRS


@pytest.mark.parametrize("folder", GLUE_DIRS, ids=lambda folder: folder.name)
def test_template_is_up_to_date(clone, glue_template, folder):
    exported = translations.export(clone(glue_template, "i18n_glue"), folder.name)
    written = translations.template(folder.name).read_text("utf-8")
    assert written == exported, "run tools/i18n"
