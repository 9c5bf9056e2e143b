"""The columns of the board: names, explanations, and why one is empty."""


def columns(env, reading):
    """In the order shown; ``optional`` ones are hidden until somebody wants them.

    :param reading: ``BoardReading``; without targets or calls their columns stay out
    """
    target = [_target(env, reading.targets)] if reading.is_comparable else []
    parts = [*target, *_categories(env), *_expected(env, reading.error)]
    if reading.is_projected:
        parts.append(_projection(env))
    if not reading.is_comparable:
        return parts
    if reading.is_comparable:
        parts.append(_adjustment(env))
    if reading.targets:
        parts += _against(env)
    if reading.calls:
        parts.append(_change(env))
    return parts


def names(env):
    """What the numbers are called that open as a list."""
    shown = [*_categories(env), *_expected(env)]
    return {
        "open_total": env._("Open"),
        "overdue": env._("Expected closing passed"),
        "omitted": env._("Omitted"),
        **{column["name"]: column["label"] for column in shown},
    }


def _column(name, kind, label, about, **more):
    return {"name": name, "type": kind, "label": label, "help": about, **more}


def _target(env, targets):
    more = {}
    if not targets:
        more["empty"] = env._(
            "No targets are entered for this period. A manager can enter them under "
            "Configuration, Forecast, Targets."
        )
    about = env._("What is to be won in the period.")
    return _column("target", "amount", env._("Target"), about, **more)


def _categories(env):
    said = (
        ("closed", "deals", env._("Closed"), env._("Won in the period."), False),
        ("commit", "category", env._("Commit"), env._("As good as sure."), False),
        (
            *("most_likely", "category", env._("Most Likely")),
            *(env._("Rather won than lost."), True),
        ),
        (
            *("best_case", "category", env._("Best Case")),
            *(env._("If things go well."), False),
        ),
        (
            *("pipeline", "category", env._("Pipeline")),
            *(env._("Everything else that is expected to close."), True),
        ),
    )
    return [_column(*one, optional=optional) for *one, optional in said]


def _expected(env, error=None):
    about = env._(
        "In eight of ten periods like this one the result lies in between; it is as "
        "often above as below the mark, P50. Ranges do not add up."
    )
    if error:
        about = f"{about} {_widened(env, error)}"
    return [
        _column(
            "weighted",
            "weighted",
            env._("Weighted"),
            env._("Amount × the probability that counts."),
        ),
        _column(
            "range",
            "range",
            env._("P10 – P90"),
            about,
        ),
    ]


def _widened(env, error):
    """How much wider than the luck of single opportunities, and who says so."""
    said = {"percent": round(100 * error.deviation), "count": error.n}
    if not error.n:
        return env._(
            "No forecast of such a period has matured: an error of %(percent)s %% "
            "beside the luck of single opportunities is assumed.",
            **said,
        )
    if error.is_rebuilt:
        return env._(
            "As wide as %(count)s past periods taught, some of them rebuilt: beside "
            "the luck of single opportunities, forecasts missed by %(percent)s %%.",
            **said,
        )
    return env._(
        "As wide as %(count)s past periods taught: beside the luck of single "
        "opportunities, forecasts missed by %(percent)s %%.",
        **said,
    )


def _projection(env):
    return _column(
        "projection",
        "projection",
        env._("Projection"),
        env._(
            "Closed so far, what open opportunities will bring in time, and new ones "
            "by the run-rate. Below: what was won a year before, to compare."
        ),
    )


def _adjustment(env):
    return _column(
        "adjustment",
        "adjustment",
        env._("Adjustment"),
        env._("What managers added to the figures, or took away, with reason."),
    )


def _against(env):
    return [
        _column(
            "gap",
            "amount",
            env._("Gap"),
            env._("Target less closed: what is still to be won."),
        ),
        _column(
            "attainment",
            "percent",
            env._("Attainment"),
            env._("Closed ÷ target."),
        ),
        _column(
            "coverage",
            "ratio",
            env._("Coverage"),
            env._(
                "What is open and expected in the period, or overdue, ÷ gap: how often "
                "the gap could be filled."
            ),
        ),
    ]


def _change(env):
    return _column(
        "change",
        "signed",
        env._("Since Last Call"),
        env._("Commit and closed by now, less what the last call said."),
    )
