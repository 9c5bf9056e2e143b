from . import crm_stage_bundle_export
from . import crm_stage_process_chooser
