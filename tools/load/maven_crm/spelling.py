"""Spellings of the data set that mean something else; each use is reported."""

import re

PRODUCTS = {"GTXPro": "GTX Pro"}
SECTORS = {"technolgy": "technology"}
COUNTRIES = {"Philipines": "Philippines", "Korea": "South Korea"}

PREFIX = "maven_crm"


def key(kind, name):
    """An external id that is made of a name."""
    return f"{PREFIX}.{kind}_{slug(name)}"


def slug(name):
    return re.sub(r"\W+", "_", name.lower()).strip("_")


class Corrector:
    """Replaces the known spellings of a column and reports each."""

    def __init__(self, file, aliases, findings):
        self.file = file
        self.aliases = aliases
        self.findings = findings

    def __call__(self, row, value):
        if value not in self.aliases:
            return value
        right = self.aliases[value]
        reason = f"“{value}” is a spelling of “{right}”"
        self.findings.bad(self.file, row, reason, "corrected")
        return right
