"""Prints what was measured; an aim that is missed is marked."""

from sales_opportunity_plus.engine.accuracy import (
    amount_accuracy,
    outcome_accuracy,
    range_accuracy,
)


def outcomes(title, said, aims):
    """`said`: {name: [(probability, won)]}; `aims` are of the last one."""
    print(f"\n{title}")
    print(
        f"  {'':32}{'n':>6} {'Brier':>7} {'log loss':>8} {'AUC':>6} {'ECE':>6}  chance"
    )
    for name, pairs in said.items():
        a = outcome_accuracy(pairs)
        print(
            f"  {name:32}{a.n:>6} {a.brier:>7.4f} {a.log_loss:>8.4f} {a.auc:>6.3f} "
            f"{a.ece:>6.3f}  {a.ece_by_chance:.3f}"
        )
    for figure, aim in aims.items():
        verdict(figure, getattr(a, figure), aim)


def amounts(title, rows, aims):
    print(f"\n{title}")
    print(f"  {'':32}{'n':>6} {'WAPE':>7} {'bias':>7}")
    for name in rows[0]:
        if name in ("actual", "range", "open"):
            continue
        a = amount_accuracy([(row[name], row["actual"]) for row in rows])
        print(f"  {name:32}{a.n:>6} {a.wape:>7.3f} {a.bias:>+7.3f}")
    verdict("wape", a.wape, aims["wape"])
    spread = range_accuracy([row["range"] for row in rows])
    print(f"  P10-P90 covers {spread.coverage:.2f}, width {spread.width:.2f} of actual")
    if "coverage" in aims:
        low, high = aims["coverage"]
        print(f"    aim {low}-{high}: {_word(low <= spread.coverage <= high)}")
        verdict("width", spread.width, aims["width"])


def verdict(figure, value, aim):
    # Compared with as many digits as the aim has.
    digits = len(str(aim).partition(".")[2])
    reached = round(value, digits) <= aim
    print(f"    {figure} {value:.4f}, aim {aim}: {_word(reached)}")


def _word(reached):
    return "reached" if reached else "MISSED"
