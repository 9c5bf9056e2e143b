"""The twelve people of the firm: a manager, three leaders who sell, eight sellers."""

from .shape import Person

_DE, _UK = ("company_de",), ("company_uk",)


def _seller(
    key: str, name: str, zone: str, team: str, share: float, skill: float
) -> Person:
    companies = _UK if team == "team_uk" else _DE
    return Person(
        key, name, _login(name), "seller", zone, team, companies, share, skill
    )


def _leader(key: str, name: str, zone: str, team: str, skill: float) -> Person:
    companies = _UK if team == "team_uk" else _DE
    return Person(key, name, _login(name), "leader", zone, team, companies, 0.14, skill)


def _login(name: str) -> str:
    """Names are kept in the letters that mail addresses allow."""
    plain = name.lower().translate(str.maketrans("éü", "eu"))
    return f"{plain.replace(' ', '.')}@lumenfeld.example"


PEOPLE = (
    Person(
        "user_manager",
        "Marta Lindqvist",
        "manager",
        "manager",
        "Europe/Berlin",
        None,
        _DE + _UK,
        password="manager",
    ),
    _leader("user_keller", "Jonas Keller", "Europe/Berlin", "team_dach", 1.25),
    Person(
        "user_seller",
        "Mateusz Nowak",
        "seller",
        "seller",
        "Europe/Berlin",
        "team_dach",
        _DE,
        0.34,
        1.1,
        password="seller",
    ),
    _seller("user_demir", "Elif Demir", "Europe/Berlin", "team_dach", 0.28, 1.15),
    _seller("user_gruber", "Lukas Gruber", "Europe/Vienna", "team_dach", 0.24, 0.75),
    _leader("user_devries", "Sanne de Vries", "Europe/Amsterdam", "team_benelux", 1.2),
    _seller(
        "user_jansen", "Bram Jansen", "Europe/Amsterdam", "team_benelux", 0.46, 0.9
    ),
    _seller(
        "user_lambert", "Chloé Lambert", "Europe/Brussels", "team_benelux", 0.40, 1.05
    ),
    _leader("user_hughes", "Oliver Hughes", "Europe/London", "team_uk", 1.1),
    _seller("user_shah", "Priya Shah", "Europe/London", "team_uk", 0.32, 1.3),
    _seller("user_byrne", "Niamh Byrne", "Europe/Dublin", "team_uk", 0.28, 0.95),
    _seller("user_fraser", "Callum Fraser", "Europe/London", "team_uk", 0.26, 0.65),
)
