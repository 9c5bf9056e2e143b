"""A CSV file that somebody chose: its content, and what is wrong with it."""

import base64
import binascii

from odoo.exceptions import UserError

from ..engine.csv_table import FileError

MAX_BYTES = 10 * 1024 * 1024


def content(wizard):
    """The bytes of the ``file`` of a wizard."""
    # The client reads the size instead of the content otherwise.
    text = wizard.with_context(bin_size=False).file
    if not text:
        raise UserError(wizard.env._("No file is chosen: choose a CSV file first."))
    if len(text) > MAX_BYTES * 4 / 3 + 4:
        raise UserError(
            wizard.env._(
                "The file “%(name)s” is bigger than %(limit)s MB: import it in parts.",
                name=wizard.file_name or "",
                limit=MAX_BYTES // 1024**2,
            )
        )
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise UserError(
            wizard.env._("The file is damaged: choose it once more.")
        ) from error


def rows(wizard, found, columns, limit):
    """The rows that an iterator reads, or the reason why there are none.

    :param columns: the headings that a file may have
    """
    read = []
    try:
        for row in found:
            read.append(row)
            if len(read) > limit:
                raise UserError(
                    wizard.env._(
                        "The file has more than %s lines: import it in parts.", limit
                    )
                )
    except FileError as error:
        raise UserError(
            file_problem(wizard.env, wizard.file_name, *error.args, columns)
        ) from error
    return read


def file_problem(env, name, code, detail, columns):
    """Why a file cannot be read at all."""
    texts = {
        "encoding": env._(
            "The file “%s” is not in UTF-8. Save it as “CSV UTF-8” and choose it "
            "again.",
            name or "",
        ),
        "empty": env._(
            "The file “%s” is empty. Download the template and fill it in.", name or ""
        ),
        "missing": env._(
            "The file “%(name)s” has no column %(columns)s. Download the template for "
            "the headings.",
            name=name or "",
            columns=detail,
        ),
        "unknown": env._(
            "The file “%(name)s” has columns that are not known: %(columns)s. Remove "
            "them, or name them as one of: %(known)s.",
            name=name or "",
            columns=detail,
            known=", ".join(columns),
        ),
        "twice": env._(
            "The file “%s” has a column twice. Remove one of them.", name or ""
        ),
        "broken": env._(
            "The file “%(name)s” is not a CSV file (%(error)s). A quotation mark may "
            "be missing.",
            name=name or "",
            error=detail,
        ),
    }
    return texts[code]


def row_problem(env, problem, texts):
    """What is wrong with a line, and the remedy.

    :param texts: (what is wrong, what to do) by code, beside those of any file
    """
    what, remedy = (_usual_problems(env) | texts)[problem.code]
    return {"problem": what, "remedy": remedy}


def _usual_problems(env):
    return {
        "cells": (
            env._("More cells than columns"),
            env._("Put values with the separator in them in quotation marks."),
        ),
        "long": (
            env._("Too long"),
            env._("Shorten it; a missing quotation mark makes values long, too."),
        ),
        "needed": (env._("Empty"), env._("Fill it in.")),
    }
