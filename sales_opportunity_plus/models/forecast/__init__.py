from . import crm_stage
from . import crm_lead
from . import res_config_settings
