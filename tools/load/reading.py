"""Reads CSV files, plain or gzipped, with the number of each row's line."""

import csv
import gzip
import zlib

from .errors import LoadError


def read_rows(path, columns, findings):
    """Yield (line, values in the order of `columns`) of each row of a file.

    A row with a value too few or too many is reported: which one is wrong is
    anybody's guess. A file that cannot be read to its end is refused whole.
    """
    try:
        with _open(path) as lines:
            yield from _rows(path, csv.reader(lines, strict=True), columns, findings)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise LoadError(
            f"{path} is broken or cut off (gzip cannot read it): get the file again"
        ) from None
    except UnicodeDecodeError:
        raise LoadError(f"{path} is not UTF-8 text: save it as UTF-8") from None
    except csv.Error as error:
        raise LoadError(f"{path} is not a CSV file: {error}") from None
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from None


def _open(path):
    opener = gzip.open if path.suffix == ".gz" else open
    return opener(path, "rt", encoding="utf-8-sig", newline="")


def _rows(path, reader, columns, findings):
    header = next(reader, None)
    if not header:
        raise LoadError(f"{path} is empty: it needs the columns {', '.join(columns)}")
    header = [name.strip() for name in header]
    if missing := [name for name in columns if name not in header]:
        raise LoadError(
            f"{path} has no column {', '.join(missing)}: "
            f"it needs the columns {', '.join(columns)}"
        )
    places = [header.index(name) for name in columns]
    line = reader.line_num + 1
    for row in reader:
        if row:
            findings.read[path.name] += 1
            if len(row) == len(header):
                yield line, [row[place].strip() for place in places]
            else:
                reason = f"{len(row)} values where {len(header)} are expected"
                findings.bad(path.name, line, reason, "not loaded")
        line = reader.line_num + 1
    if not findings.read[path.name]:
        raise LoadError(f"{path} has a header but no rows: there is nothing to load")
