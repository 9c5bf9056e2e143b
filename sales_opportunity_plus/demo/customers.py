"""The customers: companies of three regions, with the people who buy for them."""

from itertools import product
from random import Random

from .catalogue import TEAMS
from .customer_words import FUNCTIONS, PLAIN, REGIONS, Place, Region
from .shape import Contact, Customer


def customers(seed: str, count: int) -> tuple[Customer, ...]:
    """``count`` customers, shared out over the teams as the business is."""
    made: list[Customer] = []
    for team in TEAMS:
        rng = Random(f"{seed}:customers:{team.key}")
        region = REGIONS[team.key]
        names = list(product(region.roots, region.trades))
        rng.shuffle(names)
        for root, (word, industry, size) in names[: round(count * team.share)]:
            number = len(made) + 1
            made.append(
                _customer(
                    f"customer_{number:03d}",
                    team.key,
                    team.company,
                    region,
                    f"{root} {word}",
                    industry,
                    size,
                    rng,
                )
            )
    return tuple(made)


def _customer(
    key: str,
    team: str,
    company: str,
    region: Region,
    stem: str,
    industry: str,
    size: float,
    rng: Random,
) -> Customer:
    place = rng.choice(region.places)
    domain = stem.lower().translate(PLAIN) + ".example"
    return Customer(
        key=key,
        name=f"{stem} {rng.choice(region.forms[place.country])}",
        company=company,
        team=team,
        country=place.country,
        city=place.city,
        zip=place.zip,
        street=rng.choice(region.streets).format(rng.randint(1, 120)),
        industry=industry,
        website=f"https://www.{domain}",
        email=f"info@{domain}",
        phone=_phone(place, rng),
        size=size * rng.lognormvariate(0, 0.35),
        contacts=_contacts(key, region, place, domain, rng),
    )


def _contacts(
    key: str, region: Region, place: Place, domain: str, rng: Random
) -> tuple[Contact, ...]:
    count = rng.choices((1, 2, 3), (0.35, 0.4, 0.25))[0]
    first = rng.sample(region.first_names, count)
    last = rng.sample(region.last_names, count)
    functions = rng.sample(FUNCTIONS, count)
    return tuple(
        Contact(
            key=f"{key}_contact_{number + 1}",
            name=f"{first[number]} {last[number]}",
            function=functions[number],
            email=f"{first[number]}.{last[number]}@{domain}".lower(),
            phone=_phone(place, rng),
        )
        for number in range(count)
    )


def _phone(place: Place, rng: Random) -> str:
    return place.phone.format(rng.randint(10, 99))
