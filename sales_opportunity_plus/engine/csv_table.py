"""A CSV file that people fill in: headings, lines, and what is wrong with them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


class FileError(Exception):
    """The file as a whole cannot be read; ``args[0]`` says why, as a code."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; ``value`` is what was read there."""

    code: str
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty.

    ``number`` counts as a spreadsheet does, the heading is 1; ``is_longer`` when it
    has more cells than there are headings.
    """

    number: int
    values: dict[str, str]
    is_longer: bool


def read_lines(
    data: bytes, columns: Sequence[str], required: Sequence[str]
) -> Iterator[Line]:
    """The lines of a file, separated by ; or , as its heading is.

    :raise FileError: when it is no such file, or lacks headings
    """
    text = io.StringIO(_text(data), newline="")
    lines = csv.reader(text, delimiter=_delimiter(data))
    try:
        names = _heading(next(lines, []), columns, required)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                values = {
                    name: cell.strip()
                    for name, cell in zip(names, cells, strict=False)
                    if name and cell.strip()
                }
                longer = any(cell.strip() for cell in cells[len(names) :])
                yield Line(lines.line_num, values, longer)
    except csv.Error as error:
        raise FileError("broken", str(error)) from error


def usual_problems(
    line: Line, required: Sequence[str], longest: Mapping[str, int]
) -> list[Problem]:
    """What may be wrong with a line of any file.

    :param longest: how many characters each column takes
    """
    problems = [Problem("cells", "", "")] if line.is_longer else []
    for name, value in line.values.items():
        if len(value) > longest[name]:
            problems.append(Problem("long", name, value[:60]))
    for name in required:
        if name not in line.values:
            problems.append(Problem("needed", name, ""))
    return problems


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("encoding", "") from error
    # No text column takes a NUL.
    return text.replace("\x00", "")


def _delimiter(data: bytes) -> str:
    heading = data.split(b"\n", 1)[0]
    return ";" if heading.count(b";") >= heading.count(b",") else ","


def _heading(
    cells: list[str], columns: Sequence[str], required: Sequence[str]
) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    if not any(names):
        raise FileError("empty", "")
    if missing := [name for name in required if name not in names]:
        raise FileError("missing", ", ".join(missing))
    if unknown := [name for name in names if name and name not in columns]:
        raise FileError("unknown", ", ".join(unknown)[:200])
    if len(set(filter(None, names))) < len(list(filter(None, names))):
        raise FileError("twice", ", ".join(sorted({n for n in names if n})))
    return names
