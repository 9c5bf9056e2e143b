"""What a person reads at the end of a run."""

TAIL = 80


def line(result):
    state = "FAILED" if result.failed else "ok"
    return (
        f"{result.part:<14}{result.passed:>8}{result.failed:>8}{result.skipped:>8}"
        f"{result.seconds:>9.1f}  {state}"
    )


def header():
    return f"{'part':<14}{'passed':>8}{'failed':>8}{'skipped':>8}{'seconds':>9}"


def details(result, shown):
    """End of the output of a failed part and each problem found beside the tests."""
    lines = []
    if result.output and not shown:
        text = result.output.read_text(errors="replace").splitlines()
        lines += [f"--- {result.part}: {result.output}", *text[-TAIL:]]
    lines += [f"{result.part}: {problem}" for problem in result.problems]
    return "\n".join(lines)


def close(results):
    """Print the table and the closing line; give the exit code."""
    print(f"\n{header()}")
    for result in results:
        print(line(result))
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    skipped = sum(result.skipped for result in results)
    # A run in which nothing ran is no pass.
    if not passed and not failed:
        failed = 1
    tail = f", {skipped} skipped" if skipped else ""
    print(f"\n{passed} passed, {failed} failed{tail}", flush=True)
    return 1 if failed else 0
