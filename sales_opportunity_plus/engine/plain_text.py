"""Texts that come from outside, as they may be kept and shown."""

import unicodedata

LONGEST = 255
# Marks of direction belong to words written from right to left.
_KEPT = {"\u200c", "\u200d", "\u200e", "\u200f"}


def clean(text: str, longest: int = LONGEST) -> str:
    """A text without control characters and doubled blanks, cut to a length."""
    if text.isprintable():
        return " ".join(text.split())[:longest].strip()
    shown = "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in text
        if unicodedata.category(char) not in ("Cf", "Cs", "Co") or char in _KEPT
    )
    return " ".join(shown.split())[:longest].strip()
