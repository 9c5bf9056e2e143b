from . import test_mailing_touch
from . import test_mailing_machine
from . import test_mailing_limits
from . import test_mailing_bounce
from . import test_mailing_count
