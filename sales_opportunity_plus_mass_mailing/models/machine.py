"""Who opens and clicks without being a person: scanners, previews, preloading.

A mail server looks at the links of a mail before it lets it in, and Apple's Mail loads
its pictures whether it is read or not. Neither says anything about the recipient.
"""

PREFIX = "sales_opportunity_plus_mass_mailing"
#: What Apple's Mail says that loads pictures ahead: this and nothing behind it.
_PRELOADING = "mozilla/5.0"
_SECONDS = 2.0


def pause(env):
    """Seconds after delivery in which nobody has read a mail yet."""
    given = env["ir.config_parameter"].sudo().get_param(f"{PREFIX}.machine_seconds")
    try:
        seconds = float(given or _SECONDS)
    except ValueError:
        return _SECONDS
    return seconds if 0 <= seconds <= 3600 else _SECONDS


def agents(env):
    """Words in the name of a program that make it a machine."""
    given = env["ir.config_parameter"].sudo().get_param(f"{PREFIX}.machine_agents")
    words = (word.strip().lower() for word in (given or "").split(","))
    return [word for word in words if word]


def is_machine(agent, words):
    """Whether a program of this name is a machine.

    The proxies of Gmail and Yahoo are not: they load pictures when a person reads.
    """
    name = (agent or "").strip().lower()
    return name in ("", _PRELOADING) or any(word in name for word in words)
