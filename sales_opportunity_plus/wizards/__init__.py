from . import crm_stage_approval_decision
