from . import crm_demo_company
from . import demo_people
from . import demo_customer
from . import demo_deal
from . import demo_history
from . import demo_forecast
from . import demo_agenda
from . import demo_process
