"""The report at the end of a load, and the file with every bad row."""

import csv

KINDS_SHOWN = 20
ROWS_SHOWN = 5


def write_bad_rows(findings, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["file", "row", "reason", "outcome"])
        writer.writerows(sorted(findings.bad_rows, key=_place))


def text(findings, counts, report, seconds):
    lines = ["", *_files(findings)]
    if counts:
        lines += ["", *_records(counts)]
    lines += ["", *_bad_rows(findings, report), "", f"Done in {seconds:.0f} s."]
    return "\n".join(lines)


def _place(bad):
    return bad.file, bad.row or 0


def _files(findings):
    yield f"{'rows':>10}  {'bad':>7}  file"
    for name, rows in findings.read.items():
        bad = len({b.row for b in findings.bad_rows if b.file == name})
        yield f"{rows:>10,}  {bad:>7,}  {name}"
    for (name, reason), rows in findings.unused.items():
        yield f"{rows:>10,}  {'':>7}  of {name}: {reason}"


def _records(counts):
    yield f"{'loaded':>10}  {'changed':>7}  {'unchanged':>9}  {'refused':>7}"
    for count in counts:
        yield (
            f"{count.new:>10,}  {count.changed:>7,}  {count.unchanged:>9,}  "
            f"{count.failed:>7,}  {count.label}"
        )
    if calls := sum(count.calls for count in counts):
        yield f"{calls:>10,}  {'':>7}  {'':>9}  {'':>7}  calls of these opportunities"
    if not any(count.new or count.changed for count in counts):
        yield "Nothing has changed since the last load."


def _bad_rows(findings, report):
    kinds = findings.kinds()
    if not kinds:
        yield "No bad rows."
        return
    yield f"{len(findings.bad_rows):,} faults in rows; each with its row: {report}"
    for (name, reason, outcome), rows in kinds[:KINDS_SHOWN]:
        places = ", ".join(str(row) for row in rows[:ROWS_SHOWN] if row)
        more = ", …" if len(rows) > ROWS_SHOWN else ""
        place = f"{name or 'loader'} row {places}{more}"
        yield f"{len(rows):>10,}  {reason}: {outcome} ({place})"
    if len(kinds) > KINDS_SHOWN:
        yield f"{'…':>10}  and {len(kinds) - KINDS_SHOWN} other kinds"
