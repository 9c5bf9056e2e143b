"""The firm's fixed parts: what it is, sells, and where its business comes from.

Lumenfeld Automation builds and services equipment for warehouses. It is invented,
and so is everybody in it.
"""

from .shape import Company, LostReason, Solution, Stage, Team
from .shape_source import Source

COMPANIES = (
    Company(
        "company_de",
        "Lumenfeld Automation GmbH",
        "DE",
        "EUR",
        "Hamburg",
        "info@lumenfeld.example",
    ),
    Company(
        "company_uk",
        "Lumenfeld Automation Ltd",
        "GB",
        "GBP",
        "Manchester",
        "info@lumenfeld-uk.example",
    ),
)
TEAMS = (
    Team("team_dach", "DACH", "company_de", 0.42),
    Team("team_benelux", "Benelux", "company_de", 0.28),
    Team("team_uk", "UK & Ireland", "company_uk", 0.30),
)

#: In the order of the pipeline; the first, second, third and last are Odoo's own.
STAGES = (
    Stage("new", "crm.stage_lead1", "New", 1, 0, 10, "pipeline", 6),
    Stage("qualified", "crm.stage_lead2", "Qualified", 2, 0, 25, "pipeline", 17),
    Stage("proposition", "crm.stage_lead3", "Proposition", 3, 0, 45, "best_case", 23),
    Stage(
        "negotiation",
        None,
        "Negotiation",
        20,
        3,
        65,
        "most_likely",
        17,
        30,
        "The customer named a budget and a buyer, and asked for terms.",
    ),
    Stage(
        "contract",
        None,
        "Contract",
        30,
        4,
        85,
        "commit",
        8,
        21,
        "Price and scope are agreed; the contract is with the customer.",
    ),
    Stage("won", "crm.stage_lead4", "Won", 70, 0, 100, "closed", 0),
)

MONTHLY = "crm.crm_recurring_plan_monthly"
YEARLY = "crm.crm_recurring_plan_yearly"
SOLUTIONS = (
    Solution(
        "tag_conveyor",
        "Conveyor systems",
        1,
        0.24,
        92_000,
        0.2,
        YEARLY,
        0.05,
        ("Conveyor line", "Sorting line", "Pallet conveyor", "Roller line extension"),
    ),
    Solution(
        "tag_robots",
        "Mobile robots",
        2,
        0.20,
        68_000,
        0.35,
        MONTHLY,
        0.012,
        ("Robot fleet", "Robot pilot", "Goods-to-person cell", "Pallet shuttles"),
    ),
    Solution(
        "tag_software",
        "Warehouse software",
        4,
        0.22,
        21_000,
        0.85,
        MONTHLY,
        0.045,
        ("Warehouse control", "Picking software", "Yard management", "Slotting module"),
    ),
    Solution(
        "tag_service",
        "Service contract",
        8,
        0.16,
        6_500,
        0.9,
        YEARLY,
        0.9,
        ("Maintenance", "Spare parts agreement", "24/7 support", "Remote monitoring"),
    ),
    Solution(
        "tag_retrofit",
        "Retrofit",
        10,
        0.18,
        38_000,
        0.1,
        YEARLY,
        0.08,
        ("Control retrofit", "Drive replacement", "Safety upgrade", "Scanner retrofit"),
    ),
)

SOURCES = (
    Source(
        "source_existing",
        "Existing customer",
        None,
        "utm.utm_medium_direct",
        0.17,
        0.47,
        0.0,
    ),
    Source(
        "source_referral",
        "Referral",
        "utm.utm_source_referral",
        "utm.utm_medium_direct",
        0.12,
        0.40,
        0.1,
    ),
    Source(
        "source_partner",
        "Partner network",
        None,
        "utm.utm_medium_email",
        0.10,
        0.33,
        0.1,
    ),
    Source(
        "source_fair",
        "Trade fair",
        None,
        "utm.utm_medium_direct",
        0.14,
        0.25,
        0.3,
    ),
    Source(
        "source_search",
        "Search engine",
        "utm.utm_source_search_engine",
        "utm.utm_medium_website",
        0.18,
        0.20,
        0.4,
    ),
    Source(
        "source_newsletter",
        "Newsletter",
        "utm.utm_source_newsletter",
        "utm.utm_medium_email",
        0.09,
        0.21,
        0.35,
    ),
    Source(
        "source_linkedin",
        "LinkedIn",
        "utm.utm_source_linkedin",
        "utm.utm_medium_linkedin",
        0.08,
        0.13,
        0.35,
    ),
    Source(
        "source_outbound",
        "Outbound calls",
        None,
        "utm.utm_medium_phone",
        0.12,
        0.09,
        0.0,
    ),
)

LOST_REASONS = (
    LostReason("lost_price", "Too expensive", "crm.lost_reason_1", 0.26),
    LostReason("lost_competitor", "Lost to a competitor", None, 0.25),
    LostReason("lost_no_decision", "No decision", None, 0.22),
    LostReason("lost_budget", "Budget cut", None, 0.14),
    LostReason("lost_timing", "Bad timing", None, 0.13),
)
#: Where deals are lost, by stage.
LOST_AT = {
    "new": 0.20,
    "qualified": 0.31,
    "proposition": 0.30,
    "negotiation": 0.14,
    "contract": 0.05,
}
SLIP_REASONS = (
    "The budget round moved to the next quarter",
    "The board meets later than planned",
    "Waiting for the site survey",
    "The customer asked for another reference visit",
    "The buyer changed",
    "Legal still reviews the terms",
)
