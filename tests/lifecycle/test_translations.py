"""The translation template says what the addon says."""

from testing import translations


def test_template_is_up_to_date(clone, addon_template):
    exported = translations.export(clone(addon_template, "i18n"))
    assert translations.TEMPLATE.read_text("utf-8") == exported, "run tools/i18n"
