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
