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
