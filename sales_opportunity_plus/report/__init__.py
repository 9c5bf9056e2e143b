from . import crm_stage_history_report
from . import crm_forecast_report
from . import crm_stage_decision_report
from . import crm_stage_rule_report
from . import crm_stage_breach_report
