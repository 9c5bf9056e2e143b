"""What the forecast board costs: its roll-up by hand, the roll-up, the whole request.

``python tests/bench/board.py DATABASE ROUNDS``: a database with the addon and the
company of the bench. Prints one JSON line.
"""

from pathlib import Path
from statistics import median

from meter import Meter
from worker import answer

BARE = Path(__file__).with_name("raw_board.sql")
#: What both say, to be compared; sums of amounts are exact.
SAME = ("closed", "commit", "pipeline", "overdue", "open_count", "weighted")


def as_manager(env):
    """Of both companies, where the first one's currency is not the other's."""
    manager = env["res.users"].search([("login", "=", "bench_manager")])
    companies = manager.company_id | manager.company_ids
    return (
        manager.with_user(manager).with_context(allowed_company_ids=companies.ids).env
    )


def metered(env, work):
    env.flush_all()
    env.invalidate_all()
    meter = Meter(env.cr)
    found = work()
    return meter.stop(), found


def of_this_month(env):
    today, _began = env["crm.pipeline.day"]._here(env.company)
    return env.company._forecast_period("month", today), today


def by_hand(env):
    period, today = of_this_month(env)
    params = {"company_id": env.company.id, "today": today}
    params |= {"first": period.start, "last": period.end}
    env.cr.execute(BARE.read_text(), params)
    return env.cr.dictfetchall()


def is_same(bare, lines):
    def sums(rows):
        return [[float(row[name] or 0) for name in SAME] for row in rows]

    return sums(bare) == sums(lines)


def measure(env, rounds):
    env.cr.execute("ANALYZE crm_lead")
    env.cr.commit()
    env = as_manager(env)
    board, rollup = env["crm.forecast.board"], env["crm.forecast.rollup"]
    period, _today = of_this_month(env)
    works = {
        "bare": lambda: by_hand(env),
        "rollup": lambda: rollup._rollup(period, env.companies),
        "board": lambda: board.read_board({}),
        "outlook": lambda: board.read_outlook({}),
    }
    found = {name: work() for name, work in works.items()}  # warms what is cached
    readings = {name: [] for name in works}
    for _turn in range(2 * rounds + 1):
        for name, work in works.items():
            reading, found[name] = metered(env, work)
            readings[name].append(reading)
        env.cr.rollback()
    total = found["board"]["rows"][0]["values"]
    figures = {
        "open": env["crm.lead"].search_count([("won_status", "=", "pending")]),
        "closed": env["crm.lead"]
        .with_context(active_test=False)
        .search_count([("won_status", "!=", "pending")]),
        "due": total["open_count"],
        "is_same": is_same(found["bare"], found["rollup"]),
    }
    for clock in ("cpu", "wall"):
        ms = {
            name: median(one[clock] for one in all_) for name, all_ in readings.items()
        }
        figures |= {f"{name}_{clock}_ms": value for name, value in ms.items()}
        figures[f"rollup_{clock}_ratio"] = ms["rollup"] / ms["bare"]
        figures[f"board_{clock}_ratio"] = ms["board"] / ms["rollup"]
    return figures


if __name__ == "__main__":
    answer(measure)
