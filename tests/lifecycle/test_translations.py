"""The translation template says what the addon says."""

from testing import translations
from testing.paths import ADDON


def test_template_is_up_to_date(clone, addon_template):
    exported = translations.export(clone(addon_template, "i18n"))
    written = translations.template(ADDON).read_text("utf-8")
    assert written == exported, "run tools/i18n"
