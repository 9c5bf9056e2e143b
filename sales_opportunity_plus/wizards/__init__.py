from . import crm_stage_check
from . import crm_stale_proposal
