from . import crm_stage_check
from . import crm_stale_proposal
from . import crm_stage_bundle_export
from . import crm_stage_process_chooser
from . import crm_stage_rule_trial
from . import crm_stage_rule_trial_line
from . import crm_stage_rule_trial_case
from . import crm_stage_approval_decision
