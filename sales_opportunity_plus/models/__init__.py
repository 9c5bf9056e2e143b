from . import append_only
from . import lead_queue
from . import stage_rule
from . import forecast
from . import source
from . import crm_lead
from . import demo_company
