"""Words that customers are made of, by the language of their region.

Names are invented; telephone numbers come from the ranges that regulators keep for
fiction where there are such, and mail addresses from the domain kept for examples.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    country: str
    city: str
    zip: str
    phone: str


@dataclass(frozen=True, slots=True)
class Region:
    """What a team's customers are named after and where they are."""

    roots: tuple[str, ...]
    #: (word in the name, external identifier of the industry, size of projects).
    trades: tuple[tuple[str, str, float], ...]
    #: Legal forms by country.
    forms: dict[str, tuple[str, ...]]
    places: tuple[Place, ...]
    #: Each has room for a number.
    streets: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


FUNCTIONS = (
    "Head of Logistics",
    "Procurement Manager",
    "Managing Director",
    "Operations Manager",
    "IT Lead",
    "Technical Director",
)

_TRANSPORT = "base.res_partner_industry_H"
_TRADE = "base.res_partner_industry_G"
_MAKING = "base.res_partner_industry_C"
_FOOD = "base.res_partner_industry_I"
_HEALTH = "base.res_partner_industry_Q"
_ENERGY = "base.res_partner_industry_D"

DACH = Region(
    roots=(
        "Arnsfeld",
        "Brückmoor",
        "Dornhagen",
        "Eschenau",
        "Falkenried",
        "Grünwerder",
        "Holtkamp",
        "Ilmensee",
        "Kesselbach",
        "Lindenrode",
        "Mühlgrund",
        "Nordheim",
        "Ostertal",
        "Quellhof",
        "Rautenberg",
        "Steinacker",
        "Tannhorst",
        "Weidenau",
    ),
    trades=(
        ("Logistik", _TRANSPORT, 1.25),
        ("Spedition", _TRANSPORT, 0.9),
        ("Großhandel", _TRADE, 1.0),
        ("Versand", _TRADE, 1.2),
        ("Maschinenbau", _MAKING, 1.1),
        ("Feinkost", _FOOD, 0.7),
        ("Pharma", _HEALTH, 1.35),
        ("Energietechnik", _ENERGY, 0.9),
    ),
    forms={"DE": ("GmbH", "AG", "GmbH & Co. KG"), "AT": ("GmbH",), "CH": ("AG",)},
    places=(
        Place("DE", "Hamburg", "20457", "+49 40 66969 {:03d}"),
        Place("DE", "Berlin", "10969", "+49 30 23125 {:03d}"),
        Place("DE", "Köln", "50667", "+49 221 4710 {:03d}"),
        Place("DE", "Frankfurt am Main", "60311", "+49 69 90009 {:03d}"),
        Place("DE", "München", "80331", "+49 89 99998 {:03d}"),
        Place("AT", "Linz", "4020", "+43 732 600 {:03d}"),
        Place("AT", "Wien", "1100", "+43 1 600 0{:03d}"),
        Place("CH", "Zürich", "8005", "+41 44 600 00 {:02d}"),
    ),
    streets=("Hafenstraße {}", "Industriestraße {}", "Am Güterbahnhof {}", "Ring {}"),
    first_names=(
        "Anja",
        "Bernd",
        "Claudia",
        "Dirk",
        "Eva",
        "Florian",
        "Greta",
        "Heiko",
        "Ines",
        "Kemal",
        "Lena",
        "Markus",
        "Nadine",
        "Peter",
        "Selin",
        "Thomas",
    ),
    last_names=(
        "Albrecht",
        "Baumann",
        "Celik",
        "Dietrich",
        "Ebert",
        "Fuchs",
        "Gerber",
        "Hartung",
        "Kowalski",
        "Lorenz",
        "Moser",
        "Neumann",
        "Reuter",
        "Seidel",
    ),
)

BENELUX = Region(
    roots=(
        "Molenkamp",
        "Zuiderhaven",
        "Oosterlaan",
        "Duinzicht",
        "Rietveld",
        "Korenmaat",
        "Westerdijk",
        "Havenaar",
        "Lindelaar",
        "Populier",
        "Sterrebos",
        "Vlietland",
        "Maasoever",
        "Wilgenhof",
    ),
    trades=(
        ("Logistiek", _TRANSPORT, 1.25),
        ("Transport", _TRANSPORT, 0.9),
        ("Groothandel", _TRADE, 1.0),
        ("Retail", _TRADE, 1.1),
        ("Machines", _MAKING, 1.0),
        ("Bloemen", _TRADE, 0.8),
        ("Foods", _FOOD, 0.8),
        ("Medical", _HEALTH, 1.3),
    ),
    forms={"NL": ("B.V.", "N.V."), "BE": ("BV", "NV")},
    places=(
        Place("NL", "Rotterdam", "3011 AA", "+31 10 200 0{:03d}"),
        Place("NL", "Venlo", "5911 AB", "+31 77 300 0{:03d}"),
        Place("NL", "Tilburg", "5038 AC", "+31 13 500 0{:03d}"),
        Place("NL", "Utrecht", "3511 AD", "+31 30 200 0{:03d}"),
        Place("BE", "Antwerpen", "2000", "+32 3 200 0{:03d}"),
        Place("BE", "Gent", "9000", "+32 9 200 0{:03d}"),
    ),
    streets=("Havenweg {}", "Industrieweg {}", "Stationslaan {}", "Kade {}"),
    first_names=(
        "Anouk",
        "Bas",
        "Daan",
        "Els",
        "Femke",
        "Gijs",
        "Hanne",
        "Joris",
        "Karim",
        "Lotte",
        "Maarten",
        "Nele",
        "Pieter",
        "Sofie",
        "Wout",
        "Yasmin",
    ),
    last_names=(
        "Aerts",
        "Bakker",
        "Claes",
        "Dekker",
        "Evers",
        "Goossens",
        "Hendriks",
        "Jacobs",
        "Kuipers",
        "Maes",
        "Peeters",
        "Smit",
        "Vermeer",
        "Wouters",
    ),
)

UK = Region(
    roots=(
        "Harrowgate",
        "Pennfold",
        "Ashcombe",
        "Brackwell",
        "Coldharbour",
        "Dunmere",
        "Elmstead",
        "Fairholt",
        "Glenavon",
        "Hexworth",
        "Kilbrannan",
        "Larkhall",
        "Moorside",
        "Wyndham Cross",
    ),
    trades=(
        ("Logistics", _TRANSPORT, 1.25),
        ("Haulage", _TRANSPORT, 0.85),
        ("Wholesale", _TRADE, 1.0),
        ("Retail", _TRADE, 1.2),
        ("Engineering", _MAKING, 1.0),
        ("Provisions", _FOOD, 0.75),
        ("Healthcare", _HEALTH, 1.3),
        ("Power", _ENERGY, 0.9),
    ),
    forms={"GB": ("Ltd", "plc"), "IE": ("Ltd",)},
    places=(
        Place("GB", "Manchester", "M1 1AE", "+44 161 496 0{:03d}"),
        Place("GB", "Birmingham", "B1 1BB", "+44 121 496 0{:03d}"),
        Place("GB", "Leeds", "LS1 4AP", "+44 113 496 0{:03d}"),
        Place("GB", "Glasgow", "G1 1XQ", "+44 141 496 0{:03d}"),
        Place("IE", "Dublin", "D01 F5P2", "+353 1 600 0{:03d}"),
        Place("IE", "Cork", "T12 W8KP", "+353 21 600 0{:03d}"),
    ),
    streets=("{} Dock Road", "{} Canal Street", "Unit {}, Mill Park", "{} Station Way"),
    first_names=(
        "Aisha",
        "Ben",
        "Catherine",
        "Declan",
        "Emma",
        "Gareth",
        "Hannah",
        "Imran",
        "Jack",
        "Kate",
        "Liam",
        "Maeve",
        "Nathan",
        "Orla",
        "Rhys",
        "Sophie",
    ),
    last_names=(
        "Ahmed",
        "Barker",
        "Collins",
        "Doyle",
        "Edwards",
        "Fletcher",
        "Grant",
        "Hussain",
        "Kelly",
        "Lawson",
        "Murphy",
        "Parsons",
        "Reid",
        "Walsh",
    ),
)
REGIONS = {"team_dach": DACH, "team_benelux": BENELUX, "team_uk": UK}
#: Letters that a domain name is not given here.
PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", " ": ""})
