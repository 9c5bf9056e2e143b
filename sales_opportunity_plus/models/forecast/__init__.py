from . import crm_stage
from . import crm_lead
from . import crm_lead_merge
from . import res_config_settings
