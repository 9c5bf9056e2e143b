"""Selection values that several models share; their order is the one shown."""

LEAD_TYPES = [("lead", "Lead"), ("opportunity", "Opportunity")]

STATUSES = [
    ("open", "Open"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("archived", "Archived"),
]

MOVES = [
    ("created", "Created"),
    ("converted", "Converted to opportunity"),
    ("forward", "Forward"),
    ("skip", "Skipped stages"),
    ("backward", "Backward"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("reopened", "Reopened"),
    ("archived", "Archived"),
    ("team_change", "Team change"),
]

#: What the rules decide about: moves, and what is done to one that stays.
DECIDED_MOVES = [*MOVES, ("postponed", "Passed closing moved on")]

ORIGINS = [
    ("live", "Recorded"),
    ("reconstructed", "Reconstructed at installation"),
    ("imported", "Imported"),
]

FORECAST_CATEGORIES = [
    ("omitted", "Omitted"),
    ("pipeline", "Pipeline"),
    ("best_case", "Best Case"),
    ("most_likely", "Most Likely"),
    ("commit", "Commit"),
    ("closed", "Closed"),
]

PROBABILITY_SOURCES = [
    ("manual", "By hand"),
    ("history", "History"),
    ("stage", "Stage"),
    ("odoo", "Odoo"),
]

MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]

RATE_POLICIES = [
    ("day", "Rate of the day"),
    ("budget", "Fixed rates of the budget"),
]

PERIOD_KINDS = [
    ("week", "Week"),
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("year", "Year"),
]

FORECAST_MEASURES = [
    ("revenue", "Revenue"),
    ("mrr", "Recurring revenue (MRR)"),
    ("count", "Number of opportunities"),
    ("new_business", "Revenue of new customers"),
]

#: Those of which the pipeline history knows what came.
STATEMENT_MEASURES = FORECAST_MEASURES[:3]

STATEMENT_METHODS = [
    ("weighted", "Weighted"),
    ("odoo", "Odoo's probability alone"),
    ("stage", "Stage's probability alone"),
    ("history", "History's probability alone"),
    ("adjusted", "Weighted, with adjustments"),
    ("projection", "Projection"),
    ("uncorrected", "Projection without its correction"),
    ("call", "Last call"),
    ("commit", "Commit"),
    ("best_case", "Best Case"),
    ("naive_last", "As a year before"),
    ("naive_run_rate", "Run rate"),
]

OUTCOMES = [
    ("won", "Won in the period"),
    ("later", "Won later"),
    ("open", "Still open"),
    ("lost", "Lost, archived or deleted"),
]

TARGET_LEVELS = [
    ("company", "Company"),
    ("team", "Sales team"),
    ("person", "Salesperson"),
]

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]

RULE_MOVES = [
    ("stage", "Any change of stage"),
    ("created", "Created in the stage"),
    ("forward", "Forward (skipping and winning too)"),
    ("skip", "Skipping stages"),
    ("backward", "Backward"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("reopened", "Reopened"),
    ("archived", "Archived"),
    ("any", "Anything, losing and archiving too"),
]

SEVERITIES = [
    ("block", "Block"),
    ("warn", "Warn"),
    ("log", "Only log"),
]

DECISION_RESULTS = [
    ("passed", "Passed"),
    ("logged", "Only logged"),
    ("warned", "Warned and confirmed"),
    ("unconfirmed", "Warned, not confirmed"),
    ("bypassed", "Bypassed"),
    ("blocked", "Blocked"),
]

LIMIT_UNITS = [("hours", "Working hours"), ("days", "Calendar days")]

LIMIT_CLOCKS = [
    ("stage", "Time in the stage"),
    ("activity", "Time since the last done activity"),
    ("reply", "Time since the last customer reply"),
]

LIMIT_ACTIONS = [
    ("activity_owner", "Activity for the salesperson"),
    ("activity_leader", "Activity for the team leader"),
    ("mail", "Send an email template"),
    ("server_action", "Run a server action"),
    ("record", "Only record it"),
]

BREACH_RESULTS = [
    ("waiting", "To do"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("skipped", "Moved on before"),
    ("quiet", "Before the limit was set up"),
]

LIMIT_STATES = [("ok", "In time"), ("soon", "Soon over time"), ("late", "Over time")]

TOUCH_CONSENTS = [
    ("consent", "Consent"),
    ("contract", "Contract"),
    ("interest", "Legitimate interest"),
    ("none", "No basis recorded"),
]

TOUCH_MATCHES = [
    ("given", "Named by the sender"),
    ("external_key", "Same external key"),
    ("email", "Same email address"),
    ("phone", "Same phone number"),
    ("contact", "Open opportunity of the contact"),
    ("created", "Created for it"),
    ("adopted", "Earlier touch of the contact"),
    ("none", "No opportunity found"),
]

ATTRIBUTION_SHAPES = [
    ("first", "First touch"),
    ("last", "Last touch"),
    ("last_non_direct", "Last non-direct touch"),
    ("linear", "Linear"),
    ("decay", "Time decay"),
    ("position", "By position and milestone"),
    ("markov", "Data-driven: Markov chain"),
    ("shapley", "Data-driven: Shapley value"),
]

CHANNEL_LEVELS = [
    ("campaign", "Campaign"),
    ("medium", "Medium"),
    ("source", "Source"),
    ("combination", "Campaign, medium and source together"),
    ("kind", "Kind of touch"),
]

WEBHOOK_EVENTS = [
    ("created", "Opportunity created"),
    ("converted", "Lead converted"),
    ("stage_moved", "Stage moved"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("reopened", "Reopened"),
    ("rule_blocked", "Held back by a rule"),
    ("test", "Test"),
]

DELIVERY_STATES = [
    ("waiting", "Waiting"),
    ("failed", "Failed, to be retried"),
    ("sent", "Sent"),
    ("dead", "Given up"),
    ("dropped", "Dismissed"),
]

ATTRIBUTION_LINES = [
    ("credit", "Credit of a touch"),
    ("unattributed", "Unattributed"),
    ("cost", "Cost"),
]

DISAGREEMENT_LEVELS = [
    ("campaign", "Campaigns"),
    ("medium", "Mediums"),
    ("source", "Sources"),
]
