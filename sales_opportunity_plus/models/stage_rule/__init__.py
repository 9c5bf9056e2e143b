from . import crm_stage
from . import crm_stage_history
from . import crm_stage_history_past
from . import crm_lead
from . import crm_lead_stage_find
