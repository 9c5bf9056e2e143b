from . import append_only
from . import stage_rule
from . import forecast
from . import source
from . import crm_lead
from . import demo_company
