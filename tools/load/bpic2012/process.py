"""How the log is read as a sales process (after the SOURCE.txt of the data set).

Stage moves and outcomes are A_ and O_ events with the transition COMPLETE, in the
order of their times; events of the same instant keep the order of the file, so that
a stage that was left in the instant it was entered is a stay of no length. A repeated
stage event (the customer answers twice) does not leave the stage: the stay goes on.
The first outcome counts; what follows it is no move any more.
"""

from typing import NamedTuple


class StageOfLog(NamedTuple):
    key: str
    name: str
    sequence: str
    forecast_category: str


PREFIX = "bpic2012"
STAGES = {
    "A_SUBMITTED": StageOfLog(f"{PREFIX}.submitted", "Submitted", "11", "pipeline"),
    "A_PREACCEPTED": StageOfLog(
        f"{PREFIX}.preaccepted", "Preaccepted", "12", "pipeline"
    ),
    "A_ACCEPTED": StageOfLog(f"{PREFIX}.accepted", "Accepted", "13", "best_case"),
    "A_FINALIZED": StageOfLog(f"{PREFIX}.offer", "Offer Made", "14", "most_likely"),
    "O_SENT_BACK": StageOfLog(
        f"{PREFIX}.answered", "Customer Answered", "15", "commit"
    ),
}
WON_STAGE = "crm.stage_lead4"
WON = {"A_APPROVED", "A_REGISTERED", "A_ACTIVATED"}
LOST = {
    "A_DECLINED": (f"{PREFIX}.declined", "Declined"),
    "A_CANCELLED": (f"{PREFIX}.cancelled", "Cancelled by the customer"),
}
MOVES = {*STAGES, *WON, *LOST}
CALLS = {
    "W_Nabellen offertes": "following up the offer",
    "W_Completeren aanvraag": "completing the application",
}
# Whoever works mostly on these belongs to the team.
TEAMS = {
    "W_Completeren aanvraag": "Applications",
    "W_Afhandelen leads": "Applications",
    "W_Nabellen offertes": "Offers",
    "W_Nabellen incomplete dossiers": "Offers",
    "W_Valideren aanvraag": "Assessment",
    "W_Beoordelen fraude": "Assessment",
}
OTHER_TEAM = "Applications"
# Of these the reading makes no use; any other name is a fault of the row.
OTHER_ACTIVITIES = {
    *("A_PARTLYSUBMITTED", "O_SELECTED", "O_CREATED", "O_SENT"),
    *("O_ACCEPTED", "O_CANCELLED", "O_DECLINED"),
    *("W_Afhandelen leads", "W_Nabellen incomplete dossiers"),
    *("W_Valideren aanvraag", "W_Beoordelen fraude", "W_Wijzigen contractgegevens"),
}
TRANSITIONS = {"SCHEDULE", "START", "COMPLETE"}
