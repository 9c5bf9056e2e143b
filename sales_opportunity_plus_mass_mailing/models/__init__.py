from . import res_partner
from . import mailing_trace
from . import link_tracker_click
from . import mailing_mailing
from . import crm_touchpoint
from . import mailing_mailing_touch
